"""Rule B2: capacity is about stretches of time, whatever grid, advisor or appointment they belong to."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from contracts.booking.appointment import AmendAppointment, ArriveAppointment
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
    desk.run_job("miss_appointments")
    desk.clock.set(second.starts_at + timedelta(hours=1))
    came = desk.do(ArriveAppointment(appointment_id=first.id))
    assert (came.status, came.has_place) == ("arrived", True)
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
