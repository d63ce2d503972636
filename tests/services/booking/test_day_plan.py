"""Rules B2 and B3: a day by hour and a fortnight, each one answer: load, tags, arrival, who waits, low-traffic offers."""

from datetime import date

import pytest

from contracts.booking.appointment import ArriveAppointment, CancelAppointment
from contracts.booking.calendar import Closure, OfferSlots
from contracts.booking.plan import GetDayPlan, GetFortnight
from tests.services.history import Reading, grow

DAY = date(2026, 3, 9)


def test_a_day_by_the_hour_with_load_tags_arrival_and_who_waits(desk, front, wall):
    front.opens(places=1)
    nine = front.books(tags=["comeback"])
    half_past = front.books(starts_at=wall("2026-03-09T09:30"), service_type="maintenance")
    front.books(starts_at=wall("2026-03-10T09:00"))
    waits = [front.books(wait_list=True) for _ in range(2)]
    off = front.books(starts_at=wall("2026-03-09T14:00"))
    desk.do(CancelAppointment(appointment_id=off.id, reason="ill"))
    desk.clock.set(wall("2026-03-09T08:55"))
    desk.do(ArriveAppointment(appointment_id=nine.id, bay="L1"))
    plan = desk.ask(GetDayPlan())
    assert (plan.day, plan.closed, plan.places, plan.taken) == (DAY, False, 2 * 18, 2)
    assert (plan.arrived, plan.awaited, plan.truncated) == (1, 1, False)
    assert {one.tag: one.cars for one in plan.tags} == {"booked": 2, "comeback": 1}
    hours = {one.starts_at: one for one in plan.hours}
    assert list(hours) == [wall(f"2026-03-09T{hour:02}:00") for hour in range(8, 18)]
    at_nine = hours[wall("2026-03-09T09:00")]
    assert [(one.id, one.status, one.bay) for one in at_nine.appointments] == [
        (nine.id, "arrived", "L1"),
        (half_past.id, "confirmed", None),
    ]
    assert (at_nine.places, at_nine.taken) == (4, 2)
    assert [(one.service_type, one.places, one.taken, one.free) for one in at_nine.types] == [
        ("maintenance", 2, 1, 1),
        ("repair", 2, 1, 1),
    ]
    assert (hours[wall("2026-03-09T08:00")].places, hours[wall("2026-03-09T17:00")].places) == (2, 2), "half hours"
    assert [one.status for one in hours[wall("2026-03-09T14:00")].appointments] == ["cancelled"]
    assert [one.id for one in plan.wait_list] == [one.id for one in waits]


def test_a_day_that_is_closed_still_tells_who_comes(desk, front, wall):
    booked = front.books()
    front.opens(closures=[Closure(day=DAY, reason="stocktake")])
    plan = desk.ask(GetDayPlan(day=DAY))
    assert (plan.closed, plan.closed_because, plan.places) == (True, "stocktake", 0)
    assert [one.id for hour in plan.hours for one in hour.appointments] == [booked.id]


def test_a_fortnight_with_its_load_who_waits_and_the_offers_of_each_type(desk, front, wall):
    front.opens(places=1)
    front.books()
    front.books(wait_list=True)
    found = desk.ask(GetFortnight())
    assert [one.day for one in found.days][:2] == [date(2026, 3, 2), date(2026, 3, 3)]
    assert len(found.days) == 14
    day = next(one for one in found.days if one.day == DAY)
    assert (day.booked, day.places, day.taken, day.waiting) == (1, 36, 1, 1)
    assert [(one.service_type, one.taken) for one in day.types] == [("maintenance", 0), ("repair", 1)]
    assert [one.service_type for one in found.offers] == ["maintenance", "repair"]
    for offered in found.offers:
        assert offered.items == desk.ask(OfferSlots(service_type=offered.service_type)).items
    later = desk.ask(GetFortnight(from_day=DAY, days=1))
    assert [one.day for one in later.days] == [DAY]


def test_another_dealers_day_is_its_own(desk, front):
    front.books()
    plan = desk.ask(GetDayPlan(day=DAY), dealer="bj-chaoyang")
    assert (plan.taken, [one for hour in plan.hours for one in hour.appointments]) == (0, [])


@pytest.mark.new_database
def test_they_cost_the_same_however_many_appointments_there_were(desk, front, wall):
    front.books()
    queries, long_ago = (GetDayPlan(day=DAY), GetFortnight()), wall("2024-03-11T09:00")
    history = {"starts_at": long_ago, "place_from": long_ago, "place_until": wall("2024-03-11T09:30"), "status": "'fulfilled'"}
    grow(desk, "appointment", 2_000, **history)
    assert max(Reading(desk, query).rows for query in queries) < 20
