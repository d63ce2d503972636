"""Dispatching orders, holding and resuming them."""

from chassis import Refused, Work, staff_roles
from contracts.roles import TECHNICIAN
from contracts.shared import BAY
from contracts.workshop.shop_floor import DispatchWorkOrder, HoldWorkOrder, ResumeWorkOrder
from services.workshop.equipment.blocking import require_bay
from services.workshop.order.occupancy import bay_of, free
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings
from services.workshop.shop_floor import dispatch
from services.workshop.shop_floor.clocking import clockings_of
from services.workshop.shop_floor.qualification import require_certified


def dispatch_work_order(work: Work, command: DispatchWorkOrder) -> WorkOrder:
    """Dispatch the order to a technician and a bay of the dealer; the bay may still be busy with the car before.

    The bay that begun work leaves is free; the other one it takes when somebody clocks on. Raises Refused naming the overdue lift
    that blocks the bay, or the technician who lacks a certificate that a line still to be done needs.
    """
    order = work.edit(WorkOrder, command.work_order_id)
    if TECHNICIAN not in staff_roles(work, "technician", command.technician):
        raise Refused("not_a_technician", name=command.technician)
    before = order.bay
    bay = work.settings(WorkshopSettings).bay_called(command.bay)
    require_bay(work, bay)
    dispatch.dispatch(order, clockings_of(work, order), command.technician, bay, work.now)
    require_certified(work, command.technician, [line for line in order.lines if line.unfinished])
    if before is not None and order.status is not Status.IN_PROGRESS:
        free(work, "bay", BAY.key(before), order)
    return order


def hold(work: Work, command: HoldWorkOrder) -> WorkOrder:
    """Put the order on hold; its bay is free for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    dispatch.hold(order, clockings_of(work, order), command.reason, at=work.now)
    free(work, "bay", bay_of(order), order)
    return order


def resume(work: Work, command: ResumeWorkOrder) -> WorkOrder:
    """Take the order off hold; it is in progress again when someone clocks on."""
    order = work.edit(WorkOrder, command.work_order_id)
    dispatch.resume(order)
    return order
