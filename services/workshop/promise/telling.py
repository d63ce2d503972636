"""Telling the customer: another time, how it goes; and saying what a promise was missed for (Rules W18, W19)."""

from datetime import datetime

from chassis import Invalid, Refused, Work, new_id, set_timer
from chassis.wire.ahead import YEAR, require_ahead
from contracts.workshop import promise as contract
from contracts.workshop.progress import ReportKind
from contracts.workshop.promise import ExplainMiss, NoteWaiting, ReportProgress, RevisePromise
from services.workshop.order.moment import require_past
from services.workshop.order.offering import watch_stay
from services.workshop.order.progress_report import ProgressReport, end_reports, keep_waiting, open_reports
from services.workshop.order.promise import Promise
from services.workshop.order.promised import Telling, keep_promise, look_again, promise_of
from services.workshop.order.status import HERE, NOT_READY, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.promise.promising import work_out
from services.workshop.promise.queries import describe


def revise(work: Work, command: RevisePromise) -> contract.Promise:
    """The customer was told another time. What is told after the time had passed is kept as late; it was told after all.

    The first one, where nothing was told before. Raises Invalid for a time that is past or promised already, and for an early one
    without a reason.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    order.require(Transition.REVISE_PROMISE)
    if not order.estimate_version:
        raise Refused("nothing_promised")
    require_ahead("promised_at", command.promised_at, work.now, days=YEAR)
    if command.promised_at == order.promised_at:
        raise Invalid.field("promised_at", "must_be_another_time")
    told_at = _told_at(work, order, command.told_at)
    _, promised_at, reason = work_out(work, order, command.promised_at, command.promise_reason)
    order.promised_at = promised_at
    telling = Telling(command.told_how, told_at, command.note, command.promise_answer)
    promise = keep_promise(work, order, "revised", reason=reason, telling=telling)
    assert promise is not None, "a time was told"
    watch_stay(work, order)
    look_again(work, order)
    if open_reports(work, order) or promise.waits:
        _told(work, order, promise, telling)
    return describe(work, order)


def report(work: Work, command: ReportProgress) -> contract.Promise:
    """The customer was told everything that is due of the order; or how it goes, if nothing is.

    Not that the car is ready, before it was checked: it stays due (Rule W13).
    """
    order = work.lock_root(WorkOrder, command.work_order_id)
    if order.status not in HERE:
        raise Refused("not_in_this_status", status=order.status.value, step="report_progress")
    promise = promise_of(work, order)
    told_at = _told_at(work, order, command.told_at)
    work.change(promise)
    promise.learn(told_at)
    kinds = _told(work, order, promise, Telling(command.told_how, told_at, command.note))
    promise.report(kinds, command.told_how, by=work.actor, at=told_at)
    return describe(work, order)


def note_waiting(work: Work, command: NoteWaiting) -> contract.Promise:
    """The customer waits for the car, or does no more. Nobody waits for one that is ready, or that is none of ours any more."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.NOTE_WAITING)
    promise = promise_of(work, order)
    work.change(promise)
    promise.waits = command.waits
    end_reports(work, order, "waiting")
    if command.waits:
        keep_waiting(work, order, work.now)
    return describe(work, order)


def explain(work: Work, command: ExplainMiss) -> contract.Promise:
    """What the promise was missed for; until the delivery it may be corrected."""
    order = work.lock_root(WorkOrder, command.work_order_id)
    order.require(Transition.EXPLAIN_MISS)
    if order.promised_at is None:
        raise Refused("nothing_promised")
    promise = promise_of(work, order)
    work.change(promise)
    promise.explain(command.miss_cause, command.note, by=work.actor, at=work.now)
    return describe(work, order)


def escalate(work: Work, report_id: str) -> None:
    """Nobody has told it in time: the service manager hears of it, once."""
    known = work.get(ProgressReport, report_id)
    order = work.lock_root(WorkOrder, known.work_order_id)
    promise = promise_of(work, order)
    due = work.lock(ProgressReport, report_id)
    assert due is not None, "a report is never deleted"
    if due.ended_at is not None or due.escalated_at is not None:
        return
    if order.status not in HERE:
        due.ended_at = work.now
        return
    due.escalated_at = work.now
    work.change(promise)
    promise.miss_report(due.kind, due.due_at)


def _told(work: Work, order: WorkOrder, promise: Promise, telling: Telling) -> list[ReportKind]:
    """Everything that is due was told; who waits is told again later."""
    due = [one for one in open_reports(work, order) if one.may_be_told]
    if not due:
        asked = new_id()
        told = ProgressReport(
            id=asked,
            work_order_id=order.id,
            kind="asked",
            occasion=asked,
            occurred_at=telling.at,
            due_at=telling.at,
            order=order,
        )
        work.add(told)
        due.append(told)
    for one in due:
        one.told_at, one.told_how, one.told_by, one.note = telling.at, telling.how, work.actor, telling.note
        one.ended_at = work.now
        set_timer(work, "escalate_report", one.id, None)
    if promise.waits and order.status in NOT_READY:
        keep_waiting(work, order, telling.at)
    return [one.kind for one in due]


def _told_at(work: Work, order: WorkOrder, told_at: datetime | None) -> datetime:
    if told_at is None:
        return work.now
    require_past(work, "told_at", told_at, since=order.opened_at)
    return told_at
