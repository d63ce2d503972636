"""Productivity, efficiency and utilisation (Rule W9): worked out of work and attendance, without a table or a clock."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chassis import Hours
from chassis.wire.values import basis_points
from contracts.booking.conversion import Formula
from contracts.workshop.performance import WorkingFigures
from services.workshop.shop_floor.clocking import full_minutes
from services.workshop.team.shifts import Stretch

FORMULAS = [
    Formula(rate="productivity", formula="clocked_minutes / attended_minutes"),
    Formula(rate="efficiency", formula="sold_hours * 60 / clocked_minutes"),
    Formula(rate="utilisation", formula="customer_minutes / attended_minutes"),
]


@dataclass(frozen=True)
class Worked:
    """A stretch of work of somebody on a line, and whether somebody else than the dealer pays for that."""

    line_id: str
    technician: str
    on_at: datetime
    off_at: datetime
    customer: bool = True

    @property
    def minutes(self) -> int:
        """Full ones."""
        return full_minutes(self.on_at, self.off_at)


@dataclass(frozen=True)
class Finished:
    """A line that was finished on a local day, with its flat-rate hours in hundredths, and who worked on it for how long."""

    day: date
    hours_units: int
    minutes: dict[str, int]

    def shares(self) -> Iterator[tuple[str, int]]:
        """The hours by who worked on it, in proportion to their minutes; together they are the line's, to the hundredth."""
        parts = dict(sorted(self.minutes.items()))
        whole = sum(parts.values())
        if not whole:  # within a minute
            parts, whole = dict.fromkeys(parts, 1), len(parts)
        so_far = given = 0
        for login, part in parts.items():
            so_far += part
            until = (2 * self.hours_units * so_far + whole) // (2 * whole)
            yield login, until - given
            given = until


@dataclass
class Sums:
    """What one person did on one day."""

    attended: timedelta = timedelta()
    planned: bool = False
    clocked: int = 0
    customer: int = 0
    sold: int = 0


@dataclass
class Book:
    """What everybody did on each local day of a period."""

    zone: ZoneInfo
    first: date
    last: date
    sums: dict[tuple[str, date], Sums] = field(default_factory=lambda: defaultdict(Sums))

    def attend(self, login: str, stretches: Iterable[Stretch], until: datetime) -> None:
        """They were to be there then, as far as that is over."""
        for day in self._days():
            self.sums[login, day].planned = True
        for begins, ends in stretches:
            for day, one, other in self._by_day(begins, min(ends, until)):
                self.sums[login, day].attended += other - one

    def work(self, worked: Worked) -> None:
        """They worked then: each minute is of the day in which it ends, so that the days add up to the stretch."""
        for day, one, other in self._by_day(worked.on_at, worked.off_at):
            minutes = full_minutes(worked.on_at, other) - full_minutes(worked.on_at, one)
            found = self.sums[worked.technician, day]
            found.clocked += minutes
            found.customer += minutes if worked.customer else 0

    def finish(self, line: Finished) -> None:
        """The line was sold by who worked on it."""
        for login, units in line.shares():
            self.sums[login, line.day].sold += units

    @property
    def logins(self) -> list[str]:
        """Everybody who is in it."""
        return sorted({login for login, _ in self.sums})

    def figures(self, *, of: Sequence[str] | None = None, on: date | None = None) -> WorkingFigures:
        """Of these people, or all; on that day, or all."""
        found = [one for (login, day), one in self.sums.items() if (of is None or login in of) and (on is None or day == on)]
        known = all(one.planned or not one.clocked for one in found) and any(one.planned for one in found)
        attended = sum((one.attended for one in found), timedelta()) // timedelta(minutes=1)
        clocked, customer, sold = (sum(getattr(one, name) for one in found) for name in ("clocked", "customer", "sold"))
        return WorkingFigures(
            attended_minutes=attended if known else None,
            clocked_minutes=clocked,
            customer_minutes=customer,
            sold_hours=Hours(sold),
            productivity=basis_points(clocked, attended) if known else None,
            efficiency=basis_points(sold * 60, clocked * 100),
            utilisation=basis_points(customer, attended) if known else None,
        )

    def _days(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)

    def _by_day(self, begins: datetime, ends: datetime) -> Iterator[tuple[date, datetime, datetime]]:
        """The parts of a stretch on the days of the period."""
        day = begins.astimezone(self.zone).date()
        while begins < ends:
            midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=self.zone).astimezone(UTC)
            if self.first <= day <= self.last:
                yield day, begins, min(ends, midnight)
            begins, day = midnight, day + timedelta(days=1)
