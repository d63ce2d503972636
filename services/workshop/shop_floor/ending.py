"""Ending what somebody forgot to clock off, with their shift; correcting when it really was (Rule W9)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import or_, select

from chassis import Invalid, Refused, Work, set_timer
from contracts.workshop import working_time as contract
from contracts.workshop.working_time import CorrectClockOff
from services.workshop.order.occupancy import Occupancy, free
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking
from services.workshop.shop_floor.forgotten import described
from services.workshop.shop_floor.isolated import require_off_before_energised
from services.workshop.team.presence import works_until

Use = TypeVar("Use", bound=Callable[..., Any])


def watch(work: Work, clocking: Clocking) -> None:
    """It is looked at when whoever began it should have stopped."""
    set_timer(work, "end_forgotten_clocking", clocking.id, works_until(work, clocking.technician, clocking.on_at))


def unwatch(work: Work, clocking: Clocking) -> None:
    """It has ended."""
    set_timer(work, "end_forgotten_clocking", clocking.id, None)


def watching(change_roster: Use) -> Use:
    """The same use case; what is under way is looked at when it is to end from now on."""

    @wraps(change_roster)
    def changed(work: Work, command: Any) -> Any:
        answer = change_roster(work, command)
        working = select(Occupancy.name).where(Occupancy.resource == "technician")
        for clocking in work.all(select(Clocking).where(Clocking.technician.in_(working), Clocking.off_at.is_(None))):
            watch(work, clocking)
        return answer

    return changed  # type: ignore[return-value]  # it takes and gives the same


def end(work: Work, clocking_id: str) -> None:
    """The shift of somebody who is clocked on is over: their work ended with it, and they are free.

    Not if their shift was moved meanwhile: then it is looked at when it ends now.
    """
    known = work.get(Clocking, clocking_id)
    order = work.lock_root(WorkOrder, known.work_order_id)
    clocking = work.lock(Clocking, clocking_id)
    assert clocking is not None, "a clocking is never deleted"
    if not clocking.open:
        return
    over = works_until(work, clocking.technician, clocking.on_at)
    if over > work.now:
        set_timer(work, "end_forgotten_clocking", clocking.id, over)
        return
    work.change(clocking)
    clocking.forget(over)
    free(work, "technician", clocking.technician, order)


def correct(work: Work, command: CorrectClockOff) -> contract.ForgottenClockOff:
    """It really ended then. Raises Refused for one that was not forgotten."""
    order = work.lock(WorkOrder, work.get(Clocking, command.clocking_id).work_order_id)
    assert order is not None, "an order is never deleted"
    clocking = work.edit(Clocking, command.clocking_id)
    if not clocking.forgotten:
        raise Refused("clock_off_not_forgotten", name=clocking.technician)
    if command.stopped_at > work.now:
        raise Invalid.field("stopped_at", "must_not_be_future")
    clocking.stop(command.stopped_at, field="stopped_at", by=work.actor, reason=command.reason)
    require_nothing_between(work, clocking, "stopped_at")
    require_off_before_energised(work, order, clocking, "stopped_at")
    return described(work, [clocking])[0]


def require_nothing_between(work: Work, clocking: Clocking, field: str) -> None:
    """Raises Invalid naming the field if the technician was on something else before it ended."""
    with work.without_autoflush():
        beside = select(Clocking).where(
            Clocking.technician == clocking.technician,
            Clocking.id != clocking.id,
            or_(Clocking.off_at.is_(None), Clocking.off_at > clocking.on_at),
            Clocking.on_at < clocking.off_at,
        )
        other = work.first(beside.order_by(Clocking.on_at))
    if other is not None:
        since = work.profile.local(other.on_at).isoformat(timespec="minutes")
        raise Invalid.field(field, "overlaps_later_work", work_order=work.get(WorkOrder, other.work_order_id).number, since=since)
