"""What went onto the car (Rule W8)."""

from chassis import Quantity
from services.workshop.order.status import Transition
from services.workshop.order.work_order import WorkOrder


def record_installed(order: WorkOrder, line_id: str, quantity: Quantity) -> None:
    """Less of a part went onto the car than was approved."""
    order.require(Transition.RECORD_INSTALLED)
    order.line(line_id).install(quantity, order.currency)
