"""When the dealer takes cars in: opening hours, closures, capacity, and the slots on offer."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Literal

from marshmallow import fields, validate

from chassis.wire import Answer, Command, Id, Money, Part, Query, text, whole
from contracts.booking.events import ServiceName, ServiceType
from contracts.shared import Login, Name, Plate, Price

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


TimeOfDay = Annotated[
    str, fields.String(validate=validate.Regexp(r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z", error="not_a_time_of_day"))
]
"""Hours and minutes on the clock on the dealer's wall, `08:30`; `24:00` is the end of the day."""


class OpeningHours(Part):
    """When the dealer takes cars in on a weekday, in its local time; a weekday may have several, without overlap."""

    weekday: Weekday
    opens: TimeOfDay
    closes: TimeOfDay


class Closure(Part):
    """A day on which the dealer is closed."""

    day: date
    reason: Annotated[str, text(120)]


class Capacity(Part):
    """How many cars a slot takes in for one type of service."""

    service_type: ServiceType
    places: Annotated[int, whole(0, 1000)]


class OwnService(ServiceName):
    """A type of service of the dealer's own (Rule B12), by a code that bookings and capacity name."""

    service_type: ServiceType


class OfferedService(Part):
    """A type of service, and how many cars a slot takes in for it; `name` is the dealer's, of one of its own."""

    service_type: ServiceType
    service_name: ServiceName | None = None
    places: int


class ServiceTypes(Answer):
    """The types of service of a dealer: the usual ones and its own."""

    items: list[OfferedService]


class StrandedAppointment(Part):
    """An appointment that the calendar, as it is now, would not take: it keeps its place until someone moves or cancels it."""

    appointment_id: Id
    starts_at: datetime
    customer_name: Name
    phone: Annotated[str, text(30)]
    plate: Plate
    why: Literal["closed", "service_type_full", "advisor_busy"]


class Calendar(Answer):
    """The dealer's booking calendar. A weekday without opening hours is closed; a service type not named has no places.

    `stranded` are the appointments to come that it would not take, the next ones first: at most 200 of `stranded_count`.
    """

    id: Id
    version: int
    opening: list[OpeningHours]
    closures: list[Closure]
    slot_minutes: int
    capacity: list[Capacity]
    service_types: list[OwnService]
    advisor_places: int
    no_show_minutes: int
    reminder_minutes: list[int]
    offer_minutes: int
    answer_minutes: int
    briefing_time: TimeOfDay
    no_show_deposit: Money | None = None
    stranded: list[StrandedAppointment]
    stranded_count: int


class SlotOffer(Part):
    """A slot with free places, and how full it is expected to be, in per cent of its places."""

    starts_at: datetime
    free: int
    expected_load: int


class SlotOffers(Answer):
    """The emptiest slots of the coming two weeks (低谷时段), the emptiest first; of equals, on different days and hours."""

    items: list[SlotOffer]


class SlotPlaces(Part):
    """A slot, and how many cars it still takes."""

    starts_at: datetime
    free: int


class DayPlaces(Part):
    """A local day: how many cars it takes in, how many it still would, and in which slots. A day that is closed has none."""

    day: date
    places: int
    free: int
    slots: list[SlotPlaces]


class FreePlaces(Answer):
    """Free places, day by day."""

    items: list[DayPlaces]


class SetCalendar(Command, service="booking", answer=Calendar):
    """Set opening hours, closures and capacity.

    Replace the dealer's booking calendar (Rule B2). Appointments that are booked already keep their places; the answer says which
    of them the new calendar would not take. Types of service are the four usual ones and those that `service_types` names, each
    with a capacity of its own (Rule B12). Reminders count from the next time that is agreed on. At `briefing_time` of the
    last open day before it the technical director is told of a day's comebacks and diagnoses (Rule B6).
    """

    opening: list[OpeningHours]
    closures: list[Closure] = field(default_factory=list)
    slot_minutes: Annotated[int, whole(5, 480)] = 30
    capacity: list[Capacity]
    service_types: list[OwnService] = field(default_factory=list, metadata={"validate": validate.Length(max=50)})
    advisor_places: Annotated[int, whole(1, 100)] = 1
    no_show_minutes: Annotated[int, whole(1, 1440)] = 30
    reminder_minutes: list[Annotated[int, whole(5, 20_160)]] = field(
        default_factory=lambda: [1440, 60], metadata={"validate": validate.Length(max=5)}
    )
    offer_minutes: Annotated[int, whole(0, 1440)] = 15
    answer_minutes: Annotated[int, whole(1, 1440)] = 30
    briefing_time: TimeOfDay = "17:30"
    no_show_deposit: Price | None = None


class ListServiceTypes(Query, service="booking", answer=ServiceTypes):
    """Types of service.

    The usual ones and the dealer's own (Rule B12), with their places in a slot; those without any are not offered now.
    """


class GetCalendar(Query, service="booking", answer=Calendar):
    """The booking calendar.

    Opening hours, closures, slots and places.
    """


class OfferSlots(Query, service="booking", answer=SlotOffers):
    """The three emptiest slots of the coming two weeks.

    With an advisor, only slots when that advisor is free (Rule B3).
    """

    service_type: ServiceType
    advisor: Login | None = None


class ListFreePlaces(Query, service="booking", answer=FreePlaces):
    """Free places by day.

    For one type of service, from `from_day` (a local day; today if none is given) on. With an advisor, only when that advisor is
    free (Rule B2).
    """

    service_type: ServiceType
    from_day: date | None = None
    days: Annotated[int, whole(1, 31)] = 14
    advisor: Login | None = None
