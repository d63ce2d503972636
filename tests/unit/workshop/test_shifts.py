"""Shifts by weekday on the dealer's clock (Rule W9): nights, summer time, absences, and when work is done in them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chassis.wire.errors import Invalid
from contracts.workshop.attendance import Shift
from services.workshop.team.shifts import planned, stretches, without, worked_off

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def night(weekday: Any) -> list[Shift]:
    return [Shift(weekday=weekday, begins="22:00", ends="06:00")]


def test_a_shift_over_midnight_ends_on_the_next_day_and_is_as_long_as_the_night_is() -> None:
    """Rule W9: an hour shorter when summer time begins, an hour longer when it ends."""
    for weekday, day, hours in (
        ("friday", date(2026, 3, 20), 8),
        ("saturday", date(2026, 3, 28), 7),
        ("saturday", date(2026, 10, 24), 9),
    ):
        [(begins, ends)] = stretches(planned(night(weekday)), day, day, BERLIN)
        assert begins.astimezone(BERLIN).hour == 22
        assert (ends.astimezone(BERLIN).hour, ends - begins) == (6, hours * HOUR)


def test_a_week_has_each_shift_on_its_weekday() -> None:
    """Several on one day, and one until 24:00."""
    kept = planned(
        [
            Shift(weekday="tuesday", begins="13:00", ends="24:00"),
            Shift(weekday="monday", begins="08:00", ends="12:00"),
            Shift(weekday="tuesday", begins="08:00", ends="12:00"),
        ]
    )
    assert [(one["weekday"], one["begins"]) for one in kept] == [("monday", "08:00"), ("tuesday", "08:00"), ("tuesday", "13:00")]
    assert stretches(kept, date(2026, 3, 2), date(2026, 3, 8), ZoneInfo("UTC")) == [
        (at(2, 8), at(2, 12)),
        (at(3, 8), at(3, 12)),
        (at(3, 13), at(4, 0)),
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("monday", "08:00", "12:00"), ("monday", "11:59", "13:00")),
        (("monday", "22:00", "06:00"), ("tuesday", "05:00", "13:00")),
        (("sunday", "22:00", "06:00"), ("monday", "05:59", "13:00")),
        (("monday", "08:00", "12:00"), ("monday", "07:00", "13:00")),
    ],
)
def test_shifts_that_overlap_are_refused_over_midnight_and_over_the_week_too(first: Any, second: Any) -> None:
    shifts = [Shift(weekday=day, begins=begins, ends=ends) for day, begins, ends in (first, second)]
    for given in (shifts, shifts[::-1]):
        with pytest.raises(Invalid) as refused:
            planned(given)
        assert refused.value.details["errors"] == {"shifts.1": ["shifts_overlap"]}
    with pytest.raises(Invalid, match="must_be_another_time"):
        planned([Shift(weekday="monday", begins="08:00", ends="08:00")])


def test_absence_is_taken_out_of_attendance() -> None:
    day = [(at(2, 8), at(2, 12)), (at(2, 13), at(2, 17))]
    assert without(day, [(at(2, 11), at(2, 14))]) == [(at(2, 8), at(2, 11)), (at(2, 14), at(2, 17))]
    assert without(day, [(at(2, 9), at(2, 10))]) == [(at(2, 8), at(2, 9)), (at(2, 10), at(2, 12)), (at(2, 13), at(2, 17))]
    assert without(day, [(at(2, 0), at(3, 0))]) == []
    assert without(day, []) == day


def test_work_is_done_in_attendance_only() -> None:
    """Nothing to do is done as soon as somebody is there; what does not fit in is never done."""
    day = [(at(2, 8), at(2, 12)), (at(2, 13), at(2, 17))]
    assert worked_off(day, at(2, 11), 2 * HOUR) == at(2, 14)
    assert worked_off(day, at(2, 7), 4 * HOUR) == at(2, 12)
    assert worked_off(day, at(2, 12), timedelta()) == at(2, 13)
    assert worked_off(day, at(2, 11), 6 * HOUR) is None
