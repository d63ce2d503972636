"""Voiding an order; parts frees what was reserved for it."""

from chassis import Work
from contracts.workshop.order import VoidWorkOrder
from services.workshop.order.work_order import WorkOrder


def void(work: Work, command: VoidWorkOrder) -> WorkOrder:
    """Void the order, which is possible until it is dispatched."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.void(command.reason)
    return order
