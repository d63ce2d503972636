"""Rule W15 at billing: a reversed delivery is credited once, in any order, and its money and its gate pass are dealt with."""

import pytest

from chassis.wire.errors import PreconditionFailed, Refused
from chassis.wire.ids import new_id
from contracts.billing.account import GetOrderAccount
from contracts.billing.events import BillingTaskRaised, GatePassRevoked, InvoiceCredited, ReversalConfirmed, ReversalRefused
from contracts.billing.gate_pass import GetGatePass, UseGatePass
from contracts.billing.invoice import GetInvoice
from contracts.billing.task import CompleteBillingTask, ListBillingTasks
from contracts.workshop.events import WorkOrderVoided
from tests.services.billing.acts import (
    account_of,
    at_once,
    bill,
    deposit,
    invoice_of,
    issue_pass,
    opened,
    pay,
    refund,
    settled_with_pass,
)
from tests.services.billing.orders import cny, delivered, labour, retry, reversal_requested


def test_a_reversed_delivery_is_credited_once_under_a_series_of_its_own(desk):
    visit = new_id()
    fact = delivered(labour(1, customer_pay="113.00", warranty="40.00"))
    desk.hear(fact, visit=visit)
    desk.hear(reversal_requested(fact), visit=visit, times=2)
    desk.hear(reversal_requested(fact), visit=visit, sequence=9)
    assert desk.parked() == []
    assert [(one.number, one.credited_number, one.total) for one in desk.announced(InvoiceCredited)] == [
        ("CRN-2026-000001", "INV-2026-000001", cny("-113.00")),
        ("CRN-2026-000002", "INV-2026-000002", cny("-40.00")),
    ]
    invoice = invoice_of(desk, fact)
    note = desk.ask(GetInvoice(invoice_id=invoice.credited_by))
    assert (note.credits, note.total, note.reason) == (invoice.id, cny("-113.00"), "Delivered the wrong car")
    assert invoice.total == cny("113.00")
    assert {one["correlationid"] for one in desk.envelopes()} == {visit}


def test_a_reversal_that_arrives_before_its_delivery_waits_for_it(desk):
    fact = delivered(labour(1, customer_pay="113.00"))
    desk.hear(reversal_requested(fact))
    assert [one.kind for one in desk.parked()] == ["early"]
    assert desk.announced() == []
    desk.hear(fact)
    (early,) = desk.parked()
    assert retry(desk, early)
    assert desk.parked() == []
    assert invoice_of(desk, fact).credited_by is not None


def test_the_next_revision_is_billed_again_and_stays(desk):
    first = delivered(labour(1, customer_pay="113.00"))
    second = delivered(labour(1, customer_pay="100.00"), work_order_id=first.work_order_id, revision=2)
    desk.hear(first)
    desk.hear(second)
    desk.hear(reversal_requested(first))
    account = desk.ask(GetOrderAccount(work_order_id=first.work_order_id))
    assert [(one.revision, one.state) for one in account.shares] == [(1, "reversed"), (2, "open")]
    assert invoice_of(desk, second).credited_by is None


def test_a_reversal_turns_payments_into_credit_and_revokes_the_pass(desk):
    fact, issued = settled_with_pass(desk)
    desk.hear(reversal_requested(fact), times=2)
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
    second = issue_pass(desk, fact)
    assert (second.revision, second.code != issued.code) == (2, True)
    desk.do(UseGatePass(code=second.code))


def test_a_reversal_of_a_delivery_whose_car_has_left_is_refused_and_touches_nothing(desk):
    fact, issued = settled_with_pass(desk)
    desk.do(UseGatePass(code=issued.code))
    before = account_of(desk, fact)
    desk.hear(reversal_requested(fact), times=2)
    refusal = ReversalRefused(work_order_id=fact.work_order_id, revision=1, refusal="gate_pass_used")
    assert desk.announced(ReversalRefused) == [refusal]
    after = account_of(desk, fact)
    assert (after.shares, after.credits) == (before.shares, [])
    assert [desk.announced(kind) for kind in (ReversalConfirmed, InvoiceCredited, GatePassRevoked)] == [[], [], []]
    desk.hear(reversal_requested(fact), sequence=9)  # asked again: the same answer
    assert desk.announced(ReversalRefused) == [refusal, refusal]


def test_a_confirmed_reversal_is_confirmed_once(desk):
    """Rule W15: also when the request is heard again after the inbox forgot it."""
    fact, _ = settled_with_pass(desk)
    for sequence in (2, 2, 9):
        desk.hear(reversal_requested(fact), sequence=sequence)
    assert desk.announced(ReversalConfirmed) == [ReversalConfirmed(work_order_id=fact.work_order_id, revision=1)]
    assert len(desk.announced(GatePassRevoked)) == len(desk.announced(InvoiceCredited)) == 1
    with pytest.raises(Refused, match="order_not_billed"):
        issue_pass(desk, fact)


def test_of_a_reversal_and_the_gate_at_once_exactly_one_wins(desk, database_errors):
    """Rules L5 and W15: the account's lock is the moment, whoever comes first; the loser is told.

    In the first two rounds one comes after the other, since a race may always have the same winner.
    """
    winners = set()
    for number in range(12):
        fact, issued = settled_with_pass(desk)
        acts = [
            lambda code=issued.code: desk.do(UseGatePass(code=code)),
            lambda fact=fact: desk.hear(reversal_requested(fact)),
        ]
        first, second = acts if number % 2 else acts[::-1]
        found = at_once(first, second) if number > 1 else at_once(first) + at_once(second)
        gate_pass = desk.ask(GetGatePass(work_order_id=fact.work_order_id))
        left, taken_back = bool(gate_pass.used_at), bool(gate_pass.revoked_at)
        of_order = [one.work_order_id for one in desk.announced(ReversalConfirmed)].count(fact.work_order_id)
        refused = [one.work_order_id for one in desk.announced(ReversalRefused)].count(fact.work_order_id)
        expected = (True, False, 0, 1) if left else (False, True, 1, 0)
        assert (left, taken_back, of_order, refused) == expected, found
        assert (invoice_of(desk, fact).credited_by is None) is left
        winners.add(left)
    assert (desk.parked(), database_errors) == ([], [])
    assert winners == {True, False}, "both of them win now and then"


def test_what_is_paid_as_its_delivery_is_reversed_is_the_customers_or_is_not_taken(desk, database_errors):
    """Rules L4 and W15: no money is taken for a delivery that is none, and none that was taken is lost."""
    paid_first = set()
    for number in range(12):
        fact = bill(desk, customer_pay="113.00")
        acts = [lambda fact=fact: pay(desk, fact, "113.00"), lambda fact=fact: desk.hear(reversal_requested(fact))]
        first, second = acts if number % 2 else acts[::-1]
        found = at_once(first, second) if number > 1 else at_once(first) + at_once(second)
        paid = "order_not_billed" not in found
        kept = [(one.payer, one.amount) for one in account_of(desk, fact).credits]
        assert kept == ([("customer_pay", cny("113.00"))] if paid else []), found
        assert invoice_of(desk, fact).credited_by is not None
        assert desk.announced(ReversalConfirmed)[-1].work_order_id == fact.work_order_id
        paid_first.add(paid)
    assert (desk.parked(), database_errors) == ([], [])
    assert paid_first == {True, False}, "each comes first now and then"


def test_a_deposit_on_a_void_order_is_somebodys_task(desk):
    """Rule L4: the money is the customer's, and nobody would look for it."""
    fact, other, empty = delivered(), delivered(), opened(desk, delivered())
    deposit(desk, fact, "50.00")
    refund(desk, deposit(desk, other, "20.00"), "20.00")
    for one in (fact, other, empty):
        desk.hear(WorkOrderVoided(work_order_id=one.work_order_id, reason="customer left"), times=2)
    desk.hear(WorkOrderVoided(work_order_id=fact.work_order_id, reason="customer left"))
    (task,) = desk.ask(ListBillingTasks()).items
    assert (task.kind, task.work_order_id) == ("deposit_on_void_order", fact.work_order_id)
    assert len(desk.announced(BillingTaskRaised)) == 1
    with pytest.raises(PreconditionFailed):
        desk.do(CompleteBillingTask(task_id=task.id, note="given back"), if_match=7)
    done = desk.do(CompleteBillingTask(task_id=task.id, note="given back"), if_match=task.version)
    assert (done.completed_by, done.note) == ("wang", "given back")
    with pytest.raises(Refused, match="task_completed"):
        desk.do(CompleteBillingTask(task_id=task.id, note="again"))
    assert desk.ask(ListBillingTasks()).items == []
    assert len(desk.ask(ListBillingTasks(completed=True)).items) == 1
