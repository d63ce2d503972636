"""A forgotten clock-off ends with the shift, and is corrected by who knows when it really was (Rule W9)."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import or_, select

from chassis import Invalid, Refused, Work, colleagues, oldest, page, set_timer
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop import working_time as contract
from contracts.workshop.working_time import CorrectClockOff, ListForgottenClockOffs
from services.workshop.order.line import OrderLine
from services.workshop.order.occupancy import Occupancy, free
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking
from services.workshop.team.presence import works_until

Use = TypeVar("Use", bound=Callable[..., Any])
TIMER = "end_forgotten_clocking"


def watch(work: Work, clocking: Clocking) -> None:
    """It is looked at when whoever began it should have stopped."""
    set_timer(work, TIMER, clocking.id, works_until(work, clocking.technician, clocking.on_at))


def unwatch(work: Work, clocking: Clocking) -> None:
    """It has ended."""
    set_timer(work, TIMER, clocking.id, None)


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
        set_timer(work, TIMER, clocking.id, over)
        return
    work.change(clocking)
    clocking.forget(over)
    free(work, "technician", clocking.technician, order)


def correct(work: Work, command: CorrectClockOff) -> contract.ForgottenClockOff:
    """It really ended then. Raises Refused for one that was not forgotten."""
    work.lock_root(WorkOrder, work.get(Clocking, command.clocking_id).work_order_id)
    clocking = work.edit(Clocking, command.clocking_id)
    if not clocking.forgotten:
        raise Refused("clock_off_not_forgotten", name=clocking.technician)
    if command.stopped_at > work.now:
        raise Invalid.field("stopped_at", "must_not_be_future")
    clocking.stop(command.stopped_at, field="stopped_at", by=work.actor, reason=command.reason)
    require_nothing_between(work, clocking, "stopped_at")
    return _described(work, [clocking])[0]


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


def list_forgotten(work: Work, query: ListForgottenClockOffs) -> contract.ForgottenClockOffs:
    """By an index of their own, however many were corrected."""
    uncorrected = select(Clocking).where(Clocking.standing_uncorrected())
    rows, cursor = page(work, uncorrected, query, keys=[Clocking.off_at, Clocking.id], ascending=True)
    return contract.ForgottenClockOffs(items=_described(work, rows), next_cursor=cursor)


def forgotten_concerns(work: Work) -> ConcernGroup:
    """Those that nobody has corrected, for the service manager's attention list."""
    found, count = oldest(work, Clocking, Clocking.standing_uncorrected(), since=Clocking.off_at, most=MOST)
    told = [
        Concern(
            severity="warning",
            since=one.stopped_at,
            work_order_id=one.work_order_id,
            order_number=one.number,
            plate=one.plate,
            staff=one.technician,
        )
        for one in _described(work, found)
    ]
    return ConcernGroup(kind="forgotten_clock_off", count=count, items=told)


def _described(work: Work, clockings: list[Clocking]) -> list[contract.ForgottenClockOff]:
    if not clockings:
        return []
    orders = {one.id: one for one in work.all(_with_id(WorkOrder, (one.work_order_id for one in clockings)))}
    lines = {one.id: one for one in work.all(_with_id(OrderLine, (one.line_id for one in clockings)))}
    names = colleagues(work, (one.technician for one in clockings))
    return [_answer(one, orders[one.work_order_id], lines[one.line_id], names.get(one.technician)) for one in clockings]


def _with_id(kind: Any, ids: Iterable[str]) -> Any:
    return select(kind).where(kind.id.in_(sorted({*ids})))


def _answer(one: Clocking, order: WorkOrder, line: OrderLine, name: str | None) -> contract.ForgottenClockOff:
    assert one.off_at is not None, "it was ended"
    return contract.ForgottenClockOff(
        id=one.id,
        version=one.version,
        work_order_id=order.id,
        number=order.number,
        plate=order.vehicle["plate"],
        line_number=line.number,
        description=line.description,
        technician=one.technician,
        technician_name=name,
        started_at=one.on_at,
        stopped_at=one.off_at,
        minutes=one.minutes,
        stopped_by=one.ended_by,
        reason=one.ended_because,
    )
