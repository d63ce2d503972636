"""Rule B2 on a real database: a slot is never sold beyond its capacity, however many ask at once."""

import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import eventlet
import pytest
from sqlalchemy import func, select, text

from chassis.wire.errors import Invalid, Refused
from chassis.wire.ids import new_id
from chassis.work.rows import hold_advisory_locks
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    ConfirmAppointment,
    GetAppointment,
    RescheduleAppointment,
)
from contracts.booking.calendar import Capacity
from contracts.booking.events import AppointmentBooked, AppointmentWaitListed
from contracts.workshop.events import WorkOrderOpened
from services.booking.appointment.appointment import Appointment
from tests.services.booking.places import taken

WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def moving(appointment, starts_at):
    """It moves, whatever else its car has on that day: there is one car for all tests."""
    return RescheduleAppointment(
        appointment_id=appointment.id, starts_at=starts_at, reason="swap", confirm_second_appointment=True
    )


def all_at_once(number, act):
    """What each of so many concurrent callers got: the status of its appointment, or the code of its refusal."""

    def one(index):
        try:
            return act(index).status
        except Refused as refusal:
            return refusal.code

    pool = eventlet.GreenPool(number)
    return Counter(pool.imap(one, range(number)))


@contextmanager
def nobody_first(desk, lock="booking.places"):
    """All who ask while this holds the dealer's places (or its `lock`) wait for them before one of them can take one.

    Without it the first is done before the others are connected, and a check that is no lock would pass.
    """
    with desk.executor.sessions() as holder:
        holder.scope_to("sh-pudong")
        hold_advisory_locks(holder, lock, ["sh-pudong"])

        def waiting():
            holder.execute(text("SELECT pg_stat_clear_snapshot()"))  # a transaction sees what was waiting when it first looked
            return holder.scalar(WAITING)

        def release():
            deadline = time.monotonic() + 8  # the database's lock_timeout is 10 s
            while (number := waiting()) < desk.executor.settings.workers and time.monotonic() < deadline:
                eventlet.sleep(0.01)
            holder.rollback()
            return number

        released = eventlet.spawn(release)
        yield
        assert released.wait() >= desk.executor.settings.workers, "as many as the service has workers wait for the places at once"


def test_of_fifty_who_ask_for_the_last_place_at_once_exactly_one_gets_it(desk, front):
    front.opens(places=3)
    front.books()
    front.books()
    with nobody_first(desk):
        assert all_at_once(50, lambda _: front.books()) == {"confirmed": 1, "slot_full": 49}
    assert len(desk.announced(AppointmentBooked)) == 3
    assert desk.rows(lambda session: session.scalar(select(func.count()).select_from(Appointment))) == 3


def test_of_fifty_who_ask_for_the_only_place_of_an_empty_day_exactly_one_gets_it(desk, front):
    """Nobody has booked there yet: there is no row to wait for."""
    front.opens(places=1)
    with nobody_first(desk):
        assert all_at_once(50, lambda _: front.books()) == {"confirmed": 1, "slot_full": 49}
    assert len(desk.announced(AppointmentBooked)) == 1


def test_of_fifty_who_ask_for_an_advisors_last_place_exactly_one_gets_it_and_no_slot_is_lost(desk, front, wall):
    """The others were refused for the advisor: they hold no place of the slot either."""
    front.opens(places=50)
    assert all_at_once(50, lambda _: front.books(advisor="wang")) == {"confirmed": 1, "advisor_busy": 49}
    assert taken(desk) == {wall("2026-03-09T09:00"): 1}
    assert taken(desk, advisor="wang") == {wall("2026-03-09T09:00"): 1}


def test_of_fifty_who_would_rather_wait_one_has_the_place_and_the_others_wait(desk, front, wall):
    front.opens(places=1)
    assert all_at_once(50, lambda _: front.books(wait_list=True)) == {"confirmed": 1, "wait_listed": 49}
    assert taken(desk) == {wall("2026-03-09T09:00"): 1}
    assert len(desk.announced(AppointmentWaitListed)) == 49


def test_when_many_swap_places_no_slot_is_oversold_and_nobody_deadlocks(desk, front, wall, monkeypatch):
    """Half of them move one way, half the other. Whoever freed first and took then would wait for one who waits for him."""
    front.opens(places=12)
    nine, ten = wall("2026-03-09T09:00"), wall("2026-03-09T10:00")
    booked = [front.books(starts_at=start) for start in [nine, ten] * 6]
    deadlocks = []
    monkeypatch.setattr(desk.executor.metrics, "retried_for_concurrency", lambda: deadlocks.append(1))

    def move(index):
        one = booked[index]
        to = ten if one.starts_at == nine else nine
        return desk.do(moving(one, to))

    with nobody_first(desk):
        assert all_at_once(12, move) == {"confirmed": 12}
    assert deadlocks == []
    assert taken(desk) == {nine: 6, ten: 6}


def test_what_is_taken_is_what_is_booked_however_many_move_through_the_same_slots(desk, front, wall):
    front.opens(places=3)
    nine, ten, eleven = (wall(f"2026-03-09T{hour}:00") for hour in ("09", "10", "11"))
    booked = [front.books(starts_at=start) for start in [nine] * 3 + [ten] * 3]

    def move(index):
        one = booked[index % 6]
        try:
            return desk.do(moving(one, [eleven, ten, nine][index % 3]))
        except (Invalid, Refused):  # it is there already, or that slot is full
            return desk.ask(GetAppointment(appointment_id=one.id))

    all_at_once(30, move)
    now = Counter(desk.ask(GetAppointment(appointment_id=one.id)).starts_at for one in booked)
    assert taken(desk) == dict(now)
    assert max(now.values()) <= 3


def test_types_of_service_have_places_of_their_own(front):
    front.opens(places=1)
    front.books(service_type="repair")
    front.books(service_type="maintenance")
    with pytest.raises(Refused, match="slot_full") as refusal:
        front.books(service_type="repair")
    assert refusal.value.details["field"] == "starts_at"


def test_a_type_of_service_without_places_is_not_offered(front):
    with pytest.raises(Refused, match="service_type_not_offered") as refusal:
        front.books(service_type="body")
    assert refusal.value.details["field"] == "service_type"


def test_an_advisor_has_one_car_per_slot_unless_the_dealer_says_more(front, wall):
    front.opens(places=9)
    front.books(advisor="wang")
    front.books(advisor="zhao")
    front.books(advisor="wang", starts_at=wall("2026-03-09T09:30"))
    with pytest.raises(Refused, match="advisor_busy") as refusal:
        front.books(advisor="wang", service_type="maintenance")
    assert refusal.value.details["field"] == "advisor"
    front.opens(places=9, advisor_places=2)
    front.books(advisor="wang", service_type="maintenance")


def test_another_dealers_bookings_take_no_place_here(front):
    front.opens(places=1)
    front.books(dealer="bj-chaoyang")
    front.books(dealer="bj-chaoyang")
    assert front.books().status == "confirmed"


def test_a_cancelled_appointments_place_is_free_again(desk, front, wall):
    front.opens(places=1)
    first = front.books(advisor="wang")
    desk.do(CancelAppointment(appointment_id=first.id, reason="sold the car"))
    assert (taken(desk), taken(desk, advisor="wang")) == ({}, {})
    assert front.books(advisor="wang").status == "confirmed"


def test_a_car_that_leaves_again_without_an_order_frees_its_place(desk, front):
    booked = front.books()
    desk.clock.set(booked.starts_at)
    desk.do(ArriveAppointment(appointment_id=booked.id))
    assert taken(desk) == {booked.starts_at: 1}
    desk.do(CancelAppointment(appointment_id=booked.id, reason="could not wait"))
    assert taken(desk) == {}


def test_a_wait_listed_appointment_holds_nothing_and_frees_nothing(desk, front, wall):
    front.opens(places=1)
    front.books()
    waits = front.books(wait_list=True, advisor="wang")
    assert taken(desk, advisor="wang") == {}
    desk.do(CancelAppointment(appointment_id=waits.id, reason="no time"))
    assert taken(desk) == {wall("2026-03-09T09:00"): 1}


def test_who_waits_is_confirmed_when_a_place_is_free_and_not_before(desk, front):
    front.opens(places=1)
    first, waits = front.books(), front.books(wait_list=True)
    with pytest.raises(Refused, match="slot_full"):
        desk.do(ConfirmAppointment(appointment_id=waits.id), if_match=1)
    desk.do(CancelAppointment(appointment_id=first.id, reason="sold the car"))
    assert desk.do(ConfirmAppointment(appointment_id=waits.id), if_match=2).status == "confirmed"
    assert desk.announced(AppointmentBooked)[-1].appointment.appointment_id == waits.id
    with pytest.raises(Refused, match="slot_full"):
        front.books()


def test_a_place_is_free_as_soon_as_its_appointment_moved_and_not_if_it_could_not(desk, front, wall):
    front.opens(places=1)
    first, second = front.books(), front.books(starts_at=wall("2026-03-09T10:00"))
    with pytest.raises(Refused, match="slot_full"):
        desk.do(moving(first, second.starts_at))
    assert taken(desk) == {first.starts_at: 1, second.starts_at: 1}
    desk.do(moving(first, wall("2026-03-09T11:00")))
    assert taken(desk) == {wall("2026-03-09T11:00"): 1, second.starts_at: 1}


def test_a_calendar_with_fewer_places_sells_no_more_and_takes_nothing_away(desk, front, wall):
    first, second = front.books(), front.books()
    front.opens(places=1)
    with pytest.raises(Refused, match="slot_full"):
        front.books()
    desk.do(CancelAppointment(appointment_id=first.id, reason="x"))
    with pytest.raises(Refused, match="slot_full"):
        front.books()
    desk.do(CancelAppointment(appointment_id=second.id, reason="x"))
    assert front.books().status == "confirmed"
    front.opens(capacity=[Capacity(service_type="repair", places=0)])
    with pytest.raises(Refused, match="service_type_not_offered"):
        front.books(starts_at=wall("2026-03-09T10:00"))


def test_a_no_show_frees_the_place_and_a_fulfilled_appointment_does_not(desk, front, wall):
    front.opens(places=2)
    came = front.books(advisor="wang")
    front.books(advisor="zhao")
    desk.clock.set(came.starts_at)
    desk.hear(
        WorkOrderOpened(
            work_order_id=new_id(),
            number="RO-1",
            appointment_id=came.id,
            customer=front.customer,
            vehicle=front.vehicle,
            complaint="x",
        )
    )
    desk.clock.set(came.starts_at + timedelta(minutes=30))
    desk.fire_timers()
    assert taken(desk) == {came.starts_at: 1}
    assert (taken(desk, advisor="wang"), taken(desk, advisor="zhao")) == ({came.starts_at: 1}, {})
