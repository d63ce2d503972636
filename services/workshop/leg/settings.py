"""When the dealer fetches and brings cars (Rule B14), and how many at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerSettings, document
from chassis.wire.wall import on_the_wall, require_apart
from contracts.booking.calendar import Weekday
from contracts.workshop import leg_settings as contract
from contracts.workshop.leg_settings import LegInterval, StrandedLeg
from services.workshop.model import Base

STRANDED_SHOWN = 200
WEEKDAYS: tuple[str, ...] = get_args(Weekday)


@dataclass(frozen=True)
class Window:
    """An interval on a day: from when to when, and how many legs it takes."""

    begins_at: datetime
    ends_at: datetime
    legs: int


class LegSettings(DealerSettings, Base):
    """One per dealer; without an interval no car is fetched or brought."""

    __tablename__ = "leg_settings"

    intervals: Mapped[list[dict[str, Any]]] = mapped_column(document)

    @classmethod
    def with_defaults(cls, currency: str) -> "LegSettings":
        """Nobody drives until the service manager says when."""
        return cls(intervals=[])

    def replace(self, intervals: list[LegInterval]) -> None:
        """Take new intervals. Raises Invalid naming the one that ends before it begins, or overlaps another."""
        require_apart("intervals", [(one.weekday, one.begins, one.ends) for one in intervals])
        self.intervals = [one.dump() for one in intervals]

    def windows(self, day: date, zone: ZoneInfo) -> Iterator[Window]:
        """Those of a local day, the earliest first."""
        of_day = [one for one in map(LegInterval.load, self.intervals) if one.weekday == WEEKDAYS[day.weekday()]]
        for one in sorted(of_day, key=lambda one: one.begins):
            yield Window(on_the_wall(day, one.begins, zone), on_the_wall(day, one.ends, zone), one.legs)

    def describe(self, stranded: Sequence[StrandedLeg] = ()) -> contract.LegSettings:
        """The intervals as they are answered, with the legs that they would not take."""
        return contract.LegSettings(
            id=self.id,
            version=self.version,
            intervals=[LegInterval.load(one) for one in self.intervals],
            stranded=[*stranded[:STRANDED_SHOWN]],
            stranded_count=len(stranded),
        )
