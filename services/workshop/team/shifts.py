"""Shifts by weekday, on the dealer's clock, and the stretches of time they come to (Rule W9). Nothing here reads a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypedDict, get_args
from zoneinfo import ZoneInfo

from chassis import Invalid
from contracts.booking.calendar import Weekday
from contracts.workshop import attendance as contract

Stretch = tuple[datetime, datetime]
"""From a moment to another; the second is no part of it."""

WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
DAY, WEEK = 24 * 60, 7 * 24 * 60


class PlannedShift(TypedDict):
    """A shift as it is kept, and as it is answered."""

    weekday: Weekday
    begins: str
    ends: str


def planned(given: Sequence[contract.Shift]) -> list[PlannedShift]:
    """The shifts as they are kept, in the order of the week. Raises Invalid naming one that overlaps another or has no length."""
    taken: list[tuple[int, int]] = []
    for index, one in enumerate(given):
        begin, minutes = WEEKDAYS.index(one.weekday) * DAY + _minutes(one.begins), _length(one.begins, one.ends)
        if not minutes:
            raise Invalid.field(f"shifts.{index}.ends", "must_be_another_time")
        for other, length in taken:
            if (begin - other) % WEEK < length or (other - begin) % WEEK < minutes:
                raise Invalid.field(f"shifts.{index}", "shifts_overlap")
        taken.append((begin, minutes))
    kept = [PlannedShift(weekday=one.weekday, begins=one.begins, ends=one.ends) for one in given]
    return sorted(kept, key=lambda one: (WEEKDAYS.index(one["weekday"]), one["begins"]))


def shown(kept: Iterable[PlannedShift]) -> list[contract.Shift]:
    """The shifts as they are answered."""
    return [contract.Shift(**one) for one in kept]


def stretches(shifts: Iterable[PlannedShift], first: date, last: date, zone: ZoneInfo) -> list[Stretch]:
    """What begins on these local days, both included, in the order of time.

    A night in which the clock changes is as long as it is.
    """
    kept = list(shifts)
    return sorted(
        (_on_the_wall(day, one["begins"], zone), _on_the_wall(day + _overnight(one), one["ends"], zone))
        for day in _days(first, last)
        for one in kept
        if one["weekday"] == WEEKDAYS[day.weekday()]
    )


def without(attended: Iterable[Stretch], absent: Sequence[Stretch]) -> list[Stretch]:
    """What is left of the stretches of attendance beside those of absence."""
    left = list(attended)
    for begins, ends in absent:
        left = [part for one, other in left for part in ((one, min(other, begins)), (max(one, ends), other)) if part[0] < part[1]]
    return left


def joined(attended: Iterable[Stretch]) -> list[Stretch]:
    """The same with what follows on without a break in one: a day that ends at 24:00 goes on at 00:00."""
    whole: list[Stretch] = []
    for begins, ends in attended:
        if whole and begins <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(ends, whole[-1][1])
        else:
            whole.append((begins, ends))
    return whole


def closing_after(at: datetime, closes: Callable[[date], datetime], zone: ZoneInfo) -> datetime:
    """When the shop closes, or the day ends, at least an hour after that moment: who begins shortly before works on past it."""
    day = at.astimezone(zone).date()
    ends = (end for each in (day, day + timedelta(days=1)) for end in (closes(each), _on_the_wall(each, "24:00", zone)))
    return next(one for one in ends if one - at >= timedelta(hours=1))


def worked_off(attended: Iterable[Stretch], at: datetime, work: timedelta) -> datetime | None:
    """When, from a moment on, so much work is done in these stretches; the moment of the next attendance, if it is none.

    None where the stretches end before.
    """
    for begins, ends in attended:
        start = max(begins, at)
        if start >= ends:
            continue
        if work <= ends - start:
            return start + work
        work -= ends - start
    return None


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _overnight(one: PlannedShift) -> timedelta:
    return timedelta(days=int(_minutes(one["ends"]) <= _minutes(one["begins"])))


def _length(begins: str, ends: str) -> int:
    length = _minutes(ends) - _minutes(begins)
    return length if length >= 0 else length + DAY


def _minutes(told: str) -> int:
    hours, minutes = told.split(":")
    return int(hours) * 60 + int(minutes)


def _on_the_wall(day: date, told: str, zone: ZoneInfo) -> datetime:
    """The moment at which the clock on the wall shows that; 24:00 is the next day's beginning."""
    days, minutes = divmod(_minutes(told), DAY)
    return datetime.combine(day + timedelta(days=days), time(minutes // 60, minutes % 60), tzinfo=zone).astimezone(UTC)
