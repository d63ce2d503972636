"""Rule L4 at billing: payments, deposits and refunds, one by one and at the same moment."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid, KeyReused, NotFound, NotYetKnown, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.account import ListPayments, RecordAuthorisation, RecordPayment, RefundPayment
from contracts.billing.events import DepositApplied, DepositTaken, PaymentReceived, PaymentRefunded
from contracts.billing.gate_pass import IssueGatePass
from tests.services.billing.acts import account_of, at_once, bill, deposit, issue_pass, pay, refund
from tests.services.billing.orders import cny, delivered, labour, parked_entry


def test_a_share_is_paid_in_parts_and_each_is_announced(desk):
    fact = bill(desk, customer_pay="113.00")
    pay(desk, fact, "100.00", method="alipay", reference="A-1")
    pay(desk, fact, "13.00")
    assert [one.open_amount for one in desk.announced(PaymentReceived)] == [cny("13.00"), cny("0.00")]
    sequences = [one["sequence"] for one in desk.envelopes() if one["type"] == PaymentReceived.type]
    assert sequences == sorted(set(sequences))
    (share,) = account_of(desk, fact).shares
    assert (share.paid, share.state) == (cny("113.00"), "paid")
    payments = desk.ask(ListPayments(work_order_id=fact.work_order_id)).items
    assert [(one.amount, one.payment_method, one.received_by) for one in payments] == [
        (cny("13.00"), "cash", "wang"),
        (cny("100.00"), "alipay", "wang"),
    ]
    assert desk.ask(ListPayments(day=date(2026, 3, 1))).items == []
    assert len(desk.ask(ListPayments(day=date(2026, 3, 2), limit=1)).items) == 1


def test_the_same_provider_reference_answers_the_first_payment(desk):
    fact = bill(desk, customer_pay="113.00")
    first = pay(desk, fact, "113.00", method="wechat_pay", reference="T-1")
    assert pay(desk, fact, "113.00", method="wechat_pay", reference="T-1") == first
    assert len(desk.announced(PaymentReceived)) == 1
    assert account_of(desk, fact).shares[0].paid == cny("113.00")


def test_the_same_reference_for_something_else_is_refused(desk):
    fact, other = bill(desk, customer_pay="113.00"), bill(desk, customer_pay="113.00")
    pay(desk, fact, "13.00", method="wechat_pay", reference="T-1")
    for act in (
        lambda: pay(desk, fact, "14.00", method="wechat_pay", reference="T-1"),
        lambda: pay(desk, other, "13.00", method="wechat_pay", reference="T-1"),
        lambda: deposit(desk, delivered(), "13.00", method="wechat_pay", reference="T-1"),
    ):
        with pytest.raises(Refused, match="reference_used"):
            act()
    pay(desk, other, "13.00", method="alipay", reference="T-1")


def test_one_reference_at_the_same_moment_is_recorded_once(desk):
    fact, other = bill(desk, customer_pay="113.00"), bill(desk, customer_pay="113.00")
    orders = [fact, other, fact, other]
    found = at_once(*(lambda one=one: pay(desk, one, "13.00", method="card", reference="T-1") for one in orders))
    recorded = {one.id for one in found if one != "reference_used"}
    assert len(recorded) == 1
    assert found.count("reference_used") == 2
    assert len(desk.ask(ListPayments()).items) == 1


def test_two_cashiers_at_once_do_not_take_more_than_is_owed(desk):
    fact = bill(desk, customer_pay="113.00")
    found = at_once(*(lambda: pay(desk, fact, "60.00") for _ in range(4)))
    assert found.count("overpayment") == 3
    assert account_of(desk, fact).shares[0].paid == cny("60.00")


def test_an_idempotency_key_repeats_a_cash_payment_once(desk):
    fact = bill(desk, customer_pay="113.00")
    first = pay(desk, fact, "13.00", key="k1")
    assert pay(desk, fact, "13.00", key="k1") == first
    assert len(desk.announced(PaymentReceived)) == 1
    with pytest.raises(KeyReused):
        desk.do(IssueGatePass(work_order_id=fact.work_order_id), key="k1")


def test_a_provider_that_names_its_transactions_must_be_quoted(desk):
    fact = bill(desk, customer_pay="113.00")
    with pytest.raises(Invalid) as refusal:
        pay(desk, fact, "13.00", method="card")
    assert list(refusal.value.details["errors"]) == ["provider_reference"]
    with pytest.raises(Invalid):
        desk.do(RecordPayment(work_order_id=fact.work_order_id, payment_method="cash", amount=Money.of("5", "JPY")))


def test_an_order_whose_delivery_has_not_arrived_is_not_yet_known(desk):
    fact = delivered(labour(1, customer_pay="1.00"))
    warranty = RecordAuthorisation(work_order_id=fact.work_order_id, payer="warranty", reference="W", authorised_by="Zhao")
    for act in (lambda: pay(desk, fact, "1.00"), lambda: issue_pass(desk, fact), lambda: desk.do(warranty)):
        with pytest.raises(NotYetKnown) as refusal:
            act()
        assert refusal.value.details["field"] == "work_order_id"


def test_a_deposit_opens_the_account_and_pays_the_invoice(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    taken = deposit(desk, fact, "50.00", method="card", reference="C-1")
    assert deposit(desk, fact, "50.00", method="card", reference="C-1") == taken
    assert (taken.kind, taken.revision) == ("deposit", None)
    assert len(desk.announced(DepositTaken)) == 1
    visit = new_id()
    desk.hear(fact, visit=visit, times=2)
    assert desk.announced(DepositApplied) == [
        DepositApplied(work_order_id=fact.work_order_id, revision=1, amount=cny("50.00"), open_amount=cny("63.00"))
    ]
    assert desk.envelopes()[-1]["correlationid"] == visit
    assert account_of(desk, fact).shares[0].open == cny("63.00")
    with pytest.raises(Refused, match="order_already_billed"):
        deposit(desk, fact, "1.00")


def test_a_deposit_on_an_order_that_is_being_billed_at_that_moment_is_not_lost(desk):
    for _ in range(5):
        fact = delivered(labour(1, customer_pay="113.00"))
        at_once(lambda fact=fact: deposit(desk, fact, "50.00"), lambda fact=fact: desk.hear(fact))
        for entry in desk.parked():
            assert desk.subscriber.retry(parked_entry(entry))
        account = account_of(desk, fact)
        deposits = desk.ask(ListPayments(work_order_id=fact.work_order_id)).items
        assert account.shares[0].paid == cny("50.00" if deposits else "0.00")


def test_a_refund_goes_out_on_the_cash_side(desk):
    fact = bill(desk, customer_pay="113.00")
    payment = pay(desk, fact, "113.00", method="card", reference="C-1")
    back = refund(desk, payment, "13.00", method="card", reference="R-1")
    assert refund(desk, payment, "13.00", method="card", reference="R-1") == back
    assert (back.amount, back.of, back.reason) == (cny("-13.00"), payment.id, "mistake")
    assert [one.amount for one in desk.announced(PaymentRefunded)] == [cny("13.00")]
    with pytest.raises(Refused, match="refund_too_large"):
        refund(desk, payment, "100.01")
    with pytest.raises(NotFound):
        desk.do(RefundPayment(payment_id=new_id(), payment_method="cash", amount=cny("1.00"), reason="x"))
