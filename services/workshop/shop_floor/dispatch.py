"""Dispatch (派工), and what interrupts the work (Rule W9)."""

from collections.abc import Iterable
from datetime import datetime

from chassis import Refused
from contracts.shared import BAY
from contracts.workshop.events import WorkOrderDispatched, WorkOrderHeld, WorkOrderResumed, WorkOrderVoided
from contracts.workshop.order import HoldReason
from services.workshop.order.status import Status, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import Clocking, require_nobody_clocked_on


def dispatch(order: WorkOrder, clockings: Iterable[Clocking], technician: str, bay: str, at: datetime) -> None:
    """Give the order to a technician and a bay; there must be something the customer approved.

    Begun work may be given to others while nobody is at it. Who had it remains among those who did it (Rule W11), and what they
    clocked on to it before remains so.
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
    order.announce(WorkOrderDispatched(work_order_id=order.id, technician=technician, bay=bay))


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
    order.announce(WorkOrderVoided(work_order_id=order.id, appointment_id=order.appointment_id, reason=reason))
