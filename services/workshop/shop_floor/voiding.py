"""Voiding an order; parts frees what was reserved for it."""

from chassis import Work
from contracts.workshop.order import VoidWorkOrder
from services.workshop.order.work_order import WorkOrder
from services.workshop.shop_floor.clocking import clockings_of, require_nobody_clocked_on
from services.workshop.shop_floor.occupancy import free


def void(work: Work, command: VoidWorkOrder) -> WorkOrder:
    """Void the order, of which nothing was done; its bay is free for others."""
    order = work.edit(WorkOrder, command.work_order_id)
    require_nobody_clocked_on(clockings_of(work, order))
    order.void(command.reason)
    if order.bay is not None:
        free(work, "bay", order.bay, order)
    return order
