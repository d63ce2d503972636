"""Rule B2: when cars are taken in. Slots are counted in the dealer's time zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Invalid, Refused
from contracts.booking.calendar import Capacity, Closure, OpeningHours, SetCalendar
from services.booking.calendar.calendar import WEEKDAYS, Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def hours(weekday="monday", opens="08:30", closes="17:30"):
    return OpeningHours(weekday=weekday, opens=opens, closes=closes)


def a_calendar(*opening, **changes):
    calendar = Calendar.with_defaults("CNY")
    facts = {"opening": list(opening) or [hours()], "capacity": [Capacity(service_type="repair", places=2)]}
    calendar.replace(SetCalendar(**{**facts, **changes}), "CNY")
    return calendar


def local(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def test_a_day_has_a_slot_every_half_hour_from_opening_and_none_that_ends_after_closing():
    slots = a_calendar(hours(opens="08:30", closes="10:15")).slots(MONDAY, SHANGHAI)
    assert slots == [local("2026-03-02T08:30"), local("2026-03-02T09:00"), local("2026-03-02T09:30")]


def test_a_weekday_may_close_for_lunch():
    calendar = a_calendar(hours(opens="13:00", closes="14:00"), hours(opens="11:00", closes="12:00"), slot_minutes=60)
    assert calendar.slots(MONDAY, SHANGHAI) == [local("2026-03-02T11:00"), local("2026-03-02T13:00")]


def test_there_are_no_slots_on_other_weekdays_and_on_closures():
    calendar = a_calendar(closures=[Closure(day=date(2026, 3, 9), reason="stocktake")])
    assert calendar.slots(date(2026, 3, 3), SHANGHAI) == []
    assert calendar.slots(date(2026, 3, 9), SHANGHAI) == []
    assert calendar.slots(date(2026, 3, 16), SHANGHAI) != []


def test_the_weekday_is_the_dealers_not_the_servers():
    """Monday 08:30 in Shanghai is Monday 00:30 UTC, but 07:30 there is still Sunday in UTC."""
    calendar = a_calendar(hours(opens="07:30", closes="08:30"))
    assert calendar.slots(MONDAY, SHANGHAI)[0] == datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    calendar.check(datetime(2026, 3, 8, 23, 30, tzinfo=UTC), now=NOON, zone=SHANGHAI)


def test_an_opening_hour_that_daylight_saving_skips_has_no_slots_and_one_it_repeats_has_twice_as_many():
    night = a_calendar(hours("sunday", "01:00", "04:00"))
    assert len(night.slots(date(2026, 3, 1), NEW_YORK)) == 6
    assert len(night.slots(date(2026, 3, 8), NEW_YORK)) == 4
    assert len(night.slots(date(2026, 11, 1), NEW_YORK)) == 8


def test_ten_o_clock_is_ten_o_clock_before_and_after_the_clocks_change():
    calendar = a_calendar(hours("saturday", "10:00", "10:30"), hours("sunday", "10:00", "10:30"))
    assert calendar.slots(date(2026, 3, 7), NEW_YORK) == [datetime(2026, 3, 7, 15, tzinfo=UTC)]
    assert calendar.slots(date(2026, 3, 8), NEW_YORK) == [datetime(2026, 3, 8, 14, tzinfo=UTC)]


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
    st.times(),
    st.times(),
    st.integers(5, 480),
)
def test_slots_never_overlap_and_each_of_them_may_be_booked(day, zone, one, other, minutes):
    opens, closes = sorted((one.replace(second=0, microsecond=0), other.replace(second=0, microsecond=0)))
    if opens == closes:
        return
    zone = ZoneInfo(zone)
    calendar = a_calendar(
        OpeningHours(weekday=WEEKDAYS[day.weekday()], opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}"), slot_minutes=minutes
    )
    slots = calendar.slots(day, zone)
    assert all(later - earlier == timedelta(minutes=minutes) for earlier, later in pairwise(slots))
    for slot in slots:
        calendar.check(slot, now=slot - timedelta(seconds=1), zone=zone)


@pytest.mark.parametrize("time_of_day", ["08:31", "09:15", "17:15", "08:30:01"])
def test_a_time_between_two_slots_is_refused_by_field(time_of_day):
    with pytest.raises(Invalid) as refusal:
        a_calendar().check(local(f"2026-03-09T{time_of_day}"), now=NOON, zone=SHANGHAI)
    assert refusal.value.details["errors"] == {"starts_at": ['not_the_start_of_a_slot {"minutes": 30, "opens": "08:30"}']}


@pytest.mark.parametrize("when", ["2026-03-09T08:00", "2026-03-09T17:30", "2026-03-10T09:00", "2026-03-16T09:00"])
def test_a_time_outside_opening_hours_or_on_a_closure_is_refused_by_name(when):
    calendar = a_calendar(closures=[Closure(day=date(2026, 3, 16), reason="holiday")])
    with pytest.raises(Refused, match="closed") as refusal:
        calendar.check(local(when), now=NOON, zone=SHANGHAI)
    assert refusal.value.details["field"] == "starts_at"


@pytest.mark.parametrize(("when", "rule"), [("2026-03-02T12:00", "must_be_future"), ("2099-03-02T12:00", "too_far_ahead")])
def test_a_time_that_is_past_or_out_of_sight_is_refused_by_field(when, rule):
    with pytest.raises(Invalid) as refusal:
        a_calendar().check(local(when), now=NOON, zone=SHANGHAI)
    assert rule in str(refusal.value.details["errors"]["starts_at"])


def test_a_new_dealer_is_closed():
    with pytest.raises(Refused, match="closed"):
        Calendar.with_defaults("CNY").check(local("2026-03-09T09:00"), now=NOON, zone=SHANGHAI)


def test_a_service_type_that_is_not_named_has_no_places():
    assert a_calendar().places("repair") == 2
    assert a_calendar().places("body") == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opening": [hours(opens="17:00", closes="08:00")]}, "opening"),
        ({"opening": [hours(opens="08:00", closes="08:00")]}, "opening"),
        ({"opening": [hours(closes="12:00"), hours(opens="11:59")]}, "opening"),
        ({"capacity": [Capacity(service_type="repair", places=1), Capacity(service_type="repair", places=2)]}, "capacity"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused_by_field(changes, field):
    with pytest.raises(Invalid) as refusal:
        a_calendar(**changes)
    assert list(refusal.value.details["errors"]) == [field]
