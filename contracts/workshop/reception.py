"""How a work order begins."""

from typing import Annotated

from chassis.wire import Command, Id, text, whole
from contracts.workshop.order import WorkOrder


class OpenWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Open a work order.

    From an appointment, whose complaint is the default, or for a walk-in with customer and vehicle.
    """

    appointment_id: Id | None = None
    customer_id: Id | None = None
    vehicle_id: Id | None = None
    complaint: Annotated[str | None, text(4000)] = None
    mileage: Annotated[int | None, whole(0, 9_999_999)] = None
