"""What booking tells the technical director (Rule B6)."""

from datetime import date, datetime
from typing import Annotated

from chassis.wire import Event, Id, Part, text
from contracts.booking.events import AppointmentTag
from contracts.shared import Plate


class ComingCar(Part):
    """A car that comes for a comeback or a diagnosis, as the technical director hears of it (Rule B6)."""

    appointment_id: Id
    starts_at: datetime
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    tags: list[AppointmentTag]
    complaint: Annotated[str, text(4000)] | None = None


class DirectorBriefed(Event, type="booking.briefing.given"):
    """The technical director (技术总监) is told of a coming day's comebacks and diagnoses, each car of a day once (Rule B6).

    `is_first`: nobody was told of that day before.
    """

    day: date
    is_first: bool
    cars: list[ComingCar]
