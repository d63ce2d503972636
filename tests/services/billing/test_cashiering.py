"""Rule L4 at billing: payments, deposits and refunds, one by one and at the same moment."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid, KeyReused, NotFound, NotYetKnown, Refused, RefusedSoFar
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.account import (
    ApproveDeposit,
    ListPayments,
    RecordAuthorisation,
    RecordPayment,
    RefundPayment,
    TakeDeposit,
)
from contracts.billing.events import DepositApplied, DepositTaken, PaymentReceived, PaymentRefunded
from contracts.billing.gate_pass import IssueGatePass
from contracts.workshop.events import WorkOrderVoided
from tests.services.billing.acts import account_of, at_once, bill, deposit, issue_pass, opened, pay, refund
from tests.services.billing.orders import cny, delivered, labour, retry


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
    """Also under another spelling (Rule A4)."""
    fact = bill(desk, customer_pay="113.00")
    first = pay(desk, fact, "113.00", method="wechat_pay", reference="T-1")
    assert first.provider_reference == "T-1"
    for again in ("T-1", "ｔ 1", "t\u20111"):
        assert pay(desk, fact, "113.00", method="wechat_pay", reference=again) == first
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


def test_a_repeat_is_answered_from_its_record_though_it_would_be_refused_by_now(desk):
    fact = bill(desk, customer_pay="113.00")
    first = pay(desk, fact, "113.00", key="k1")
    assert pay(desk, fact, "113.00", key="k1") == first
    with pytest.raises(KeyReused):
        pay(desk, fact, "1.00", key="k1")
    with pytest.raises(Refused, match="overpayment"):
        pay(desk, fact, "113.00", key="k2")
    assert account_of(desk, fact).shares[0].paid == cny("113.00")


def test_repeats_at_the_same_time_are_one_payment_and_one_answer(desk):
    fact = bill(desk, customer_pay="113.00")
    first, *others = at_once(*(lambda: pay(desk, fact, "20.00", key="k1") for _ in range(4)))
    assert others == [first] * 3
    assert account_of(desk, fact).shares[0].paid == cny("20.00")


def test_a_provider_that_names_its_transactions_must_be_quoted(desk):
    fact = bill(desk, customer_pay="113.00")
    with pytest.raises(Invalid) as refusal:
        pay(desk, fact, "13.00", method="card")
    assert list(refusal.value.details["errors"]) == ["provider_reference"]
    with pytest.raises(Invalid):
        desk.do(RecordPayment(work_order_id=fact.work_order_id, payment_method="cash", amount=Money.of("5", "JPY")))


def test_before_the_delivery_that_is_what_stands_in_the_way(desk):
    """Rules L4, L5: of an order that is open here. It may be delivered this very moment, so the answer is one so far."""
    fact = delivered(labour(1, customer_pay="1.00"))
    orders = {"work_order_id": fact.work_order_id}
    acts = (
        lambda: pay(desk, fact, "1.00"),
        lambda: pay(desk, fact, "1.00", method="on_account"),
        lambda: issue_pass(desk, fact),
        lambda: desk.do(RecordAuthorisation(**orders, payer="warranty", reference="W", authorised_by="Zhao")),
        lambda: desk.do(ApproveDeposit(**orders, reason="regular customer")),
    )
    for act in acts:
        with pytest.raises(NotYetKnown) as unknown:
            act()
        assert unknown.value.details["field"] == "work_order_id"
    opened(desk, fact)
    for act in acts:
        with pytest.raises(RefusedSoFar, match="order_not_delivered"):
            act()
    desk.hear(WorkOrderVoided(work_order_id=fact.work_order_id, reason="customer left"))
    for act in acts:
        with pytest.raises(Refused, match="order_void") as final:
            act()
        assert not isinstance(final.value, RefusedSoFar)


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
            assert retry(desk, entry)
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


def test_a_refund_may_carry_the_payments_reference(desk):
    fact = bill(desk, customer_pay="113.00")
    payment = pay(desk, fact, "113.00", method="wechat_pay", reference="T-1")
    back = refund(desk, payment, "13.00", method="wechat_pay", reference="T-1")
    assert refund(desk, payment, "13.00", method="wechat_pay", reference="T-1") == back, "the same again"
    refund(desk, payment, "40.00", method="wechat_pay", reference="t 1")
    with pytest.raises(Refused, match=r"refund_too_large|reference_used"):
        refund(desk, payment, "60.01", method="wechat_pay", reference="T-1")
    assert account_of(desk, fact).shares[0].paid == cny("60.00")


def test_a_refund_does_not_carry_the_reference_of_another_payment(desk):
    """Rule L4: else that payment could not be given back under its own reference any more."""
    ours, theirs = (
        pay(desk, bill(desk, customer_pay="113.00"), "113.00", method="transfer", reference=one) for one in ("T-1", "T-2")
    )
    with pytest.raises(Refused, match="reference_used"):
        refund(desk, ours, "13.00", method="transfer", reference="t 2")
    back = refund(desk, theirs, "113.00", method="transfer", reference="T-2")
    assert (back.of, back.amount) == (theirs.id, cny("-113.00"))
    assert refund(desk, ours, "13.00", method="transfer", reference="R-1").amount == cny("-13.00")


def test_one_transfer_pays_several_orders_up_to_its_total(desk):
    """Rule L4: business keys contain their issuer, and a transfer has a total."""
    facts = [bill(desk, customer_pay="113.00") for _ in range(3)]

    def part(fact, amount, total="200.00", provider="ICBC"):
        under = {"provider": provider, "provider_reference": "7", "reference_total": cny(total) if total else None}
        return desk.do(RecordPayment(work_order_id=fact.work_order_id, payment_method="transfer", amount=cny(amount), **under))

    first = part(facts[0], "113.00")
    assert part(facts[0], "113.00") == first, "the same part again"
    with pytest.raises(Refused) as refusal:
        part(facts[1], "87.01")
    assert (refusal.value.code, refusal.value.details["left"]) == ("reference_used", {"amount": "87.00", "currency": "CNY"})
    with pytest.raises(Refused, match="reference_total_differs"):
        part(facts[1], "87.00", total="300.00")
    with pytest.raises(Invalid) as wrong:
        part(facts[1], "87.00", total="86.99", provider="BOC")
    assert list(wrong.value.details["errors"]) == ["reference_total"]
    part(facts[1], "87.00", total=None)
    part(facts[2], "113.00", total=None, provider="BOC")
    assert [account_of(desk, fact).shares[0].paid.amount for fact in facts] == [cny(a).amount for a in ("113", "87", "113")]


def test_parts_of_one_transfer_at_the_same_moment_do_not_exceed_it(desk):
    facts = [bill(desk, customer_pay="60.00") for _ in range(4)]
    total = {"provider_reference": "7", "reference_total": cny("130.00")}
    found = at_once(
        *(
            lambda fact=fact: desk.do(
                RecordPayment(work_order_id=fact.work_order_id, payment_method="transfer", amount=cny("60.00"), **total)
            )
            for fact in facts
        )
    )
    assert found.count("reference_used") == 2


def test_a_deposit_wants_an_order_that_exists_and_is_not_void(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    with pytest.raises(NotYetKnown):
        desk.do(TakeDeposit(work_order_id=new_id(), payment_method="cash", amount=cny("1.00")))
    opened(desk, fact)
    desk.hear(WorkOrderVoided(work_order_id=fact.work_order_id, reason="customer left"))
    with pytest.raises(Refused, match="order_void"):
        deposit(desk, fact, "1.00")
