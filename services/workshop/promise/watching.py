"""Whether the work that is left still fits the promised time: told to the advisor before it is missed (Rule W10)."""

from datetime import datetime, timedelta

from chassis import Work
from contracts.workshop.promise import FoundPromise
from services.workshop.order.progress_report import fall_due
from services.workshop.order.promise import Promise, PromiseRisk
from services.workshop.order.promised import look_again
from services.workshop.order.status import NOT_READY
from services.workshop.order.work_order import WorkOrder
from services.workshop.promise.finding import find

SHORTEST = timedelta(minutes=5)
"""So long passes between two looks at least, however little time is to spare."""


def watch(work: Work, work_order_id: str) -> None:
    """It still fits, and is looked at again when it would no more if nobody did anything; or it is at risk: told once."""
    order = work.lock_root(WorkOrder, work_order_id)
    promise = work.lock(Promise, work_order_id)
    if promise is None or order.status not in NOT_READY or promise.promised_at is None:
        return
    if promise.ready_at is not None:
        work.change(promise)
        promise.ready_at = None
    found = find(work, order)
    if fits(found, promise.promised_at, work.now):
        if promise.at_risk_at is not None:
            work.change(promise)
            promise.fit()
        look_again(work, order, next_look(found, promise.promised_at, work.now))
        return
    expected_at = found.ready_at
    risk = {
        "id": PromiseRisk.identity(order.id, promise.promised_at),
        "work_order_id": order.id,
        "promised_at": promise.promised_at,
        "expected_at": expected_at,
        "told_at": work.now,
    }
    told = bool(work.insert_new(PromiseRisk, risk))
    if told or (promise.at_risk_at is None or promise.expected_at != expected_at):
        work.change(promise)
        promise.risk(expected_at, at=work.now, told=told)
    if told:
        fall_due(work, order, "delayed", promise.promised_at.isoformat(), within=_to_tell(promise.promised_at - work.now))


def _to_tell(left: timedelta) -> timedelta | None:
    """The customer is told before the time passes: of what is left the advisor has half, others the rest (Rule W18).

    What has passed is told within the usual time.
    """
    return left / 2 if left > timedelta() else None


def fits(found: FoundPromise, promised_at: datetime, now: datetime) -> bool:
    """Whether the car can be ready by then.

    A part of which nobody knows when it comes fits nothing; where nobody works, nothing is known, and it fits while there is time
    for the final inspection.
    """
    if found.no_time_because == "no_technician":
        return now + timedelta(minutes=found.finishing_minutes) <= promised_at
    return found.ready_at is not None and found.ready_at <= promised_at


def next_look(found: FoundPromise, promised_at: datetime, now: datetime) -> datetime:
    """When it would no longer fit if nobody did anything until then; always before the promised time, if it fits now.

    The final inspection takes longer than the shortest time between two looks.
    """
    if not fits(found, promised_at, now):
        return now
    needed = timedelta(minutes=found.finishing_minutes) if found.ready_at is None else found.ready_at - now
    return max(promised_at - needed, now + SHORTEST)
