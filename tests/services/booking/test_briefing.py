"""Rule B6: the technical director hears beforehand of a day's comebacks and diagnoses, once of each car."""

from datetime import date, timedelta

import pytest

from contracts.booking.appointment import AmendAppointment, CancelAppointment, RescheduleAppointment
from contracts.booking.briefing import GetBriefing
from contracts.booking.briefing_events import DirectorBriefed
from contracts.booking.calendar import Closure
from tests.services.history import Reading, grow

MONDAY = date(2026, 3, 9)


def told(desk, dealer=None):
    """(day, whether first, plates' appointments) of each fact."""
    return [(one.day, one.is_first, [car.appointment_id for car in one.cars]) for one in desk.announced(DirectorBriefed)]


def at(desk, moment):
    desk.clock.set(moment)
    desk.fire_timers()


def test_rule_b6_on_the_evening_before_the_director_hears_of_the_day_once(desk, front, wall):
    """All of a day in one fact, with tags and complaint; not of other work; not again, when the clock is set back or later."""
    second = front.books(tags=["comeback"], starts_at=wall("2026-03-10T11:00"), complaint="still squeaks")
    first = front.books(tags=["diagnosis"], starts_at=wall("2026-03-10T09:00"))
    front.books(starts_at=wall("2026-03-10T10:00"))
    at(desk, wall("2026-03-09T17:29"))
    assert told(desk) == []
    at(desk, wall("2026-03-09T17:30"))
    assert told(desk) == [(date(2026, 3, 10), True, [first.id, second.id])]
    [fact] = desk.announced(DirectorBriefed)
    assert (fact.cars[1].tags, fact.cars[1].complaint, fact.cars[1].plate) == (
        ["booked", "comeback"],
        "still squeaks",
        "沪A12345",
    )
    at(desk, wall("2026-03-09T12:00"))
    desk.do(AmendAppointment(appointment_id=first.id, tags=["diagnosis"], complaint="and noisy"))
    at(desk, wall("2026-03-10T08:00"))
    assert len(told(desk)) == 1


def test_rule_b6_what_is_booked_later_in_the_evening_is_added_once(desk, front, wall):
    """At once, and alone."""
    first = front.books(tags=["diagnosis"], starts_at=wall("2026-03-10T09:00"))
    at(desk, wall("2026-03-09T18:00"))
    added = front.books(tags=["comeback"], starts_at=wall("2026-03-10T14:00"))
    desk.fire_timers()
    at(desk, wall("2026-03-09T19:00"))
    assert told(desk) == [(date(2026, 3, 10), True, [first.id]), (date(2026, 3, 10), False, [added.id])]
    briefing = desk.ask(GetBriefing())
    assert [one.appointment.id for one in briefing.cars] == [first.id, added.id]
    assert [one.told_at for one in briefing.cars] == [wall("2026-03-09T18:00")] * 2
    assert (briefing.day, briefing.due_at, briefing.told_at) == (
        date(2026, 3, 10),
        wall("2026-03-09T17:30"),
        wall("2026-03-09T18:00"),
    )


def test_rule_b6_after_closed_days_the_director_hears_on_the_last_open_one(desk, front, wall):
    """Of Monday on Friday; with Friday closed, on Thursday."""
    monday = front.books(tags=["diagnosis"])
    at(desk, wall("2026-03-06T17:30"))
    assert told(desk) == [(MONDAY, True, [monday.id])]
    front.opens(closures=[Closure(day=date(2026, 3, 13), reason="stocktake")])
    front.books(tags=["diagnosis"], starts_at=wall("2026-03-16T09:00"))
    at(desk, wall("2026-03-12T17:29"))
    assert len(told(desk)) == 1
    at(desk, wall("2026-03-12T17:30"))
    assert told(desk)[-1][0] == date(2026, 3, 16)


def test_rule_b6_what_moved_or_is_off_is_not_told(desk, front, wall):
    """It is told for the day it moved to, and a day without any has no fact."""
    moved, off = front.books(tags=["comeback"]), front.books(tags=["diagnosis"])
    desk.do(RescheduleAppointment(appointment_id=moved.id, starts_at=wall("2026-03-11T09:00"), reason="busy"))
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    at(desk, wall("2026-03-09T09:00"))
    assert told(desk) == []
    at(desk, wall("2026-03-10T17:30"))
    assert told(desk) == [(date(2026, 3, 11), True, [moved.id])]


def test_rule_b6_the_dealer_says_when_the_director_hears(desk, front, wall):
    """Also of what is booked already."""
    front.books(tags=["comeback"])
    front.opens(briefing_time="08:00")
    at(desk, wall("2026-03-06T08:00"))
    assert [one[0] for one in told(desk)] == [MONDAY]
    front.opens(dealer="bj-chaoyang", briefing_time="12:00")
    front.books(tags=["comeback"], dealer="bj-chaoyang")
    at(desk, wall("2026-03-06T11:59"))
    assert len(told(desk)) == 1
    at(desk, wall("2026-03-06T12:00"))
    assert len(told(desk)) == 2


def test_rule_b6_of_two_leaders_that_fire_a_days_timers_one_tells(desk, front, wall):
    """Each of the two finds what the other told; a leader that died in between leaves its timer to the next one."""
    first, second = front.books(tags=["comeback"]), front.books(tags=["diagnosis"], starts_at=wall("2026-03-09T10:00"))
    desk.clock.set(wall("2026-03-06T17:30"))
    use_case = desk.service.timers()["brief_director"]
    due = [one for one in desk.executor.due_timers(100) if one.name == "brief_director"]
    assert {one.subject for one in due} == {first.id, second.id}
    for one in (*due, *due):  # the second leader had found the same
        desk.executor.fire(one, use_case)
    assert told(desk) == [(MONDAY, True, [first.id, second.id])]


def test_rule_b6_the_day_shows_what_is_not_told_yet(desk, front, wall):
    """The next open day, if none is named."""
    booked = front.books(tags=["diagnosis"])
    desk.clock.set(wall("2026-03-06T12:00"))
    briefing = desk.ask(GetBriefing())
    assert (briefing.day, briefing.told_at, [one.told_at for one in briefing.cars]) == (MONDAY, None, [None])
    assert briefing.cars[0].appointment.id == booked.id
    assert desk.ask(GetBriefing(day=MONDAY + timedelta(days=1))).cars == []


@pytest.mark.new_database
def test_rule_b6_it_costs_the_same_however_many_appointments_there_were(desk, front, wall):
    front.books(tags=["diagnosis"])
    long_ago = wall("2024-03-11T09:00")
    history = {"starts_at": long_ago, "place_from": long_ago, "place_until": wall("2024-03-11T09:30"), "status": "'fulfilled'"}
    grow(desk, "appointment", 2_000, **history)
    assert Reading(desk, GetBriefing()).rows < 20
