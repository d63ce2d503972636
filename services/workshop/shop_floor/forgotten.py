"""Forgotten clock-offs, as lists and the manager hear of them (Rule W9)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from chassis import Work, colleagues, oldest
from contracts.attention import MOST, Concern, ConcernGroup
from contracts.workshop import working_time as contract
from services.workshop.order.line import OrderLine
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking


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
        for one in described(work, found)
    ]
    return ConcernGroup(kind="forgotten_clock_off", count=count, items=told)


def described(work: Work, clockings: list[Clocking]) -> list[contract.ForgottenClockOff]:
    """As they are answered; three statements, however many."""
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
