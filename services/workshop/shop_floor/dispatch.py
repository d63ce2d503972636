"""Dispatch (派工), and what interrupts the work (Rule W9)."""

from collections.abc import Iterable
from datetime import datetime

from chassis import Refused
from contracts.shared import BAY
from contracts.workshop.events import WorkOrderDispatched, WorkOrderHeld, WorkOrderResumed, WorkOrderVoided
from contracts.workshop.order import HoldReason
from contracts.workshop.team_events import LineAssigned
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking, require_nobody_clocked_on
from services.workshop.team.team import Team


def dispatch(
    order: WorkOrder, clockings: Iterable[Clocking], technician: str, bay: str, at: datetime, *, team: Team | None = None
) -> None:
    """Give the order to a technician and a bay; there must be something the customer approved.

    Begun work may be given to others while nobody is at it. Who had it remains among those who did it (Rule W11), and what they
    clocked on to it before remains so. Given to a `team`, it is led by whoever leads that.
    """
    order.require(Transition.DISPATCH)
    if not any(line.approved for line in order.lines):
        raise Refused("nothing_approved")
    require_nobody_clocked_on(clockings)
    stays = order.status is Status.IN_PROGRESS and order.bay is not None and BAY.key(order.bay) == BAY.key(bay)
    order.take(Transition.HAND_ON if stays else Transition.DISPATCH)
    order.see_answer()
    begun = any(line.begun_at is not None for line in order.lines)
    if begun and order.technician is not None and order.technician != technician:
        order.hands = sorted({*order.hands, order.technician})
    if not begun:
        order.dispatched_at = at
    order.technician, order.bay = technician, bay
    order.team_id, order.team_name = (None, None) if team is None else (team.id, team.team_name)
    order.announce(WorkOrderDispatched(work_order_id=order.id, technician=technician, bay=bay, team_id=order.team_id))


def assign_line(order: WorkOrder, clockings: Iterable[Clocking], line_id: str, technician: str | None) -> OrderLine:
    """The line goes to a technician of its own, or back to who leads the order; nobody may be at it."""
    order.require(Transition.ASSIGN_LINE)
    line = order.line(line_id)
    line.require_approved()
    if line.kind is not Kind.LABOUR:
        raise Refused("not_a_labour_line", line=line.number)
    if line.done_at is not None:
        raise Refused("line_already_done", line=line.number)
    require_nobody_clocked_on(one for one in clockings if one.line_id == line_id)
    line.technician = technician
    order.announce(LineAssigned(work_order_id=order.id, line_id=line_id, technician=technician))
    return line


def hold(order: WorkOrder, clockings: Iterable[Clocking], reason: HoldReason, *, at: datetime) -> None:
    """Work waits for something; nobody may be at it."""
    order.require(Transition.HOLD)
    require_nobody_clocked_on(clockings)
    order.take(Transition.HOLD)
    order.see_answer()
    order.hold_reason, order.held_at = reason, at
    order.announce(WorkOrderHeld(work_order_id=order.id, hold_reason=reason))


def resume(order: WorkOrder) -> None:
    """What was waited for is there."""
    order.take(Transition.RESUME)
    order.see_answer()
    order.hold_reason = order.held_at = None
    order.announce(WorkOrderResumed(work_order_id=order.id))


def void(order: WorkOrder, clockings: Iterable[Clocking], reason: str) -> None:
    """The order ends without work. What was issued for it goes back, what was booked for it may open another order."""
    order.require(Transition.VOID)
    if order.revision:
        raise Refused("was_delivered", revision=order.revision)
    require_nobody_clocked_on(clockings)
    for line in order.lines:
        line.require_not_begun()
    order.take(Transition.VOID)
    order.see_answer()
    order.announce(
        WorkOrderVoided(work_order_id=order.id, appointment_id=order.appointment_id, reason=reason, mileage=order.opening_mileage)
    )
