"""Promising a time with an estimate: as it was worked out, later, or earlier with a reason (Rule W6)."""

from datetime import datetime, timedelta

from chassis import Invalid, Work
from contracts.workshop.promise import FoundPromise, PromiseMoved
from services.workshop.order.progress_report import end_reports, fall_due
from services.workshop.order.promised import keep_promise, learn_promise, look_again, promise_of, was_revised
from services.workshop.order.work_order import WorkOrder
from services.workshop.promise.finding import find
from services.workshop.promise.watching import next_look


def work_out(
    work: Work, order: WorkOrder, wanted: datetime | None, reason: str | None, *, holds: datetime | None = None
) -> tuple[FoundPromise, datetime | None, str | None]:
    """How the time is worked out, what is promised - what is wanted, else what holds already, else what was found -, and why
    so early, if it is.

    Raises Invalid for a wanted time that is earlier, without a reason; not where nobody has shifts: nobody knows who is there.
    """
    found = find(work, order)
    promised_at = wanted or holds or found.proposed_at
    early = wanted is not None and is_early(found, wanted)
    if early and reason is None:
        assert found.ready_at is not None, "nothing is earlier than what nobody knows"
        ready_at = work.profile.local(found.ready_at).isoformat(timespec="minutes")
        raise Invalid.field("promise_reason", "earlier_needs_reason", ready_at=ready_at)
    return found, promised_at, reason if early else None


def is_early(found: FoundPromise, wanted: datetime) -> bool:
    """Whether that is earlier than was worked out, from shifts that somebody has. People tell the time to the minute."""
    planned = found.shifts in ("own", "team")
    return planned and found.ready_at is not None and wanted < found.ready_at.replace(second=0, microsecond=0)


def spared(order: WorkOrder, minutes: timedelta, now: datetime) -> timedelta:
    """How much earlier the car is promised without work that moved it so far: nobody is promised what has passed."""
    return timedelta() if order.promised_at is None else min(minutes, max(timedelta(), order.promised_at - now))


def withdraw_minutes(work: Work, order: WorkOrder, minutes: timedelta, earlier: timedelta) -> None:
    """Additional work was withdrawn: what being on time is held against goes back, and what is promised, unless another time
    was told since."""
    if earlier:
        put_forward(work, order, "withdrawn")
    elif was_revised(work, order):
        promise = promise_of(work, order)
        work.change(promise)
        promise.without(minutes)


def put_forward(
    work: Work,
    order: WorkOrder,
    moved_by: PromiseMoved,
    found: FoundPromise | None = None,
    *,
    reason: str | None = None,
    told: bool = True,
) -> None:
    """An estimate version was made, or what it asks for was agreed to: what is promised with it is kept, and watched.

    That the estimate has changed is to be told; it was, if the customer agreed themselves. Who agreed knew what was promised.
    """
    if found is None:
        learn_promise(work, order)
    moved = keep_promise(work, order, moved_by, reason=reason)
    if found is not None and order.estimate_version > 1:
        fall_due(work, order, "estimate_changed", str(order.estimate_version))
    elif found is None and told and order.estimate_version > 1:
        end_reports(work, order, "estimate_changed")
    if found is not None and order.promised_at is not None:
        look_again(work, order, next_look(found, order.promised_at, work.now))
    elif moved is not None:
        look_again(work, order)
