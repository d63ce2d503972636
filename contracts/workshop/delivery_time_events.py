"""What workshop announces of the delivery as an appointment (Rule W13): what a message to the customer needs."""

from datetime import datetime

from contracts.shared import CustomerFacts, Login, Plate, Reason
from contracts.workshop.events import WorkOrderEvent


class DeliveryTimeChanged(WorkOrderEvent):
    """What every event of a delivery's appointment tells: whose it is, and when it is now."""

    delivery_time_id: str
    customer: CustomerFacts
    plate: Plate
    starts_at: datetime
    ends_at: datetime


class DeliveryBooked(DeliveryTimeChanged, type="workshop.delivery_time.booked"):
    """The customer comes for the car at that time (交车预约)."""

    booked_by: Login


class DeliveryMoved(DeliveryTimeChanged, type="workshop.delivery_time.moved"):
    """It is another time than was agreed before."""

    previous_starts_at: datetime
    reason: Reason


class DeliveryCancelled(DeliveryTimeChanged, type="workshop.delivery_time.cancelled"):
    """The appointment is off; the car was not handed over at it."""

    reason: Reason
