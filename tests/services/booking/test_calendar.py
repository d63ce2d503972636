"""booking through its entrypoints: the dealer's calendar, and the slots on offer."""

from datetime import time

import pytest

from chassis.wire.errors import NotFound, NotYetKnown, Refused
from contracts.booking.calendar import GetCalendar, OfferSlots, OpeningHours


def test_the_emptiest_slots_of_the_coming_two_weeks_are_offered(desk, front, wall):
    front.opens(places=2, opens="09:00", closes="11:00")
    for hour in ("14:00", "14:30"):
        with pytest.raises(Refused):
            front.books(starts_at=wall(f"2026-03-03T{hour}"))
    front.books(starts_at=wall("2026-03-03T09:00"))
    offered = desk.ask(OfferSlots(service_type="repair")).items
    assert [one.starts_at for one in offered] == [wall(f"2026-03-03T{time}") for time in ("09:30", "10:00", "10:30")]
    assert [(one.free, one.expected_load) for one in offered] == [(2, 0)] * 3


def test_offers_know_what_was_booked_on_the_same_weekday_before(desk, front, wall):
    """Last year on this weekday, and two weeks ago, everything but 10:30 was full: 10:30 is offered, on every day like that."""
    front.opens(places=1, opens="09:00", closes="11:00", opening=[OpeningHours(weekday="monday", opens=time(9), closes=time(11))])
    for start in ("09:00", "09:30", "10:00"):
        front.books(starts_at=wall(f"2026-03-09T{start}"))
        front.books(starts_at=wall(f"2026-03-16T{start}"))
    desk.clock.set(wall("2026-03-22T12:00"))
    offered = desk.ask(OfferSlots(service_type="repair")).items
    assert [(one.starts_at, one.expected_load) for one in offered] == [
        (wall("2026-03-23T10:30"), 0),
        (wall("2026-03-30T10:30"), 0),
        (wall("2026-03-23T09:00"), 100),
    ]
    desk.clock.set(wall("2027-03-07T12:00"))
    offered = desk.ask(OfferSlots(service_type="repair")).items
    assert [one.starts_at for one in offered][:2] == [wall("2027-03-08T10:30"), wall("2027-03-15T10:30")]


def test_offers_leave_out_what_is_past_full_taken_of_the_advisor_or_beyond_two_weeks(desk, front, wall):
    front.opens(places=1, opening=[OpeningHours(weekday="monday", opens=time(11), closes=time(13))])
    front.books(starts_at=wall("2026-03-09T11:00"), advisor="wang", service_type="maintenance")
    front.books(starts_at=wall("2026-03-09T11:30"))

    def offered(**more):
        return [one.starts_at for one in desk.ask(OfferSlots(service_type="repair", **more)).items]

    assert offered() == [wall(f"2026-03-{slot}") for slot in ("02T12:30", "09T11:00", "09T12:00")]
    assert offered(advisor="wang") == [wall(f"2026-03-{slot}") for slot in ("02T12:30", "09T12:00", "09T12:30")]
    desk.clock.set(wall("2026-03-02T12:31"))
    assert offered()[0] == wall("2026-03-09T11:00")
    with pytest.raises(Refused, match="service_type_not_offered"):
        desk.ask(OfferSlots(service_type="body"))
    front.opens(opening=[OpeningHours(weekday="sunday", opens=time(9), closes=time(9, 30))])
    assert offered() == [wall("2026-03-08T09:00"), wall("2026-03-15T09:00")]


def test_each_dealer_has_its_calendar_and_changes_it_as_it_saw_it(desk, front):
    ours = desk.ask(GetCalendar())
    assert (ours.slot_minutes, ours.no_show_minutes, len(ours.opening), ours.version) == (30, 30, 5, 2)
    front.opens(slot_minutes=60)
    assert (desk.ask(GetCalendar()).slot_minutes, desk.ask(GetCalendar(), dealer="bj-chaoyang").slot_minutes) == (60, 30)


def test_a_dealer_nobody_has_registered_has_no_calendar_yet(desk, front):
    with pytest.raises(NotFound):
        desk.ask(GetCalendar(), dealer="gz-tianhe")
    with pytest.raises(NotYetKnown) as refusal:
        front.opens(dealer="gz-tianhe")
    assert refusal.value.details["field"] == "dealer"


def test_a_dealer_that_is_recorded_again_keeps_its_calendar(desk, front):
    desk.register("sh-pudong", name="Pudong")
    assert len(desk.ask(GetCalendar()).opening) == 5
    assert desk.parked() == []
