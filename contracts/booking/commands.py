"""What booking can be told to do."""

from dataclasses import field
from datetime import datetime
from typing import Annotated

from chassis.wire import Command, Id, Money, Part, Quantity, text, whole
from contracts.booking import answers
from contracts.booking.answers import BookingChannel, Capacity, Closure, OpeningHours
from contracts.booking.events import AppointmentTag, ServiceType
from contracts.shared import PartNumber, Reason


class SetCalendar(Command, service="booking", answer=answers.Calendar):
    """Replace the dealer's booking calendar (Rule B2); appointments that are booked already keep their places."""

    opening: list[OpeningHours]
    closures: list[Closure] = field(default_factory=list)
    slot_minutes: Annotated[int, whole(5, 480)] = 30
    capacity: list[Capacity]
    advisor_places: Annotated[int, whole(1, 100)] = 1
    no_show_minutes: Annotated[int, whole(1, 1440)] = 30


class RequestedPart(Part):
    """A part the booked work will need; parts pre-picks it (Rule B6)."""

    part_number: PartNumber
    quantity: Quantity


class BookAppointment(Command, service="booking", answer=answers.Appointment):
    """Take a place in the calendar for a customer's car (Rules B1, B2 and B4).

    Booked over the web it is requested until someone confirms it, otherwise it is confirmed at once. If the slot is full it is
    refused, or - with `wait_list` - put on the wait list.
    """

    customer_id: Id
    vehicle_id: Id
    channel: BookingChannel
    service_type: ServiceType
    starts_at: datetime
    complaint: Annotated[str, text(4000)] | None = None
    operations: list[Annotated[str, text(40)]] = field(default_factory=list)
    parts: list[RequestedPart] = field(default_factory=list)
    advisor: Annotated[str, text(64)] | None = None
    waiting: bool = False
    loaner: bool = False
    expected_pick_up_at: datetime | None = None
    acceptable_price: Money | None = None
    estimated_cost: Money | None = None
    estimated_minutes: Annotated[int, whole(0, 100_000)] | None = None
    tags: list[AppointmentTag] = field(default_factory=list)
    wait_list: bool = False


class ConfirmAppointment(Command, service="booking", answer=answers.Appointment):
    """Confirm what was requested; a wait-listed appointment takes the place that has become free."""

    appointment_id: Id


class RescheduleAppointment(Command, service="booking", answer=answers.Appointment):
    """Move an appointment to another slot."""

    appointment_id: Id
    starts_at: datetime
    reason: Reason


class CancelAppointment(Command, service="booking", answer=answers.Appointment):
    """Call an appointment off; its place is free again."""

    appointment_id: Id
    reason: Reason


class ArriveAppointment(Command, service="booking", answer=answers.Appointment):
    """The booked car is in the reception lane (Rule B6); the advisor opens the order."""

    appointment_id: Id
    bay: Annotated[str, text(20)] | None = None
