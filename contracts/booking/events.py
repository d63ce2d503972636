"""What booking announces. Every event carries the appointment as it is after the change."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Event, Id, Part, text
from contracts.shared import Bay, CustomerFacts, Login, OperationCode, PartRequest, Reason, VehicleFacts

AppointmentStatus = Literal["requested", "wait_listed", "confirmed", "arrived", "fulfilled", "cancelled", "no_show"]
ServiceType = Literal["maintenance", "diagnosis", "repair", "body"]
AppointmentTag = Literal["booked", "comeback", "near_warranty_end", "complaint_customer", "diagnosis"]

_FOLLOWERS = ("billing.follow_appointment", "parts.follow_appointment", "workshop.follow_appointment")


class AppointmentFacts(Part):
    """An appointment (预约) as other services need to know it; times in UTC."""

    appointment_id: Id
    status: AppointmentStatus
    service_type: ServiceType
    starts_at: datetime
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: Annotated[str, text(4000)] | None = None
    operations: list[OperationCode]
    parts: list[PartRequest]
    advisor: Login | None = None
    waiting: bool = False
    expected_pick_up_at: datetime | None = None
    tags: list[AppointmentTag]


class AppointmentChanged(Event):
    """What every event of an appointment tells: how it is now."""

    appointment: AppointmentFacts


class AppointmentBooked(AppointmentChanged, type="booking.appointment.booked", subscribers=_FOLLOWERS):
    """A place in the calendar was taken for a customer's car."""


class AppointmentWaitListed(AppointmentChanged, type="booking.appointment.wait_listed"):
    """The slot was full; the appointment waits for a place and has none yet."""


class AppointmentConfirmed(
    AppointmentChanged,
    type="booking.appointment.confirmed",
    subscribers=("billing.follow_appointment", "workshop.follow_appointment"),
):
    """A requested appointment, whose place was taken already, was confirmed."""


class AppointmentRescheduled(AppointmentChanged, type="booking.appointment.rescheduled", subscribers=_FOLLOWERS):
    """The appointment moved to another time."""

    previous_starts_at: datetime
    reason: Reason


class AppointmentAmended(AppointmentChanged, type="booking.appointment.amended", subscribers=_FOLLOWERS):
    """What is to be done was changed; the time stayed."""


class AppointmentCancelled(AppointmentChanged, type="booking.appointment.cancelled", subscribers=_FOLLOWERS):
    """The appointment is off; its place is free again."""

    reason: Reason


class AppointmentArrived(AppointmentChanged, type="booking.appointment.arrived", subscribers=_FOLLOWERS):
    """The booked car is in the reception lane."""

    bay: Bay | None = None


class AppointmentMissed(AppointmentChanged, type="booking.appointment.missed", subscribers=_FOLLOWERS):
    """The customer did not come (no-show, Rule B5); the place is free again."""


class AppointmentReopened(
    AppointmentChanged,
    type="booking.appointment.reopened",
    subscribers=("billing.follow_appointment", "workshop.follow_appointment"),
):
    """Its order is void: another one may be opened. What was set aside for it went with that order and is free."""

    work_order_id: Id


class AppointmentFulfilled(AppointmentChanged, type="booking.appointment.fulfilled", subscribers=("billing.follow_appointment",)):
    """A work order was opened for the appointment."""

    work_order_id: Id
