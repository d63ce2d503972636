"""Receiving old parts for their core charge."""

from chassis import Work
from contracts.workshop.core_charge import ReceiveOldPart
from services.workshop.handing_over.old_part import receive_old_part as receive
from services.workshop.order.work_order import WorkOrder


def receive_old_part(work: Work, command: ReceiveOldPart) -> WorkOrder:
    """Record that old parts came back, never more than are charged for."""
    order = work.edit(WorkOrder, command.work_order_id)
    receive(order, command.line_id, command.quantity)
    return order
