"""When the dealer is open, as booking announced it (Rule B2)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Projection, Work, document
from chassis.wire.wall import on_the_wall
from contracts.booking.calendar import OpeningHours, Weekday
from services.workshop.model import Base

WEEKDAYS: tuple[str, ...] = get_args(Weekday)
UNTOLD = ("08:00", "20:00")
"""The hours of every day, of a dealer whose calendar was never set."""


class KnownOpening(Projection, Base):
    """Hours and closures of the dealer's calendar; its id is the calendar's."""

    __tablename__ = "known_opening"

    facts: Mapped[dict[str, Any]] = mapped_column(document)


class Opening:
    """When the dealer is open, as far as we know; read once, asked day by day."""

    def __init__(self, work: Work) -> None:
        known = work.first(select(KnownOpening))
        self._zone = work.profile.zone
        self._hours = None if known is None else [OpeningHours.load(one) for one in known.facts["opening"]]
        self._closed: set[str] = set() if known is None else set(known.facts["closed_on"])

    def is_closed(self, day: date) -> bool:
        """Whether the calendar says that the dealer is closed on that local day: a holiday, whatever the weekday's hours are."""
        return day.isoformat() in self._closed

    def opens_on(self, day: date) -> bool:
        """Whether the dealer is open at any time of that local day."""
        return any(True for _ in self.periods(day))

    def stretches(self, first: date, last: date) -> list[tuple[datetime, datetime]]:
        """When the dealer is open on these local days, both included."""
        return [one for number in range((last - first).days + 1) for one in self.periods(first + timedelta(days=number))]

    def closes(self, day: date) -> datetime:
        """When the dealer closes on a local day, the last time; when the day ends, if it is closed."""
        return max((closes for _, closes in self.periods(day)), default=on_the_wall(day, "24:00", self._zone))

    def periods(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """From when to when on a local day, the earliest first."""
        if self._hours is None:
            hours = [UNTOLD]
        elif day.isoformat() in self._closed:
            hours = []
        else:
            hours = [(one.opens, one.closes) for one in self._hours if one.weekday == WEEKDAYS[day.weekday()]]
        for opens, closes in sorted(hours):
            yield on_the_wall(day, opens, self._zone), on_the_wall(day, closes, self._zone)
