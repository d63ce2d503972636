"""How full the calendar is, day by day and slot by slot."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Answer, Part, Query, whole
from contracts.booking.events import ServiceType
from contracts.shared import Login


class PlacesTaken(Part):
    """Places for one type of service. More are taken than there are if the calendar was cut after they were booked."""

    service_type: ServiceType
    places: int
    taken: int
    free: int


class AdvisorTaken(Part):
    """How much of one advisor's time is taken."""

    advisor: Login
    places: int
    taken: int
    free: int


class SlotOccupancy(Part):
    """A slot of the calendar: places by type of service, and the advisors who have cars to take in."""

    starts_at: datetime
    ends_at: datetime
    types: list[PlacesTaken]
    advisors: list[AdvisorTaken]


class DayOccupancy(Part):
    """A local day: places of all its slots together, by type of service."""

    day: date
    closed: bool
    closed_because: str | None = None
    booked: int
    types: list[PlacesTaken]
    slots: list[SlotOccupancy]


class Occupancy(Answer):
    """How full the calendar is, day by day."""

    items: list[DayOccupancy]


class GetOccupancy(Query, service="booking", answer=Occupancy):
    """How full the calendar is.

    Places there are, taken and free, by type of service (Rule B2): for a fortnight from today, or the days asked for, in the past
    too. With `slots` also slot by slot, and who has cars to take in then.
    """

    from_day: date | None = None
    days: Annotated[int, whole(1, 31)] = 14
    slots: bool = False
