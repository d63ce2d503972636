"""Rule L4 at billing: what is owed on account, within the limit that was approved for the customer."""

import pytest

from chassis.wire.errors import NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.billing.credit_limit import ApproveCreditLimit, GetCreditLimit
from contracts.billing.receivable import ListReceivables
from tests.services.billing.acts import account_of, at_once, bill, grant, issue_pass, pay, refund
from tests.services.billing.orders import cny, delivered, labour


def test_on_account_is_owed_within_the_customers_approved_limit(desk):
    fact = bill(desk, customer_pay="239.20")
    pay(desk, fact, "100.00")
    with pytest.raises(Refused, match="no_credit_limit"):
        pay(desk, fact, "139.20", method="on_account")
    grant(desk, fact, "139.19")
    with pytest.raises(Refused) as refusal:
        pay(desk, fact, "139.20", method="on_account")
    assert (refusal.value.code, refusal.value.details["limit"]["amount"]) == ("credit_limit_exceeded", "139.19")
    pay(desk, fact, "60.00", method="on_account")
    with pytest.raises(Refused) as beyond:
        pay(desk, fact, "79.20", method="on_account")
    assert beyond.value.details["would_owe"]["amount"] == "139.20"  # the sentence says what would be owed, not what is
    grant(desk, fact, "150.00")
    pay(desk, fact, "79.20", method="on_account")
    (share,) = account_of(desk, fact).shares
    assert (share.paid, share.on_account, share.open, share.state) == (cny("100.00"), cny("139.20"), cny("0.00"), "on_account")
    issued = issue_pass(desk, fact)
    assert (issued.paid, issued.owed) == (cny("100.00"), cny("139.20"))
    limit = desk.ask(GetCreditLimit(customer_id=fact.customer.customer_id))
    assert (limit.on_account, limit.limit) == (cny("139.20"), cny("150.00"))
    assert [(one.limit, one.approved_by) for one in limit.history] == [(cny("139.19"), "boss"), (cny("150.00"), "boss")]
    [owing] = desk.ask(ListReceivables(customer_id=fact.customer.customer_id)).items
    assert (owing.customer_name, owing.plate, owing.work_order_number, owing.on_account) == (
        "Li Lei",
        fact.vehicle.plate,
        fact.number,
        cny("139.20"),
    )
    pay(desk, fact, "139.20", method="transfer", reference="B-1")
    assert account_of(desk, fact).shares[0].state == "paid"
    assert desk.ask(GetCreditLimit(customer_id=fact.customer.customer_id)).on_account == cny("0.00")
    assert desk.ask(ListReceivables()).items == []


def test_two_orders_at_once_do_not_use_the_same_room(desk):
    fact = bill(desk, customer_pay="60.00")
    more = [bill(desk, fact=delivered(labour(1, customer_pay="60.00"), customer=fact.customer)) for _ in range(3)]
    grant(desk, fact, "130.00")
    found = at_once(*(lambda one=one: pay(desk, one, "60.00", method="on_account") for one in (fact, *more)))
    assert found.count("credit_limit_exceeded") == 2


def test_a_refund_does_not_bring_back_more_on_account_than_is_approved(desk):
    """Rule L4: what money had paid off is on account again when that is given back, and the limit holds for it, too."""
    first = bill(desk, customer_pay="60.00")
    grant(desk, first, "100.00")
    pay(desk, first, "60.00", method="on_account")
    paid = pay(desk, first, "60.00")
    second = bill(desk, fact=delivered(labour(1, customer_pay="70.00"), customer=first.customer))
    pay(desk, second, "70.00", method="on_account")
    with pytest.raises(Refused, match="credit_limit_exceeded") as refusal:
        refund(desk, paid, "30.01")
    assert refusal.value.details["would_owe"]["amount"] == "100.01"
    assert account_of(desk, first).shares[0].state == "paid", "nothing was given back"
    refund(desk, paid, "30.00")
    assert account_of(desk, first).shares[0].on_account == cny("30.00")
    with pytest.raises(Refused, match="credit_limit_exceeded"):
        refund(desk, paid, "30.00")
    grant(desk, first, "130.00")
    refund(desk, paid, "30.00")
    assert desk.ask(GetCreditLimit(customer_id=first.customer.customer_id)).on_account == cny("130.00")


def test_refunds_at_once_do_not_use_the_same_room(desk):
    orders = [bill(desk, customer_pay="60.00")]
    orders += [bill(desk, fact=delivered(labour(1, customer_pay="60.00"), customer=orders[0].customer)) for _ in range(2)]
    grant(desk, orders[0], "180.00")
    paid = []
    for one in orders:
        pay(desk, one, "60.00", method="on_account")
        paid.append(pay(desk, one, "60.00"))
    grant(desk, orders[0], "60.00")
    found = at_once(*(lambda one=one: refund(desk, one, "60.00") for one in paid))
    assert found.count("credit_limit_exceeded") == 2


def test_a_warranty_share_is_not_put_on_the_customers_account(desk):
    fact = bill(desk, warranty="60.00")
    grant(desk, fact, "100.00")
    with pytest.raises(Refused, match="on_account_is_the_customers"):
        pay(desk, fact, "60.00", method="on_account", payer="warranty")


def test_a_limit_wants_a_customer_who_exists(desk):
    with pytest.raises(NotYetKnown):
        desk.do(ApproveCreditLimit(customer_id=new_id(), limit=cny("1.00"), reason="fleet"))
