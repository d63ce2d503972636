"""A day and a fortnight of the booking desk, each in one answer (Rule B2)."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Answer, Part, Query, whole
from contracts.booking.appointment import Appointment
from contracts.booking.calendar import SlotOffer
from contracts.booking.events import AppointmentTag, ServiceName, ServiceType


class TypeLoad(Part):
    """Places for one type of service. More are taken than there are if the calendar was cut after they were booked."""

    service_type: ServiceType
    service_name: ServiceName | None = None
    places: int
    taken: int
    free: int


class TagCount(Part):
    """How many cars of the day have a tag."""

    tag: AppointmentTag
    cars: int


class DayHour(Part):
    """An hour on the dealer's clock: how full its slots are, and the appointments that begin in it."""

    starts_at: datetime
    places: int
    taken: int
    types: list[TypeLoad]
    appointments: list[Appointment]


class DayPlan(Answer):
    """A local day of the booking desk, hour by hour; `wait_list` are those who wait for a place on it, in the order of waiting.

    It has the first 500 appointments; `truncated` says that there are more.
    """

    day: date
    closed: bool
    closed_because: str | None = None
    places: int
    taken: int
    arrived: int
    awaited: int
    tags: list[TagCount]
    hours: list[DayHour]
    wait_list: list[Appointment]
    truncated: bool


class GetDayPlan(Query, service="booking", answer=DayPlan):
    """A day of the booking desk.

    Hour by hour: load by type of service, who comes with which tags, who is here, and who waits for a place (Rule B2). Today if
    no day is given.
    """

    day: date | None = None


class DayLoad(Part):
    """How full a local day is, and how many wait for a place on it."""

    day: date
    closed: bool
    closed_because: str | None = None
    booked: int
    places: int
    taken: int
    waiting: int
    types: list[TypeLoad]


class TypeOffers(Part):
    """The emptiest slots of the coming two weeks for one type of service, the emptiest first."""

    service_type: ServiceType
    service_name: ServiceName | None = None
    items: list[SlotOffer]


class Fortnight(Answer):
    """How full the days are, and which slots are expected to be the emptiest."""

    days: list[DayLoad]
    offers: list[TypeOffers]


class GetFortnight(Query, service="booking", answer=Fortnight):
    """The fortnight of the booking desk.

    The load of each day, who waits, and the low-traffic slots on offer by type of service (Rules B2 and B3).
    """

    from_day: date | None = None
    days: Annotated[int, whole(1, 31)] = 14
