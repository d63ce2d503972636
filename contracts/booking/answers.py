"""What booking answers."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Money, Part, text, whole
from contracts.booking.events import AppointmentStatus, AppointmentTag, ServiceType
from contracts.shared import CustomerFacts, Page, PartRequest, VehicleFacts

BookingChannel = Literal["phone", "web", "walk_in", "roadside"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class OpeningHours(Part):
    """When the dealer takes cars in on a weekday, in its local time; a weekday may have several, without overlap."""

    weekday: Weekday
    opens: time
    closes: time


class Closure(Part):
    """A day on which the dealer is closed."""

    day: date
    reason: Annotated[str, text(120)]


class Capacity(Part):
    """How many cars a slot takes in for one type of service."""

    service_type: ServiceType
    places: Annotated[int, whole(0, 1000)]


class Calendar(Answer):
    """The dealer's booking calendar. A weekday without opening hours is closed; a service type not named has no places."""

    id: Id
    version: int
    opening: list[OpeningHours]
    closures: list[Closure]
    slot_minutes: int
    capacity: list[Capacity]
    advisor_places: int
    no_show_minutes: int


class Appointment(Answer):
    """An appointment (预约); times in UTC. Customer and vehicle are as they were known when it was booked."""

    id: Id
    version: int
    visit_id: Id
    status: AppointmentStatus
    channel: BookingChannel
    service_type: ServiceType
    starts_at: datetime
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: str | None = None
    operations: list[str]
    parts: list[PartRequest]
    advisor: str | None = None
    waiting: bool
    loaner: bool
    expected_pick_up_at: datetime | None = None
    acceptable_price: Money | None = None
    estimated_cost: Money | None = None
    estimated_minutes: int | None = None
    tags: list[AppointmentTag]
    reason: str | None = None
    bay: str | None = None
    arrived_at: datetime | None = None
    work_order_id: Id | None = None


class Appointments(Answer, Page):
    """A page of appointments, the latest first."""

    items: list[Appointment]


class SlotOffer(Part):
    """A slot with free places, and how full it is expected to be, in per cent of its places."""

    starts_at: datetime
    free: int
    expected_load: int


class SlotOffers(Answer):
    """The emptiest slots of the coming two weeks (低谷时段), the emptiest first."""

    items: list[SlotOffer]
