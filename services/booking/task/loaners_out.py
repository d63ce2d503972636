"""Loaners that somebody has to ask for (Rule B9, docs/domain.md): they follow from the loans, and nobody settles them by hand."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from chassis import Work
from contracts.attention import MOST, Concern, ConcernGroup, ConcernKind
from services.booking.appointment.appointment import Appointment
from services.booking.loaner.loan import Loan
from services.booking.projections.order import EndedOrder

SOON = timedelta(hours=1)
"""So long before the next customer comes somebody asks for a car that is out."""


def loaners_out(work: Work) -> list[ConcernGroup]:
    """Cars that are overdue, or that the next customer is to have soon; and those whose visit is over."""
    out = work.all(select(Loan).where(Loan.state == "handed_over").order_by(Loan.ends_at, Loan.id).options(lazyload(Loan.sheets)))
    wanted = _wanted_soon(work, out)
    due = [one for one in out if one.ends_at <= work.now or one.loaner_id in wanted]
    idle = _outlasting(work, [one for one in out if one not in due])
    groups = (
        _group("loaner_due", due, lambda one: min(one.ends_at, wanted.get(one.loaner_id, one.ends_at + SOON) - SOON), wanted),
        _group("loaner_not_needed", idle, lambda one: one.begins_at, ()),
    )
    return [one for one in groups if one.count]


def _group(
    kind: ConcernKind, loans: Sequence[Loan], since: Callable[[Loan], datetime], severe: Sequence[str] | dict[str, datetime]
) -> ConcernGroup:
    told = [
        Concern(
            severity="severe" if one.loaner_id in severe else "warning",
            since=since(one),
            work_order_id=one.work_order_id,
            appointment_id=one.appointment_id,
            plate=one.loaner.plate,
            customer_name=one.customer["name"],
        )
        for one in loans[:MOST]
    ]
    return ConcernGroup(kind=kind, count=len(loans), items=told)


def _wanted_soon(work: Work, out: Sequence[Loan]) -> dict[str, datetime]:
    """When the next customer is to have which of their cars, where that is soon, or was."""
    if not out:
        return {}
    first = func.min(Loan.begins_at)
    cars = [one.loaner_id for one in out]
    then = select(Loan.loaner_id, first.label("begins_at")).where(Loan.loaner_id.in_(cars), Loan.state == "booked")
    found = work.execute(then.group_by(Loan.loaner_id).having(first <= work.now + SOON))
    return {row.loaner_id: row.begins_at for row in found}


def _outlasting(work: Work, out: Sequence[Loan]) -> list[Loan]:
    """Those whose order is closed, or void - or not there - with the appointment off."""
    orders = [one.work_order_id for one in out if one.work_order_id is not None]
    appointments = [one.appointment_id for one in out if one.appointment_id is not None]
    void = {one.id: one.void for one in work.all(select(EndedOrder).where(EndedOrder.id.in_(orders)))} if orders else {}
    off = Appointment.id.in_(appointments), Appointment.status.in_(("cancelled", "no_show"))
    gone = {row.id for row in work.execute(select(Appointment.id).where(*off))} if appointments else set()

    def outlasts(one: Loan) -> bool:
        if one.work_order_id is None:
            return one.appointment_id in gone
        ended = void.get(one.work_order_id)
        return ended is False or (ended is True and (one.appointment_id is None or one.appointment_id in gone))

    return [one for one in out if outlasts(one)]
