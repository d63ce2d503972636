"""How a work order begins."""

from typing import Annotated

from chassis.wire import Command, Id, text, whole
from contracts.shared import Reason
from contracts.workshop.order import WorkOrder


class OpenWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Open a work order.

    From an appointment, whose complaint is the default, or for a walk-in with customer and vehicle. A car that has an open order
    gets a second one only with `confirm_second_order`. A mileage below the last known needs a reason.
    """

    appointment_id: Id | None = None
    customer_id: Id | None = None
    vehicle_id: Id | None = None
    complaint: Annotated[str | None, text(4000)] = None
    mileage: Annotated[int | None, whole(0, 9_999_999)] = None
    mileage_reason: Reason | None = None
    confirm_second_order: bool = False
