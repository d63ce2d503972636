"""Rule L4 at billing: customer credit pays another order of the same customer, is seen where it lies, and is used once."""

import pytest

from chassis.wire.errors import Invalid, NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.billing.account import ListPayments
from contracts.billing.events import CreditApplied, CreditTransferred, PaymentReceived
from contracts.billing.receivable import ListCustomerCredits
from tests.services.billing.acts import account_of, at_once, bill, pay, refund
from tests.services.billing.orders import cny, delivered, labour, reversal_requested


def orders_of_one_customer(desk, *totals):
    facts = [bill(desk, customer_pay=totals[0])]
    facts += [bill(desk, fact=delivered(labour(1, customer_pay=one), customer=facts[0].customer)) for one in totals[1:]]
    return facts


def with_credit(desk, fact):
    """The order's customer paid 113.00 and the delivery was reversed."""
    payment = pay(desk, fact, "113.00")
    desk.hear(reversal_requested(fact))
    return payment


def use(desk, fact, source, amount, **more):
    return pay(desk, fact, amount, method="customer_credit", credit_of=source.work_order_id, **more)


def test_it_pays_another_order_up_to_what_is_left_and_the_rest_is_refunded(desk):
    source, fact = orders_of_one_customer(desk, "113.00", "80.00")
    payment = with_credit(desk, source)
    with pytest.raises(Refused, match="overpayment"):
        use(desk, fact, source, "80.01")
    paid = use(desk, fact, source, "80.00", key="k1")
    assert use(desk, fact, source, "80.00", key="k1") == paid
    assert (paid.payment_method, paid.counterpart, paid.amount) == ("customer_credit", source.work_order_id, cny("80.00"))
    [credit] = desk.ask(ListCustomerCredits(customer_id=fact.customer.customer_id)).items
    assert (credit.work_order_id, credit.amount) == (source.work_order_id, cny("33.00"))
    with pytest.raises(Refused, match="refund_too_large"):
        refund(desk, payment, "33.01")
    refund(desk, payment, "33.00")
    assert (account_of(desk, source).credits, account_of(desk, fact).shares[0].state) == ([], "paid")
    moved = desk.ask(ListPayments(work_order_id=source.work_order_id)).items[1]
    assert (moved.kind, moved.amount, moved.of, moved.counterpart) == ("transfer", cny("-80.00"), payment.id, fact.work_order_id)
    assert len(desk.announced(PaymentReceived)) == 1, "money came once"
    assert len(desk.announced(CreditApplied)) == len(desk.announced(CreditTransferred)) == 1


def test_it_is_used_once_also_by_two_orders_at_the_same_moment(desk):
    source, *facts = orders_of_one_customer(desk, "113.00", "80.00", "80.00", "80.00")
    with_credit(desk, source)
    found = at_once(*(lambda one=one: use(desk, one, source, "60.00") for one in facts))
    assert found.count("credit_too_small") == 2
    assert [one.amount for one in account_of(desk, source).credits] == [cny("53.00")]


def test_two_orders_that_pay_one_another_at_the_same_moment_do_not_wait_for_each_other(desk, database_errors):
    first, second = orders_of_one_customer(desk, "113.00", "113.00")
    for one in (first, second):
        with_credit(desk, one)
    again = [
        bill(desk, fact=delivered(*one.lines, work_order_id=one.work_order_id, revision=2, customer=one.customer))
        for one in (first, second)
    ]
    found = at_once(
        lambda: use(desk, again[0], second, "113.00"),
        lambda: use(desk, again[1], first, "113.00"),
    )
    assert [one.amount for one in found] == [cny("113.00")] * 2
    assert database_errors == []


def test_credit_of_another_order_is_named_right(desk):
    source, fact = orders_of_one_customer(desk, "113.00", "80.00")
    with_credit(desk, source)
    for payment_method, named, error, field in (
        ("cash", source.work_order_id, Invalid, "credit_of"),
        ("customer_credit", new_id(), NotYetKnown, "credit_of"),
    ):
        with pytest.raises(error) as refusal:
            pay(desk, fact, "1.00", method=payment_method, credit_of=named)
        details = refusal.value.details
        assert field in (details.get("field"), *details.get("errors", ()))
    with pytest.raises(Refused, match="credit_of_another_customer"):
        use(desk, bill(desk, customer_pay="5.00"), source, "5.00")
    assert account_of(desk, source).credits[0].amount == cny("113.00")
