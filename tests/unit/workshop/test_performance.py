"""Rule W9: productivity, efficiency and utilisation, each with what it is made of, on the local days on which it happened."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from chassis.wire.values import Hours
from services.workshop.shop_floor.performance import FORMULAS, Book, Finished, Worked

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=zone)


def worked(on_at: datetime, off_at: datetime, technician: str = "zhang", *, customer: bool = True) -> Worked:
    return Worked("line", technician, on_at, off_at, customer)


@pytest.fixture
def book() -> Book:
    """Monday and Tuesday; zhang was to be there from eight to five, and an hour of it is yet to come."""
    book = Book(SHANGHAI, MONDAY, date(2026, 3, 3))
    book.attend("zhang", [(at(2, 8), at(2, 17)), (at(3, 8), at(3, 17))], at(3, 16))
    return book


def test_each_rate_has_its_numerator_and_denominator(book: Book) -> None:
    """9 + 8 hours attended; 6 clocked, 4 of them for customers; 7.5 sold."""
    book.work(worked(at(2, 9), at(2, 13)))
    book.work(worked(at(3, 9), at(3, 11), customer=False))
    book.finish(Finished(MONDAY, 750, {"zhang": 240}))
    found = book.figures()
    assert (found.attended_minutes, found.clocked_minutes, found.customer_minutes) == (17 * 60, 360, 240)
    assert found.sold_hours == Hours.of("7.50")
    assert (found.productivity, found.efficiency, found.utilisation) == (3529, 12500, 2353)
    assert [one.rate for one in FORMULAS] == ["productivity", "efficiency", "utilisation"]
    tuesday = book.figures(on=date(2026, 3, 3))
    assert (tuesday.attended_minutes, tuesday.clocked_minutes, tuesday.efficiency) == (480, 120, 0)


def test_work_across_midnight_is_of_both_days_and_adds_up_to_the_minute(book: Book) -> None:
    """What began before the period or goes on after it counts with its part."""
    stretch = worked(at(2, 22).replace(second=30), at(3, 1, 30).replace(second=29))
    book.work(stretch)
    days = [book.figures(on=day).clocked_minutes for day in (MONDAY, date(2026, 3, 3))]
    assert (days, stretch.minutes) == ([119, 90], 209)
    book.work(worked(at(1, 23), at(2, 1)))
    assert book.figures(on=MONDAY).clocked_minutes == 119 + 60


def test_a_night_in_which_the_clock_changes_is_as_long_as_it_is() -> None:
    book = Book(BERLIN, date(2026, 3, 29), date(2026, 3, 29))
    book.attend("zhang", [(at(28, 22, zone=BERLIN), at(29, 6, zone=BERLIN))], at(30, 0, zone=BERLIN))
    assert book.figures().attended_minutes == 5 * 60


def test_sold_hours_are_shared_by_who_worked_on_the_line_for_how_long() -> None:
    """Together they are the line's, to the hundredth; within a minute everybody has the same."""
    line = Finished(MONDAY, 100, {"chen": 20, "wang": 20, "zhang": 20})
    assert dict(line.shares()) == {"chen": 33, "wang": 34, "zhang": 33}
    assert dict(Finished(MONDAY, 150, {"chen": 20, "zhang": 40}).shares()) == {"chen": 50, "zhang": 100}
    assert dict(Finished(MONDAY, 50, {"chen": 0, "zhang": 0}).shares()) == {"chen": 25, "zhang": 25}


def test_where_somebody_worked_without_a_shift_nobody_knows_how_long_they_were_there(book: Book) -> None:
    """Their attendance, and that of all together; not that of the others, nor what they are without any work."""
    assert book.figures(of=["chen"]).attended_minutes is None
    assert book.figures().attended_minutes == 17 * 60
    book.work(worked(at(2, 9), at(2, 10), "chen"))
    for found in (book.figures(), book.figures(of=["chen"])):
        assert (found.attended_minutes, found.productivity, found.utilisation, found.clocked_minutes) == (None, None, None, 60)
    assert book.figures(of=["zhang"]).productivity == 0


def test_nothing_worked_divides_by_nothing(book: Book) -> None:
    assert book.figures().efficiency is None
    empty = Book(SHANGHAI, MONDAY, MONDAY).figures()
    assert (empty.attended_minutes, empty.productivity, empty.clocked_minutes) == (None, None, 0)
