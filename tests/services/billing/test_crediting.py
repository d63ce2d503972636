"""Rule W15 at billing: a reversed delivery is credited once, in any order, and its money and its gate pass are dealt with."""

import pytest

from chassis.wire.errors import PreconditionFailed, Refused
from chassis.wire.ids import new_id
from contracts.billing.account import GetOrderAccount
from contracts.billing.events import BillingTaskRaised, GatePassRevoked, InvoiceCredited
from contracts.billing.gate_pass import GetGatePass, UseGatePass
from contracts.billing.invoice import GetInvoice
from contracts.billing.task import CompleteBillingTask, ListBillingTasks
from tests.services.billing.acts import account_of, at_once, bill, invoice_of, issue_pass, pay, settled_with_pass
from tests.services.billing.orders import cny, delivered, labour, parked_entry, reversed_


def test_a_reversed_delivery_is_credited_once_under_a_series_of_its_own(desk):
    visit = new_id()
    fact = delivered(labour(1, customer_pay="113.00", warranty="40.00"))
    desk.hear(fact, visit=visit)
    desk.hear(reversed_(fact), visit=visit, times=2)
    desk.hear(reversed_(fact), visit=visit, sequence=9)
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
    desk.hear(reversed_(fact))
    assert [one.kind for one in desk.parked()] == ["early"]
    assert desk.announced() == []
    desk.hear(fact)
    (early,) = desk.parked()
    assert desk.subscriber.retry(parked_entry(early))
    assert desk.parked() == []
    assert invoice_of(desk, fact).credited_by is not None


def test_the_next_revision_is_billed_again_and_stays(desk):
    first = delivered(labour(1, customer_pay="113.00"))
    second = delivered(labour(1, customer_pay="100.00"), work_order_id=first.work_order_id, revision=2)
    desk.hear(first)
    desk.hear(second)
    desk.hear(reversed_(first))
    account = desk.ask(GetOrderAccount(work_order_id=first.work_order_id))
    assert [(one.revision, one.state) for one in account.shares] == [(1, "reversed"), (2, "open")]
    assert invoice_of(desk, second).credited_by is None


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
    second = issue_pass(desk, fact)
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
