"""booking through its entrypoints: the dealer's calendar, and the slots on offer."""

from datetime import date

import pytest

from chassis.wire.errors import Invalid, NotFound, NotYetKnown, Refused
from contracts.booking.appointment import CancelAppointment
from contracts.booking.calendar import Capacity, Closure, GetCalendar, ListFreePlaces, OfferSlots, OpeningHours


def test_the_emptiest_slots_of_the_coming_two_weeks_are_offered(desk, front, wall):
    front.opens(places=2, opens="09:00", closes="11:00")
    for hour in ("14:00", "14:30"):
        with pytest.raises(Refused):
            front.books(starts_at=wall(f"2026-03-03T{hour}"))
    front.books(starts_at=wall("2026-03-03T09:00"))
    offered = desk.ask(OfferSlots(service_type="repair")).items
    assert [one.starts_at for one in offered] == [wall(f"2026-03-{at}") for at in ("03T09:30", "04T10:30", "05T09:00")]
    assert [(one.free, one.expected_load) for one in offered] == [(2, 0)] * 3


def test_offers_know_what_was_booked_on_the_same_weekday_before(desk, front, wall):
    """Last year on this weekday, and two weeks ago, everything but 10:30 was full: 10:30 is offered, on every day like that."""
    front.opens(places=1, opens="09:00", closes="11:00", opening=[OpeningHours(weekday="monday", opens="09:00", closes="11:00")])
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
    front.opens(places=1, opening=[OpeningHours(weekday="monday", opens="11:00", closes="13:00")])
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
    front.opens(opening=[OpeningHours(weekday="sunday", opens="09:00", closes="09:30")])
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


def test_a_calendar_says_whom_it_would_not_take_and_why(desk, front, wall):
    """Rule B2: closed on that day, one place less, or an advisor in two places; the last to book is the first to go."""
    front.opens(places=3, advisor_places=2)
    kept, pushed = (front.books(starts_at=wall("2026-03-09T09:00")) for _ in range(2))
    front.books(advisor="wang", starts_at=wall("2026-03-09T10:00"), service_type="maintenance")
    twice = front.books(advisor="wang", starts_at=wall("2026-03-09T10:00"))
    closed = front.books(starts_at=wall("2026-03-10T09:00"))
    answer = front.opens(
        capacity=[Capacity(service_type="repair", places=1), Capacity(service_type="maintenance", places=1)],
        closures=[Closure(day=date(2026, 3, 10), reason="stocktake")],
    )
    assert [(one.appointment_id, one.why) for one in answer.stranded] == [
        (pushed.id, "service_type_full"),
        (twice.id, "advisor_busy"),
        (closed.id, "closed"),
    ]
    assert (answer.stranded_count, answer.stranded[0].plate, answer.stranded[0].phone) == (3, "沪A12345", "13800000001")
    desk.do(CancelAppointment(appointment_id=kept.id, reason="sold the car"))
    assert [one.appointment_id for one in desk.ask(GetCalendar()).stranded] == [twice.id, closed.id]


def test_the_last_slot_of_a_day_may_end_at_midnight(desk, front, wall):
    front.opens(opens="00:00", closes="24:00")
    assert front.books(starts_at=wall("2026-03-09T23:30")).ends_at == wall("2026-03-10T00:00")


def test_free_places_are_told_day_by_day(desk, front, wall):
    """Monday has one place less at nine and none at half past; on Tuesday nothing is booked, and Saturday is closed."""
    front.opens(places=2, opens="09:00", closes="10:00")
    for start in ("09:00", "09:30", "09:30"):
        front.books(starts_at=wall(f"2026-03-09T{start}"), advisor=None if start == "09:30" else "wang")
    monday, tuesday = desk.ask(ListFreePlaces(service_type="repair", from_day=date(2026, 3, 9), days=2)).items
    assert (monday.day, monday.places, monday.free, [slot.free for slot in monday.slots]) == (date(2026, 3, 9), 4, 1, [1, 0])
    assert (tuesday.day, tuesday.places, tuesday.free) == (date(2026, 3, 10), 4, 4)
    (saturday,) = desk.ask(ListFreePlaces(service_type="repair", from_day=date(2026, 3, 14), days=1)).items
    assert (saturday.places, saturday.slots) == (0, [])
    (wang,) = desk.ask(ListFreePlaces(service_type="maintenance", from_day=date(2026, 3, 9), days=1, advisor="wang")).items
    assert [slot.free for slot in wang.slots] == [0, 2]
    assert len(desk.ask(ListFreePlaces(service_type="repair")).items) == 14
    with pytest.raises(Refused, match="service_type_not_offered"):
        desk.ask(ListFreePlaces(service_type="body"))


def test_a_day_is_closed_once(desk, front):
    front.opens(closures=[Closure(day=date(2026, 10, 1), reason="国庆"), Closure(day=date(2026, 10, 2), reason="国庆")])
    with pytest.raises(Invalid) as refused:
        front.opens(closures=[Closure(day=date(2026, 10, 1), reason="国庆"), Closure(day=date(2026, 10, 1), reason="Inventory")])
    assert refused.value.details["errors"] == {"closures": ["day_named_twice"]}
    assert len(desk.ask(GetCalendar()).closures) == 2
