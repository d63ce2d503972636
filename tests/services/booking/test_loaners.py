"""Rule B9: the loaner fleet - never lent twice for one time, asked for at booking, handed over and brought back by signature."""

from collections import namedtuple
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.booking import events, loaner
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    RescheduleAppointment,
)
from contracts.workshop.events import WorkOrderOpened
from services.booking.loaner.loan import Loan as LoanRow
from tests.services.booking.loans import add, amend, hand_over, lend, loan_of
from tests.services.booking.test_capacity import all_at_once, nobody_first
from tests.services.history import ANYBODY, Reading, grow

State = namedtuple("State", "status")


def test_a_loaner_asked_for_at_booking_is_kept_from_the_time_to_the_pick_up(desk, front, wall):
    """Or until the dealer closes that day; of free cars the one with the lowest mileage."""
    add(desk, mileage=9_000)
    fresh = add(desk, "沪A00002", mileage=10)
    first = front.books(loaner=True, expected_pick_up_at=wall("2026-03-11T16:00"))
    second = front.books(loaner=True)
    loan, other = loan_of(desk, first), loan_of(desk, second)
    assert (loan.car.loaner_id, loan.begins_at, loan.ends_at) == (fresh.id, wall("2026-03-09T09:00"), wall("2026-03-11T16:00"))
    assert (other.car.plate, other.ends_at) == ("沪A00001", wall("2026-03-09T17:30"))
    assert (loan.customer.name, loan.appointment_id, loan.state) == ("Li Lei", first.id, "booked")
    assert [one.loan.loan_id for one in desk.announced(events.LoanBooked)] == [loan.id, other.id]
    visits = {one["correlationid"] for one in desk.envelopes() if one["type"] == "booking.loan.booked"}
    assert visits == {first.visit_id, second.visit_id}


def test_who_asks_for_one_when_none_is_free_is_told_so_and_nothing_is_booked(desk, front):
    with pytest.raises(Refused, match="no_loaner_free") as refusal:
        front.books(loaner=True)
    assert refusal.value.details["field"] == "loaner"
    add(desk)
    booked = front.books(loaner=True)
    with pytest.raises(Refused, match="no_loaner_free"):
        front.books(loaner=True)
    without = front.books()
    with pytest.raises(Refused, match="no_loaner_free"):
        amend(desk, without, loaner=True)
    amend(desk, booked, loaner=False)
    assert loan_of(desk, booked) is None
    amend(desk, without, loaner=True)
    assert loan_of(desk, without).state == "booked"


def test_it_moves_with_the_appointment_and_is_given_up_with_it(desk, front, wall):
    """A car that is out stays out."""
    car = add(desk)
    one = front.books(loaner=True)
    one = desk.do(RescheduleAppointment(appointment_id=one.id, starts_at=wall("2026-03-10T10:00"), reason="busy"))
    loan = loan_of(desk, one)
    assert (loan.begins_at, loan.ends_at) == (wall("2026-03-10T10:00"), wall("2026-03-10T17:30"))
    with pytest.raises(Refused, match="loan_of_appointment"):
        desk.do(loaner.CancelLoan(loan_id=loan.id, reason="no"))
    amended = amend(desk, one, loaner=True, expected_pick_up_at=wall("2026-03-12T12:00"))
    assert loan_of(desk, one).ends_at == wall("2026-03-12T12:00")
    amend(desk, amended, loaner=True, expected_pick_up_at=wall("2026-03-12T12:00"), complaint="noise")
    assert loan_of(desk, one).ends_at == wall("2026-03-12T12:00"), "nothing of its times was amended"
    desk.do(CancelAppointment(appointment_id=one.id, reason="ill"))
    assert desk.ask(loaner.GetLoan(loan_id=loan.id)).state == "cancelled"
    again = front.books(loaner=True, starts_at=wall("2026-03-10T10:00"))
    desk.clock.set(wall("2026-03-10T10:00"))
    out = hand_over(desk, loan_of(desk, again))
    desk.do(ArriveAppointment(appointment_id=again.id))
    desk.do(CancelAppointment(appointment_id=again.id, reason="ill"))
    assert desk.ask(loaner.GetLoan(loan_id=out.id)).state == "handed_over"
    assert desk.ask(loaner.ListLoaners()).items[0].out.loan_id == out.id
    assert car.id == out.car.loaner_id


def test_who_does_not_come_gives_it_up_and_the_order_has_it_when_they_came(desk, front, wall):
    add(desk)
    missed = front.books(loaner=True)
    loan = loan_of(desk, missed)
    desk.clock.set(wall("2026-03-09T09:30"))
    desk.fire_timers()
    assert (loan_of(desk, missed), desk.ask(loaner.GetLoan(loan_id=loan.id)).state) == (None, "cancelled")
    desk.do(ArriveAppointment(appointment_id=missed.id, confirm_second_appointment=True))
    order = new_id()
    opened = WorkOrderOpened(
        work_order_id=order, number="W1", appointment_id=missed.id, customer=front.customer, vehicle=front.vehicle, complaint="x"
    )
    desk.hear(opened, subject=order)
    assert loan_of(desk, missed).work_order_id == order


def test_who_waits_for_a_place_gets_the_loaner_with_it(desk, front):
    """The place that became free is offered, never taken back for want of a car: the desk sees that there is none."""
    add(desk)
    front.opens(places=1, offer_minutes=0)
    first = front.books(loaner=True)
    waiting = front.books(loaner=True, wait_list=True)
    assert loan_of(desk, waiting) is None
    amend(desk, first, loaner=True, complaint="noise")
    desk.do(CancelAppointment(appointment_id=first.id, reason="ill"))
    assert loan_of(desk, waiting).state == "booked"


def test_no_car_is_lent_twice_for_one_time_however_many_ask_at_once(desk, front, wall):
    """Two cars, eight bookings: two loans, of different cars; the others are refused and have no appointment either."""
    front.opens(places=50)
    for plate in ("沪A00001", "沪A00002"):
        add(desk, plate)
    with nobody_first(desk):
        assert all_at_once(20, lambda _: front.books(loaner=True)) == {"confirmed": 2, "no_loaner_free": 18}
    loans = desk.ask(loaner.ListLoans()).items
    assert len(loans) == len({one.car.loaner_id for one in loans}) == 2
    assert len(desk.announced(events.AppointmentBooked)) == 2
    later = wall("2026-03-10T09:00"), wall("2026-03-10T12:00")
    with nobody_first(desk, "booking.loaners"):
        answers = all_at_once(20, lambda _: State(lend(desk, front, *later).state))
    assert answers == {"booked": 2, "no_loaner_free": 18}
    begins, ends = wall("2026-03-09T08:00"), wall("2026-03-09T09:01")
    with pytest.raises(Refused, match="no_loaner_free"):
        lend(desk, front, begins, ends)
    with pytest.raises(Refused, match="loaner_taken"):
        lend(desk, front, begins, ends, loaner_id=loans[0].car.loaner_id)
    assert lend(desk, front, begins, wall("2026-03-09T09:00")).state == "booked", "it ends where the other begins"


def test_the_database_itself_lends_no_car_twice_for_one_time(desk, front, wall):
    """Whatever the code believes: a second loan, a moved one, a car that is out twice."""
    car = add(desk)
    first = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"), loaner_id=car.id)
    second = lend(desk, front, wall("2026-03-09T12:00"), wall("2026-03-09T18:00"), loaner_id=car.id)

    def change(loan, **values):
        desk.rows(lambda session: session.execute(update(LoanRow).where(LoanRow.id == loan.id).values(**values)))

    with pytest.raises(IntegrityError, match="loan_never_twice"):
        change(second, begins_at=wall("2026-03-09T11:59"))
    with pytest.raises(IntegrityError, match="loan_out_key"):
        desk.rows(lambda session: session.execute(update(LoanRow).values(state="handed_over")))
    desk.do(loaner.CancelLoan(loan_id=first.id, reason="not needed"))
    moved = desk.do(loaner.MoveLoan(loan_id=second.id, begins_at=wall("2026-03-09T09:00")))
    assert moved.begins_at == wall("2026-03-09T09:00")
    with pytest.raises(IntegrityError, match="loan_never_twice"):
        change(first, state="booked")


@pytest.mark.new_database
def test_the_fleet_costs_the_same_however_often_its_cars_were_lent(desk, front, wall):
    add(desk)
    done = lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"))
    desk.do(loaner.CancelLoan(loan_id=done.id, reason="ill"))
    lend(desk, front, wall("2026-03-09T09:00"), wall("2026-03-09T12:00"))
    asked = loaner.ListLoaners(), loaner.ListLoans(state="booked")
    grow(desk, "loan", 1_000, of="state = 'cancelled'", id=ANYBODY)
    before = [Reading(desk, query).rows for query in asked]
    grow(desk, "loan", 2, of="state = 'cancelled'", id=ANYBODY)
    assert all(Reading(desk, query).rows <= rows for query, rows in zip(asked, before, strict=True))
    assert timedelta(0) < desk.ask(loaner.ListLoaners()).items[0].next.ends_at - done.begins_at
