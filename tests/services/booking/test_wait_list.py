"""Rules B2 and B15: a place that becomes free goes to who waits longest for it, is kept for them a while, and once."""

from collections import Counter
from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.booking import events
from contracts.booking.appointment import (
    AmendAppointment,
    ArriveAppointment,
    CancelAppointment,
    ConfirmAppointment,
    GetAppointment,
    ListAppointments,
    RescheduleAppointment,
)
from contracts.workshop.events import WorkOrderOpened
from tests.services.booking.test_capacity import all_at_once

DAY = "2026-03-09"


def state(desk, one):
    now = desk.ask(GetAppointment(appointment_id=one.id))
    return now.status, now.has_place, now.held_until


def waits(*states):
    return [("wait_listed", until is not None, until) for until in states]


def cancel(desk, one):
    return desk.do(CancelAppointment(appointment_id=one.id, reason="sold the car"))


@pytest.fixture
def queue(desk, front):
    """One has the only place at nine; three wait for it, in this order."""
    front.opens(places=1)
    first = front.books()
    return first, [front.books(wait_list=True) for _ in range(3)]


def test_a_place_that_becomes_free_is_kept_for_who_waits_longest(desk, front, queue):
    """Nobody who asks now overtakes them; who is offered it learns until when."""
    first, (a, b, c) = queue
    cancel(desk, first)
    until = desk.clock.now() + timedelta(minutes=15)
    assert [state(desk, one) for one in (a, b, c)] == waits(until, None, None)
    (fact,) = desk.announced(events.AppointmentPlaceOffered)
    assert (fact.appointment.appointment_id, fact.held_until, fact.notice.customer.phone) == (a.id, until, "13800000001")
    with pytest.raises(Refused, match="slot_full"):
        front.books()
    with pytest.raises(Refused, match="slot_full"):
        desk.do(ConfirmAppointment(appointment_id=b.id))
    assert desk.do(ConfirmAppointment(appointment_id=a.id)).held_until is None
    desk.pass_time(minutes=15)
    desk.fire_timers()
    assert [state(desk, one) for one in (a, b, c)] == [("confirmed", True, None), *waits(None, None)]


def test_who_does_not_answer_in_time_is_passed_over_once_and_the_next_is_asked(desk, front, queue):
    """Down the list, 15 min each (default); who was passed over may still be confirmed while there is a place."""
    first, (a, b, c) = queue
    cancel(desk, first)
    offered = []
    for _ in range(4):
        offered.append([state(desk, one)[1] for one in (a, b, c)])
        desk.pass_time(minutes=15)
        desk.fire_timers()
    assert offered == [[True, False, False], [False, True, False], [False, False, True], [False, False, False]]
    assert [one.appointment.appointment_id for one in desk.announced(events.AppointmentOfferLapsed)] == [a.id, b.id, c.id]
    assert desk.do(ConfirmAppointment(appointment_id=a.id)).status == "confirmed"


def test_an_offer_is_not_kept_beyond_the_time_it_is_for(desk, front, wall, queue):
    first, (a, *_) = queue
    desk.clock.set(wall(f"{DAY}T08:50"))
    cancel(desk, first)
    assert state(desk, a)[2] == first.starts_at


@pytest.mark.parametrize("how", ["cancelled", "moved", "early", "capacity", "given up"])
def test_however_a_place_becomes_free_it_is_offered(desk, front, wall, queue, how):
    first, (a, b, _) = queue
    if how == "cancelled":
        cancel(desk, first)
    elif how == "moved":
        desk.do(
            RescheduleAppointment(
                appointment_id=first.id, starts_at=wall(f"{DAY}T14:00"), reason="busy", confirm_second_appointment=True
            )
        )
    elif how == "early":
        desk.clock.set(wall(f"{DAY}T08:30"))
        desk.do(ArriveAppointment(appointment_id=first.id))
    elif how == "capacity":
        front.opens(places=2)
    else:
        cancel(desk, first)
        cancel(desk, a)
        a = b
    assert state(desk, a)[1] is True


def test_only_what_fits_by_time_type_and_advisor_is_offered(desk, front, wall):
    """Who waits longest for something else does not keep those who fit waiting."""
    front.opens(places=1)
    first = front.books()
    front.books(service_type="maintenance", advisor="wang")
    ten = front.books(starts_at=wall(f"{DAY}T10:00"))
    other_time = front.books(starts_at=ten.starts_at, wait_list=True)
    busy_advisor = front.books(wait_list=True, advisor="wang")
    other_type = front.books(wait_list=True, service_type="maintenance")
    fits = front.books(wait_list=True, advisor="zhao")
    cancel(desk, first)
    assert [state(desk, one)[1] for one in (other_time, busy_advisor, other_type, fits)] == [False, False, False, True]
    desk.do(AmendAppointment(appointment_id=busy_advisor.id, advisor="chen"))
    assert state(desk, busy_advisor)[1] is False, "the place is kept for another one"
    cancel(desk, fits)
    assert state(desk, busy_advisor)[1] is True


def test_a_car_that_is_there_is_taken_in_while_its_place_is_kept_or_kept_for_another(desk, front, wall, queue):
    """Rule B15: an offer is a promise to who waits, no door for a car that has come."""
    first, (a, b, _) = queue
    desk.clock.set(wall(f"{DAY}T08:50"))
    cancel(desk, first)
    beside = desk.do(ArriveAppointment(appointment_id=b.id))
    assert (beside.status, beside.has_place, state(desk, a)[1]) == ("arrived", False, True), "the place stays who it is kept for"
    offered = desk.do(ArriveAppointment(appointment_id=a.id))
    assert (offered.status, offered.has_place, offered.held_until) == ("arrived", True, None)
    desk.pass_time(minutes=20)
    desk.fire_timers()
    assert state(desk, a) == ("arrived", True, None)
    assert [fact.appointment.appointment_id for fact in desk.announced(events.AppointmentArrived)] == [b.id, a.id]


def test_a_dealer_may_give_the_place_without_asking(desk, front, queue):
    """With an offer of 0 minutes who waits longest has it at once, confirmed."""
    first, (a, b, _) = queue
    front.opens(places=1, offer_minutes=0)
    cancel(desk, first)
    assert [state(desk, one) for one in (a, b)] == [("confirmed", True, None), *waits(None)]
    assert desk.announced(events.AppointmentBooked)[-1].notice is not None


def test_an_order_that_was_opened_for_another_time_frees_the_place(desk, front, wall, queue):
    first, (a, *_) = queue
    desk.clock.set(wall(f"{DAY}T08:30"))
    desk.hear(
        WorkOrderOpened(
            work_order_id=new_id(),
            number="RO-1",
            appointment_id=first.id,
            customer=front.customer,
            vehicle=front.vehicle,
            complaint="x",
        )
    )
    assert state(desk, a)[1] is True


def test_of_many_who_free_and_take_at_once_none_gets_a_place_twice(desk, front, wall):
    """Ten give their places back while ten ask and twenty wait: as many are held as there are, in the order of waiting."""
    front.opens(places=10)
    booked = [front.books() for _ in range(10)]
    waiting = [front.books(wait_list=True) for _ in range(20)]

    def act(index):
        return cancel(desk, booked[index]) if index < 10 else front.books()

    assert all_at_once(20, act) == {"cancelled": 10, "slot_full": 10}
    held = [one.id for one in desk.ask(ListAppointments(status=["wait_listed"], sort="starts_at")).items if one.has_place]
    assert sorted(held) == sorted(one.id for one in waiting[:10])
    offered = Counter(one.appointment.appointment_id for one in desk.announced(events.AppointmentPlaceOffered))
    assert offered == dict.fromkeys((one.id for one in waiting[:10]), 1)


def test_a_new_calendar_names_those_for_whom_it_takes_a_kept_place_away(desk, front, queue):
    """Rule B2: they were told that it is theirs."""
    first, (a, *_) = queue
    cancel(desk, first)
    answer = front.opens(places=0)
    assert [(one.appointment_id, one.why) for one in answer.stranded] == [(a.id, "service_type_full")]
