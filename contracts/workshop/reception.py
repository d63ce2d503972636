"""How a work order begins."""

from dataclasses import field
from typing import Annotated

from marshmallow import validate

from chassis.wire import Command, Id, text, whole
from contracts.booking.events import ChosenCustomer
from contracts.shared import OperationCode, Reason
from contracts.workshop.order import WorkOrder


class OpenWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Open a work order.

    From an appointment, whose complaint is the default, or for a walk-in with customer and vehicle; what was said at the
    gate is kept beside it. Where the car has changed hands since it was booked, `customer` says whose order it is. A car
    that has an open order, or for a walk-in an appointment today, gets another one only with `confirm_second_order`. A
    mileage below the last known needs a reason. Work of the same kind that was done on this car, at any dealer of the group,
    and is still warranted makes it a comeback: looked for by the booked operations and by those that are named here, and
    again by every labour line.
    """

    appointment_id: Id | None = None
    customer_id: Id | None = None
    vehicle_id: Id | None = None
    complaint: Annotated[str | None, text(4000)] = None
    mileage: Annotated[int | None, whole(0, 9_999_999)] = None
    mileage_reason: Reason | None = None
    customer: ChosenCustomer | None = None
    operations: list[OperationCode] = field(default_factory=list, metadata={"validate": validate.Length(max=50)})
    confirm_second_order: bool = False
