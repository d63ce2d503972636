"""Rule B2: capacity is about stretches of time, whatever grid, advisor or appointment they belong to."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from contracts.booking.appointment import AmendAppointment, ArriveAppointment
from contracts.workshop.events import WorkOrderOpened
from tests.services.booking.places import taken


def test_no_stretch_of_time_holds_more_cars_than_places_whatever_grid_they_were_booked_in(desk, front, wall):
    """Rule B2: 08:45 to 09:15 and 09:00 to 09:30 share a quarter of an hour, though their slots are called differently."""
    front.opens(places=1)
    front.books(starts_at=wall("2026-03-09T09:00"))
    front.opens(places=1, opens="08:45")
    for refused in ("2026-03-09T08:45", "2026-03-09T09:15"):
        with pytest.raises(Refused, match="slot_full"):
            front.books(starts_at=wall(refused))
    assert front.books(starts_at=wall("2026-03-09T09:45")).status == "confirmed"


def test_longer_slots_see_every_shorter_one_within_them(desk, front, wall):
    """One car at 09:00 and one at 09:30 are one at a time: a slot of an hour with two places still takes one, and not two."""
    front.opens(places=2)
    for start in ("09:00", "09:30"):
        front.books(starts_at=wall(f"2026-03-09T{start}"))
    front.opens(places=2, opens="09:00", closes="18:00", slot_minutes=60)
    assert front.books(starts_at=wall("2026-03-09T09:00")).status == "confirmed"
    with pytest.raises(Refused, match="slot_full"):
        front.books(starts_at=wall("2026-03-09T09:00"))


def test_an_advisor_is_not_in_two_places_after_the_grid_changed(desk, front, wall):
    front.opens(places=9)
    front.books(advisor="wang", starts_at=wall("2026-03-09T09:00"))
    front.opens(places=9, opens="08:45")
    with pytest.raises(Refused, match="advisor_busy"):
        front.books(advisor="wang", starts_at=wall("2026-03-09T09:15"))


def test_who_comes_after_all_has_the_place_again_unless_somebody_got_it(desk, front, wall):
    """Rule B5: a no-show may come back the same day."""
    front.opens(places=1)
    first = front.books()
    desk.clock.set(first.starts_at + timedelta(minutes=29))
    second = front.books(starts_at=wall("2026-03-09T10:00"))
    desk.clock.set(second.starts_at + timedelta(minutes=30))
    desk.fire_timers()
    desk.clock.set(second.starts_at + timedelta(hours=1))
    came = desk.do(ArriveAppointment(appointment_id=first.id, confirm_second_appointment=True))
    assert (came.status, came.has_place) == ("arrived", True)
    assert taken(desk) == {desk.clock.now(): 1}, "the car is here now, and not at nine"
    desk.clock.set(second.starts_at + timedelta(days=1))
    with pytest.raises(Refused, match="appointment_missed"):
        desk.do(ArriveAppointment(appointment_id=second.id))


def test_another_advisor_must_be_free(desk, front, wall):
    """Rule B4: what is booked may change, its place and its time stay."""
    front.opens(places=9)
    booked, _ = front.books(advisor="wang"), front.books(advisor="zhao")
    with pytest.raises(Refused, match="advisor_busy"):
        desk.do(AmendAppointment(appointment_id=booked.id, advisor="zhao"))
    assert taken(desk, advisor="wang") == {booked.starts_at: 1}
    amended = desk.do(AmendAppointment(appointment_id=booked.id, advisor="chen"))
    assert (amended.starts_at, taken(desk, advisor="wang"), taken(desk, advisor="chen")) == (
        booked.starts_at,
        {},
        {booked.starts_at: 1},
    )


def test_a_car_that_comes_hours_early_counts_when_it_is_here(desk, front, wall):
    """Rule B5: its place in the afternoon is free for others; the place it takes now is not."""
    front.opens(places=1)
    early = front.books(starts_at=wall("2026-03-09T14:00"), advisor="wang")
    desk.clock.set(wall("2026-03-09T09:10"))
    came = desk.do(ArriveAppointment(appointment_id=early.id))
    assert (came.starts_at, came.has_place, taken(desk)) == (early.starts_at, True, {desk.clock.now(): 1})
    with pytest.raises(Refused, match="slot_full"):
        front.books(starts_at=wall("2026-03-09T09:30"))
    assert front.books(starts_at=wall("2026-03-09T14:00"), advisor="wang").has_place


def test_a_car_that_comes_early_to_a_full_shop_has_no_place_and_takes_none(desk, front, wall):
    """Rule B2: no stretch of time holds more cars than places, whoever comes when. A minute early is at its time."""
    front.opens(places=1)
    here, early, next_one = (front.books(starts_at=wall(f"2026-03-09T{at}")) for at in ("09:00", "14:00", "09:30"))
    desk.clock.set(wall("2026-03-09T08:59"))
    assert desk.do(ArriveAppointment(appointment_id=here.id)).has_place
    assert not desk.do(ArriveAppointment(appointment_id=early.id)).has_place
    assert taken(desk) == {here.starts_at: 1, next_one.starts_at: 1}


def test_an_order_opened_without_a_word_of_the_arrival_counts_when_it_was_opened(desk, front, wall):
    """Rule B5."""
    front.opens(places=1)
    early = front.books(starts_at=wall("2026-03-09T14:00"))
    desk.clock.set(wall("2026-03-09T09:00"))
    facts = {"customer": front.customer, "vehicle": front.vehicle, "complaint": "x", "number": "RO-1"}
    desk.hear(WorkOrderOpened(work_order_id=new_id(), appointment_id=early.id, **facts))
    assert taken(desk) == {desk.clock.now(): 1}


def test_a_car_comes_early_for_a_service_that_is_no_longer_offered(desk, front, wall):
    early = front.books(starts_at=wall("2026-03-09T14:00"))
    front.opens(capacity=[])
    came = desk.do(ArriveAppointment(appointment_id=early.id))
    assert (came.status, came.has_place) == ("arrived", False)


def test_a_pick_up_that_is_agreed_anew_is_still_to_come(desk, front, wall):
    """Rule B4: what was agreed before may have passed meanwhile."""
    booked = front.books(expected_pick_up_at=wall("2026-03-09T12:00"))
    desk.clock.set(wall("2026-03-09T15:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    kept = {"appointment_id": booked.id, "expected_pick_up_at": wall("2026-03-09T12:00")}
    assert desk.do(AmendAppointment(**kept, complaint="it squeals")).complaint == "it squeals"
    for wrong, rule in (("2026-03-09T14:00", "must_be_future"), ("2099-03-09T14:00", "too_far_ahead")):
        with pytest.raises(Invalid) as refused:
            desk.do(AmendAppointment(**{**kept, "expected_pick_up_at": wall(wrong)}))
        assert rule in str(refused.value.details["errors"]["expected_pick_up_at"])
