"""When the dealer takes cars in: opening hours, closures, capacity, and the slots on offer."""

from dataclasses import field
from datetime import date, datetime, time
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.booking.events import ServiceType
from contracts.shared import Login

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


class SlotOffer(Part):
    """A slot with free places, and how full it is expected to be, in per cent of its places."""

    starts_at: datetime
    free: int
    expected_load: int


class SlotOffers(Answer):
    """The emptiest slots of the coming two weeks (低谷时段), the emptiest first."""

    items: list[SlotOffer]


class SetCalendar(Command, service="booking", answer=Calendar):
    """Set opening hours, closures and capacity.

    Replace the dealer's booking calendar (Rule B2); appointments that are booked already keep their places.
    """

    opening: list[OpeningHours]
    closures: list[Closure] = field(default_factory=list)
    slot_minutes: Annotated[int, whole(5, 480)] = 30
    capacity: list[Capacity]
    advisor_places: Annotated[int, whole(1, 100)] = 1
    no_show_minutes: Annotated[int, whole(1, 1440)] = 30


class GetCalendar(Query, service="booking", answer=Calendar):
    """The booking calendar."""


class OfferSlots(Query, service="booking", answer=SlotOffers):
    """The three emptiest slots of the coming two weeks.

    With an advisor, only slots when that advisor is free (Rule B3).
    """

    service_type: ServiceType
    advisor: Login | None = None
