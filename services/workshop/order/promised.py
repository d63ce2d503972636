"""Keeping what was promised, and having it looked at (Rules W6, W10, W18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select

from chassis import DEALER, Work, derived_id, set_timer
from contracts.workshop.progress import ToldHow
from contracts.workshop.promise import PromiseAnswer, PromiseMoved
from services.workshop.order.progress_report import end_reports, keep_waiting
from services.workshop.order.promise import Promise, PromiseRevision
from services.workshop.order.status import NOT_READY
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment

MISSED_UNEXPLAINED = select(Promise.id).where(
    Promise.dealer_id == DEALER,
    Promise.id == bindparam("work_order_id"),
    Promise.ready_at > Promise.baseline_at,
    Promise.cause.is_(None),
)
"""The promise of an order whose car was ready late, while nobody has said why."""


DELIVERY_OVERTAKEN = and_(
    WorkOrder.status.in_(NOT_READY), WorkOrder.delivery_at.is_not(None), WorkOrder.delivery_at < WorkOrder.promised_at
)
"""Of a query: the customer comes for a car before it is promised to be ready (Rule W13)."""


def delivery_overtaken(order: WorkOrder | Row[Any]) -> bool:
    """The same of this one; a car that is ready is waited for by nobody."""
    if order.status not in NOT_READY or order.delivery_at is None or order.promised_at is None:
        return False
    return bool(order.delivery_at < order.promised_at)


@dataclass(frozen=True)
class Telling:
    """How and when the customer was told; another time, what they said of it."""

    how: ToldHow
    at: datetime
    note: str | None = None
    answer: PromiseAnswer | None = None


def keep_promise(
    work: Work, order: WorkOrder, moved_by: PromiseMoved, *, reason: str | None = None, telling: Telling | None = None
) -> Promise | None:
    """The order's promised time is what it is now. Written down, if it is another one than before, or was told; None if not.

    What the customer was not told is no time before it (Rule W18).
    """
    promise = promise_of(work, order)
    if promise.promised_at == order.promised_at and telling is None:
        return None
    work.change(promise)
    if promise.told_at is None:
        promise.forget()
        end_reports(work, order, "delayed")
    previous, late = promise.promised_at, None
    if order.promised_at is None:
        return None
    promise.move(order.promised_at, moved_by)
    if telling is not None and telling.answer is not None:
        late = promise.tell(previous, telling.how, telling.answer, at=telling.at)
    revision = PromiseRevision(
        id=derived_id("promise_revision", order.id, promise.revisions),
        work_order_id=order.id,
        revision_number=promise.revisions,
        moved_by=moved_by,
        promised_at=order.promised_at,
        previous_at=previous,
        estimate_version=order.estimate_version if moved_by != "revised" else None,
        reason=reason,
        told_how=None if telling is None else telling.how,
        told_at=None if telling is None else telling.at,
        told_late=late,
        answer=None if telling is None else telling.answer,
        note=None if telling is None else telling.note,
        recorded_by=work.actor,
        recorded_at=work.now,
    )
    work.add(revision)
    if telling is not None:
        promise.learn(telling.at)
    return promise


def revisions_of(work: Work, order: WorkOrder) -> list[PromiseRevision]:
    """Every time that its customer was promised, the first one first. The newest without one before it is the first: what came
    before that was put in its place before anybody had told them (Rule W18)."""
    if order.promised_at is None:
        return []
    found = select(PromiseRevision).where(PromiseRevision.work_order_id == order.id).order_by(PromiseRevision.revision_number)
    revisions = work.all(found)
    first = max((one.revision_number for one in revisions if one.previous_at is None), default=1)
    return [one for one in revisions if one.revision_number >= first]


def was_revised(work: Work, order: WorkOrder) -> bool:
    """Somebody told the customer the time that holds now."""
    revisions = revisions_of(work, order)
    return bool(revisions) and revisions[-1].moved_by == "revised"


def learn_promise(work: Work, order: WorkOrder) -> None:
    """The customer of an order that is locked is shown what is promised, or decided on it."""
    promise = work.lock(Promise, order.id)
    if promise is not None and promise.promised_at is not None and promise.told_at is None:
        work.change(promise)
        promise.learn(work.now)


def promise_of(work: Work, order: WorkOrder) -> Promise:
    """The order's, of an order that is locked; there from now on, if it was not: what was promised so far is nothing."""
    promise = work.lock(Promise, order.id)
    if promise is None:
        waits = _waits(work, order)
        promise = Promise(id=order.id, visit_id=order.visit_id, revisions=0, waits=waits, order=order)
        work.add(promise)
        if waits:
            keep_waiting(work, order, work.now)
    return promise


def begin_waiting(work: Work, order: WorkOrder) -> None:
    """Who said at the booking that they wait is told how it goes from the opening on, whether or not a time is promised then."""
    if _waits(work, order):
        promise_of(work, order)


def _waits(work: Work, order: WorkOrder) -> bool:
    """Whether who booked said that they wait for the car."""
    booked = None if order.appointment_id is None else work.find(FollowedAppointment, order.appointment_id)
    return booked is not None and booked.appointment.waiting


def look_again(work: Work, order: WorkOrder, at: datetime | None = None) -> None:
    """Something has changed that the order's promise depends on: whether it fits is looked at, at once or at that time."""
    if order.promised_at is not None and order.status in NOT_READY:
        set_timer(work, "watch_promise", order.id, at or work.now)


def become_ready(work: Work, order: WorkOrder) -> None:
    """The car is ready: nothing is at risk any more, and it is known whether it was in time."""
    if order.promised_at is None:
        return
    set_timer(work, "watch_promise", order.id, None)
    promise = work.lock(Promise, order.id)
    if promise is not None:
        work.change(promise)
        promise.fit()
        promise.ready_at = work.now


def at_risk(work: Work, work_order_ids: Iterable[str]) -> dict[str, datetime | None]:
    """Of these orders, those whose promise is at risk, with when they would be ready instead."""
    found = select(Promise.id, Promise.expected_at).where(Promise.at_risk_at.is_not(None), Promise.id.in_(list(work_order_ids)))
    return {row.id: row.expected_at for row in work.execute(found)}


def moved_at(work: Work, work_order_ids: Iterable[str]) -> dict[str, datetime]:
    """When these orders were promised for the time that holds now."""
    last = func.max(PromiseRevision.recorded_at).label("last")
    found = select(PromiseRevision.work_order_id, last).where(PromiseRevision.work_order_id.in_(list(work_order_ids)))
    return {row.work_order_id: row.last for row in work.execute(found.group_by(PromiseRevision.work_order_id))}
