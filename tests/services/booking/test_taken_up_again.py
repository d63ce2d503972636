"""Rules B1 and B6: an order that is opened while its appointment is called off takes up again what that gave up."""

from collections import Counter

import eventlet

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.booking import events, loaner
from contracts.booking.appointment import CancelAppointment, GetAppointment, RescheduleAppointment
from contracts.workshop.events import WorkOrderOpened
from tests.services.booking.loans import add, amend, lend, loan_of


def opens(desk, front, booked):
    """Workshop had not heard that it is off."""
    order = new_id()
    opened = WorkOrderOpened(
        work_order_id=order, number="W1", appointment_id=booked.id, customer=front.customer, vehicle=front.vehicle, complaint="x"
    )
    desk.hear(opened, subject=order)
    return order


def cancel(desk, booked):
    return desk.do(CancelAppointment(appointment_id=booked.id, reason="ill"))


def now(desk, booked):
    return desk.ask(GetAppointment(appointment_id=booked.id))


def fulfilled(desk):
    (fact,) = desk.announced(events.AppointmentFulfilled)
    return fact


def test_its_loaner_is_the_same_again_and_its_place_too_and_nothing_says_that_it_is_off(desk, front, wall):
    """Also if others are to be had by now, and at the times that were agreed on."""
    car = add(desk, mileage=9_000)
    booked = front.books(loaner=True)
    had = loan_of(desk, booked)
    amend(desk, booked, loaner=True, expected_pick_up_at=wall("2026-03-12T12:00"))
    had = loan_of(desk, booked)
    add(desk, "沪A00002", mileage=10)
    desk.clock.set(wall("2026-03-09T09:05"))
    cancel(desk, booked)
    assert (now(desk, booked).loan_id, now(desk, booked).has_place, now(desk, booked).reason) == (None, False, "ill")
    order = opens(desk, front, booked)
    loan, found = loan_of(desk, booked), now(desk, booked)
    assert (loan.state, loan.car.loaner_id, loan.work_order_id) == ("booked", car.id, order)
    assert (loan.begins_at, loan.ends_at) == (had.begins_at, wall("2026-03-12T12:00"))
    assert (found.status, found.reason, found.has_place, found.arrived_at) == ("fulfilled", None, True, desk.clock.now())
    assert (fulfilled(desk).loaner_missing, fulfilled(desk).was_missed) == (False, False)


def test_if_somebody_has_that_car_by_now_it_is_another_one_else_the_desk_is_told(desk, front, wall):
    first, second = add(desk), add(desk, "沪A00002", mileage=2_000)
    one, other = front.books(loaner=True), front.books()
    cancel(desk, one)
    lend(desk, front, wall("2026-03-09T08:00"), wall("2026-03-09T18:00"), loaner_id=first.id)
    opens(desk, front, one)
    assert loan_of(desk, one).car.loaner_id == second.id
    cancel(desk, other)
    third = front.books()
    cancel(desk, third)
    opens(desk, front, third)
    assert [fact.loaner_missing for fact in desk.announced(events.AppointmentFulfilled)] == [False, False], "it asked for none"


def test_where_no_loaner_is_free_any_more_the_workshop_hears_that_one_is_missing(desk, front, wall):
    add(desk)
    booked = front.books(loaner=True)
    cancel(desk, booked)
    lend(desk, front, wall("2026-03-09T08:00"), wall("2026-03-09T18:00"))
    opens(desk, front, booked)
    assert (now(desk, booked).loan_id, fulfilled(desk).loaner_missing) == (None, True)


def test_nor_is_one_kept_whose_time_is_over(desk, front, wall):
    add(desk)
    booked = front.books(loaner=True)
    desk.clock.set(wall("2026-03-09T09:30"))
    desk.fire_timers()
    desk.clock.set(wall("2026-03-09T17:40"))
    opens(desk, front, booked)
    assert (now(desk, booked).status, now(desk, booked).loan_id) == ("fulfilled", None)
    assert (fulfilled(desk).loaner_missing, fulfilled(desk).was_missed) == (True, True)


def test_one_that_was_missed_meanwhile_is_taken_up_again_too(desk, front, wall):
    """And the call that crm has to make settles itself."""
    add(desk)
    booked = front.books(loaner=True)
    desk.clock.set(wall("2026-03-09T09:30"))
    desk.fire_timers()
    assert (now(desk, booked).status, now(desk, booked).loan_id) == ("no_show", None)
    order = opens(desk, front, booked)
    assert (loan_of(desk, booked).work_order_id, now(desk, booked).has_place) == (order, True)
    assert fulfilled(desk).was_missed


def test_who_waited_for_the_place_keeps_it(desk, front, wall):
    """The car is here without one: capacity is not overrun, and nobody who was told that they may come is told otherwise."""
    front.opens(places=1, offer_minutes=0)
    booked, waits = front.books(), front.books(wait_list=True)
    desk.clock.set(wall("2026-03-09T08:55"))
    cancel(desk, booked)
    assert now(desk, waits).status == "confirmed"
    opens(desk, front, booked)
    assert (now(desk, booked).has_place, now(desk, waits).status, now(desk, waits).has_place) == (False, "confirmed", True)


def test_both_at_once_leave_the_order_its_loaner_whoever_is_first(desk, front):
    """On real PostgreSQL: the desk cancels while word of the order comes in."""
    front.opens(places=8)
    came = Counter()
    for number in range(8):
        add(desk, f"沪A0000{number}")
        booked = front.books(loaner=True)
        order = new_id()
        opened = WorkOrderOpened(
            work_order_id=order,
            number="W1",
            appointment_id=booked.id,
            customer=front.customer,
            vehicle=front.vehicle,
            complaint="x",
        )

        def cancels(one=booked):
            try:
                return cancel(desk, one).status
            except Refused as refusal:
                return refusal.code

        threads = [eventlet.spawn(cancels), eventlet.spawn(desk.hear, opened, subject=order)]
        came[threads[0].wait()] += 1
        threads[1].wait()
        found, loan = now(desk, booked), loan_of(desk, booked)
        assert (found.status, found.reason, found.work_order_id) == ("fulfilled", None, order)
        assert (loan.state, loan.work_order_id) == ("booked", order)
    assert came.keys() <= {"cancelled", "appointment_not_open"}
    assert desk.parked() == []


def test_a_loaner_that_was_moved_to_a_later_day_meanwhile_is_needed_now(desk, front, wall):
    """Rule B9: its customer is here; where none is free any more they are to be offered one."""
    add(desk)
    for none_is_free in (False, True):
        booked = front.books(loaner=True)
        desk.clock.set(wall("2026-03-09T08:50"))
        desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-16T09:00"), reason="they said so"))
        if none_is_free:
            lend(desk, front, wall("2026-03-09T08:55"), wall("2026-03-09T12:00"))
        moved = loan_of(desk, booked)
        order = opens(desk, front, booked)
        loan = desk.ask(loaner.GetLoan(loan_id=moved.id))
        if none_is_free:
            assert (loan.state, now(desk, booked).loan_id) == ("cancelled", None)
        else:
            assert (loan.state, loan.work_order_id) == ("booked", order)
            assert (loan.begins_at, loan.ends_at) == (desk.clock.now(), wall("2026-03-09T17:30"))
            desk.do(loaner.MoveLoan(loan_id=loan.id, begins_at=wall("2026-03-10T09:00"), ends_at=wall("2026-03-10T12:00")))
    assert [fact.loaner_missing for fact in desk.announced(events.AppointmentFulfilled)] == [False, True]


def test_one_for_a_day_to_come_waits_where_the_car_is_left_the_evening_before(desk, front, wall):
    """Rule B9."""
    add(desk)
    booked = front.books(loaner=True)
    desk.clock.set(wall("2026-03-08T20:00"))
    opens(desk, front, booked)
    assert loan_of(desk, booked).begins_at == wall("2026-03-09T09:00")
