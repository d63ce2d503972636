"""What the technical director hears of a coming day (Rule B6)."""

from datetime import date, datetime

from chassis.wire import Answer, Part, Query
from contracts.booking.appointment import Appointment


class BriefedCar(Part):
    """A car that comes for a comeback or a diagnosis; `told_at` is when the technical director heard of it, if they did."""

    told_at: datetime | None = None
    appointment: Appointment


class Briefing(Answer):
    """A local day's comebacks and diagnoses (技术总监预告), the first ones first; `due_at` is when the director hears of them."""

    day: date
    due_at: datetime
    told_at: datetime | None = None
    cars: list[BriefedCar]


class GetBriefing(Query, service="booking", answer=Briefing):
    """A day's comebacks and diagnoses.

    What the technical director prepares for (Rule B6): who comes, with which tags and why. The next open day if none is given.
    """

    day: date | None = None
