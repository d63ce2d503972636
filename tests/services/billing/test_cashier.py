"""Rules L4, L5 and W15 at the door: the cashier's desk and the gate."""

from datetime import date

import eventlet
import pytest

from chassis.wire.errors import Invalid, KeyReused, NotFound, NotYetKnown, PreconditionFailed, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.account import (
    ApproveDeposit,
    GetOrderAccount,
    ListPayments,
    RecordAuthorisation,
    RecordPayment,
    RefundPayment,
    TakeDeposit,
)
from contracts.billing.events import (
    BillingTaskRaised,
    DepositApplied,
    DepositApproved,
    DepositTaken,
    GatePassIssued,
    GatePassRevoked,
    GatePassUsed,
    PaymentReceived,
    PaymentRefunded,
    ShareAuthorised,
)
from contracts.billing.gate_pass import GetGatePass, IssueGatePass, UseGatePass
from contracts.billing.task import CompleteBillingTask, ListBillingTasks
from tests.services.billing.orders import cny, delivered, labour, parked_entry, reversed_


def bill(desk, *, fact=None, **shares):
    """An order, billed: `bill(desk, customer_pay="113.00")`."""
    fact = fact or delivered(labour(1, **shares))
    desk.hear(fact)
    return fact


def pay(desk, fact, amount, *, method="cash", reference=None, payer="customer_pay", **more):
    command = RecordPayment(
        work_order_id=fact.work_order_id, payer=payer, payment_method=method, amount=cny(amount), provider_reference=reference
    )
    return desk.do(command, **more)


def deposit(desk, fact, amount, method="cash", reference=None):
    return desk.do(
        TakeDeposit(work_order_id=fact.work_order_id, payment_method=method, amount=cny(amount), provider_reference=reference)
    )


def refund(desk, payment, amount, method="cash", reference=None):
    return desk.do(
        RefundPayment(
            payment_id=payment.id, payment_method=method, amount=cny(amount), provider_reference=reference, reason="mistake"
        )
    )


def account_of(desk, fact):
    return desk.ask(GetOrderAccount(work_order_id=fact.work_order_id))


def issue(desk, fact, **more):
    return desk.do(IssueGatePass(work_order_id=fact.work_order_id), **more)


def settled_with_pass(desk):
    fact = bill(desk, customer_pay="113.00")
    pay(desk, fact, "113.00")
    return fact, issue(desk, fact)


def at_once(*acts):
    """What each of several concurrent calls answered or raised."""

    def attempt(act):
        try:
            return act()
        except Refused as refusal:
            return refusal.code

    return [thread.wait() for thread in [eventlet.spawn(attempt, act) for act in acts]]


# Payments


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


def test_an_order_whose_delivery_is_not_heard_of_yet_is_not_yet_known(desk):
    fact = delivered(labour(1, customer_pay="1.00"))
    warranty = RecordAuthorisation(work_order_id=fact.work_order_id, payer="warranty", reference="W", authorised_by="Zhao")
    for act in (lambda: pay(desk, fact, "1.00"), lambda: issue(desk, fact), lambda: desk.do(warranty)):
        with pytest.raises(NotYetKnown) as refusal:
            act()
        assert refusal.value.details["field"] == "work_order_id"


# Deposits and refunds


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


# Authorisations


def test_a_warranty_share_needs_its_authorisation_before_the_car_leaves(desk):
    fact = bill(desk, customer_pay="13.00", warranty="100.00")
    pay(desk, fact, "13.00")
    with pytest.raises(Refused) as refusal:
        issue(desk, fact)
    assert (refusal.value.code, refusal.value.details) == (
        "share_open",
        {"payer": "warranty", "open": {"amount": "100.00", "currency": "CNY"}},
    )
    account = desk.do(
        RecordAuthorisation(work_order_id=fact.work_order_id, payer="warranty", reference="CLAIM-7", authorised_by="Zhao")
    )
    assert (account.settled, account.shares[1].reference, account.shares[1].authorised_by) == (True, "CLAIM-7", "Zhao")
    assert [one.reference for one in desk.announced(ShareAuthorised)] == ["CLAIM-7"]
    assert issue(desk, fact).code


def test_the_customers_share_is_authorised_by_nobody(desk):
    with pytest.raises(Invalid):
        desk.do(RecordAuthorisation(work_order_id=new_id(), payer="customer_pay", reference="x", authorised_by="y"))


def test_the_car_may_leave_on_an_approved_deposit(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    deposit(desk, fact, "50.00")
    bill(desk, fact=fact)
    with pytest.raises(Refused, match="share_open"):
        issue(desk, fact)
    desk.do(ApproveDeposit(work_order_id=fact.work_order_id, reason="intermittent fault"))
    assert [one.open_amount for one in desk.announced(DepositApproved)] == [cny("63.00")]
    assert issue(desk, fact).code


# Gate pass


def test_a_settled_order_gets_one_pass_and_the_car_leaves_once(desk):
    fact, issued = settled_with_pass(desk)
    with pytest.raises(Refused, match="gate_pass_issued"):
        issue(desk, fact)
    assert desk.ask(GetGatePass(work_order_id=fact.work_order_id)) == issued
    assert issued.code not in str(desk.envelopes())
    used = desk.do(UseGatePass(code=issued.code), actor="gate")
    assert (used.used_by, used.version) == ("gate", 2)
    with pytest.raises(Refused, match="gate_pass_used"):
        desk.do(UseGatePass(code=issued.code))
    assert len(desk.announced(GatePassIssued)) == 1
    assert desk.announced(GatePassUsed) == [GatePassUsed(gate_pass_id=issued.id, work_order_id=fact.work_order_id, revision=1)]


def test_of_two_who_use_a_pass_at_once_one_gets_through(desk):
    _, issued = settled_with_pass(desk)
    found = at_once(*(lambda: desk.do(UseGatePass(code=issued.code)) for _ in range(4)))
    assert found.count("gate_pass_used") == 3
    assert len(desk.announced(GatePassUsed)) == 1


def test_of_two_who_issue_a_pass_at_once_one_does(desk):
    fact = bill(desk, customer_pay="0.00")
    found = at_once(*(lambda: issue(desk, fact) for _ in range(3)))
    assert found.count("gate_pass_issued") == 2


def test_a_code_is_worth_nothing_at_another_dealer(desk):
    _, issued = settled_with_pass(desk)
    for code, dealer in [(issued.code, "bj-chaoyang"), ("A" * 26, "sh-pudong")]:
        with pytest.raises(NotFound) as absent:
            desk.do(UseGatePass(code=code), dealer=dealer)
        assert absent.value.details == {"kind": "gate_pass"}


def test_a_pass_is_not_issued_for_a_reversed_delivery(desk):
    fact = bill(desk, customer_pay="0.00")
    desk.hear(reversed_(fact))
    with pytest.raises(Refused, match="order_not_billed"):
        issue(desk, fact)


def test_money_that_goes_back_closes_the_gate_again(desk):
    fact = bill(desk, customer_pay="113.00")
    payment = pay(desk, fact, "113.00")
    issued = issue(desk, fact)
    refund(desk, payment, "1.00")
    with pytest.raises(Refused, match="share_open"):
        desk.do(UseGatePass(code=issued.code))


# Reversal


def test_a_reversal_turns_payments_into_credit_and_revokes_the_pass(desk):
    fact, issued = settled_with_pass(desk)
    desk.hear(reversed_(fact), times=2)
    with pytest.raises(Refused, match="gate_pass_revoked"):
        desk.do(UseGatePass(code=issued.code))
    assert desk.announced(GatePassRevoked) == [
        GatePassRevoked(gate_pass_id=issued.id, work_order_id=fact.work_order_id, revision=1)
    ]
    assert [(one.payer, one.amount) for one in account_of(desk, fact).credits] == [("customer_pay", cny("113.00"))]
    with pytest.raises(Refused, match="order_not_billed"):
        pay(desk, fact, "1.00")
    bill(desk, fact=delivered(labour(1, customer_pay="100.00"), work_order_id=fact.work_order_id, revision=2))
    pay(desk, fact, "100.00", method="customer_credit")
    account = account_of(desk, fact)
    assert (account.settled, account.credits[0].amount) == (True, cny("13.00"))
    second = issue(desk, fact)
    assert (second.revision, second.code != issued.code) == (2, True)
    desk.do(UseGatePass(code=second.code))


def test_a_reversal_that_comes_after_the_car_has_left_is_credited_and_raises_a_task(desk):
    fact, issued = settled_with_pass(desk)
    desk.do(UseGatePass(code=issued.code))
    desk.hear(reversed_(fact), times=2)
    assert [(one.payer, one.amount) for one in account_of(desk, fact).credits] == [("customer_pay", cny("113.00"))]
    (task,) = desk.ask(ListBillingTasks()).items
    assert (task.kind, task.work_order_id, task.revision) == ("reversed_after_gate_pass", fact.work_order_id, 1)
    assert len(desk.announced(BillingTaskRaised)) == 1
    assert desk.announced(GatePassRevoked) == []
    with pytest.raises(PreconditionFailed):
        desk.do(CompleteBillingTask(task_id=task.id, note="called the customer"), if_match=7)
    done = desk.do(CompleteBillingTask(task_id=task.id, note="called the customer"), if_match=task.version)
    assert (done.completed_by, done.note) == ("wang", "called the customer")
    with pytest.raises(Refused, match="task_completed"):
        desk.do(CompleteBillingTask(task_id=task.id, note="again"))
    assert desk.ask(ListBillingTasks()).items == []
    assert len(desk.ask(ListBillingTasks(completed=True)).items) == 1


def test_a_reversal_and_the_gate_at_once_leave_a_revoked_pass_or_a_task(desk):
    for _ in range(4):
        fact, issued = settled_with_pass(desk)
        use = UseGatePass(code=issued.code)
        found = at_once(lambda use=use: desk.do(use), lambda fact=fact: desk.hear(reversed_(fact)))
        tasks = [one for one in desk.ask(ListBillingTasks()).items if one.work_order_id == fact.work_order_id]
        gate_pass = desk.ask(GetGatePass(work_order_id=fact.work_order_id))
        refused = found[0] in ("gate_pass_revoked", "order_not_billed")
        expected = (True, 0, False) if refused else (False, 1, True)
        assert (bool(gate_pass.revoked_at), len(tasks), bool(gate_pass.used_at)) == expected
    assert desk.parked() == []
