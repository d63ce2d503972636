"""Rule B9: the loan of an appointment keeps its times, and a car that is not back is somebody's matter."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Refused
from contracts.booking import loaner
from contracts.booking.appointment import (
    ArriveAppointment,
    CancelAppointment,
    GetAppointment,
    RescheduleAppointment,
)
from contracts.booking.attention import FindBookingConcerns
from contracts.workshop.events import WorkOrderClosed, WorkOrderVoided
from tests.services.booking.loans import add, amend, hand_over, lend, loan_of, record, sign
from tests.services.booking.test_orders import opens

DAY = "2026-03-09"


def asked_for(desk):
    """Which loaners somebody is to ask for, how urgently, and why."""
    told = desk.ask(FindBookingConcerns(loaners=True)).groups
    groups = [one for one in told if one.kind in ("loaner_due", "loaner_not_needed")]
    assert all(one.count == len(one.items) for one in groups)
    return [(one.kind, item.plate, item.severity) for one in groups for item in one.items]


def until(desk, **time):
    return desk.clock.now() + timedelta(**time)


def refused(what):
    with pytest.raises(Refused) as refusal:
        what()
    return refusal.value.code


def test_a_loaner_that_is_overdue_is_somebodys_matter_until_it_is_back(desk, front, wall):
    """A warning; severe once the next customer is to have it within the hour."""
    add(desk)
    desk.clock.set(wall(f"{DAY}T09:00"))
    loan = hand_over(desk, lend(desk, front, None, wall(f"{DAY}T12:00")))
    desk.clock.set(wall(f"{DAY}T11:59"))
    assert asked_for(desk) == []
    lend(desk, front, wall(f"{DAY}T14:00"), wall(f"{DAY}T16:00"))
    desk.clock.set(wall(f"{DAY}T12:00"))
    assert asked_for(desk) == [("loaner_due", "沪A00001", "warning")]
    told = desk.ask(FindBookingConcerns(loaners=True)).groups
    [matter] = [item for one in told if one.kind == "loaner_due" for item in one.items]
    assert (matter.since, matter.customer_name) == (wall(f"{DAY}T12:00"), "Li Lei")
    desk.clock.set(wall(f"{DAY}T13:00"))
    assert asked_for(desk) == [("loaner_due", "沪A00001", "severe")]
    assert "loaner_due" not in {one.kind for one in desk.ask(FindBookingConcerns()).groups}, "who asks as before hears as before"
    record(desk, loan, "return", mileage=1_100)
    sign(desk, loan, "return")
    assert asked_for(desk) == []


def test_a_car_that_is_out_is_asked_for_in_time_before_the_next_customer_comes(desk, front, wall):
    """An hour before; a next loan of another car says nothing."""
    add(desk)
    other = add(desk, "沪A00002", mileage=9_000)
    desk.clock.set(wall(f"{DAY}T09:00"))
    hand_over(desk, lend(desk, front, None, wall(f"{DAY}T12:00")))
    lend(desk, front, wall(f"{DAY}T11:00"), wall(f"{DAY}T12:00"), loaner_id=other.id)
    lend(desk, front, wall(f"{DAY}T12:00"), wall(f"{DAY}T16:00"))
    desk.clock.set(wall(f"{DAY}T10:59"))
    assert asked_for(desk) == []
    desk.clock.set(wall(f"{DAY}T11:00"))
    assert asked_for(desk) == [("loaner_due", "沪A00001", "severe")]


def test_a_car_that_is_overdue_is_promised_to_nobody_for_a_day(desk, front, wall):
    """Nor by itself, nor with an appointment; what it was promised for before stays, and later is the better."""
    late = add(desk)
    desk.clock.set(wall(f"{DAY}T09:00"))
    hand_over(desk, lend(desk, front, None, wall(f"{DAY}T10:00")))
    kept = lend(desk, front, wall(f"{DAY}T15:00"), wall(f"{DAY}T16:00"))
    begins, ends = wall(f"{DAY}T11:00"), wall(f"{DAY}T12:00")
    desk.clock.set(wall(f"{DAY}T10:01"))
    assert refused(lambda: lend(desk, front, begins, ends)) == "no_loaner_free"
    assert refused(lambda: lend(desk, front, begins, ends, loaner_id=late.id)) == "loaner_out"
    assert refused(lambda: front.books(starts_at=begins, loaner=True)) == "no_loaner_free"
    earlier = loaner.MoveLoan(loan_id=kept.id, begins_at=wall(f"{DAY}T13:00"))
    assert refused(lambda: desk.do(earlier)) == "loaner_out"
    later = loaner.MoveLoan(loan_id=kept.id, begins_at=wall(f"{DAY}T15:30"), ends_at=wall(f"{DAY}T17:00"))
    assert desk.do(later).car.loaner_id == late.id
    assert lend(desk, front, until(desk, hours=24), until(desk, hours=26)).car.loaner_id == late.id
    other = add(desk, "沪A00002", mileage=9_000)
    assert lend(desk, front, begins, ends).car.loaner_id == other.id, "another one is at hand"


def test_what_is_in_the_way_of_a_loan_is_said_as_it_is(desk, front, wall):
    """Another booking, if one is; that its car is not back yet, only if that alone is."""
    late = add(desk)
    desk.clock.set(wall(f"{DAY}T09:00"))
    out = hand_over(desk, lend(desk, front, None, wall(f"{DAY}T10:00")))
    lend(desk, front, wall(f"{DAY}T15:00"), wall(f"{DAY}T16:00"))
    lend(desk, front, wall("2026-04-09T09:00"), wall("2026-04-09T12:00"))
    desk.clock.set(wall(f"{DAY}T10:01"))
    extended = loaner.MoveLoan(loan_id=out.id, ends_at=wall(f"{DAY}T15:30"))
    assert refused(lambda: desk.do(extended)) == "loaner_taken", "it is with this customer, and with nobody else"
    next_month = wall("2026-04-09T10:00"), wall("2026-04-09T11:00")
    assert refused(lambda: lend(desk, front, *next_month, loaner_id=late.id)) == "loaner_taken"
    today = wall(f"{DAY}T12:00"), wall(f"{DAY}T13:00")
    assert refused(lambda: lend(desk, front, *today, loaner_id=late.id)) == "loaner_out"
    assert desk.do(loaner.MoveLoan(loan_id=out.id, ends_at=wall(f"{DAY}T15:00"))).ends_at == wall(f"{DAY}T15:00")


def test_a_loaner_that_outlasts_its_visit_is_asked_for(desk, front, wall):
    """Its order is closed, or void and the appointment off, or that never had one; not while the visit goes on."""
    for plate in ("沪A00001", "沪A00002", "沪A00003"):
        add(desk, plate)
    desk.clock.set(wall(f"{DAY}T08:50"))
    front.opens(places=5)
    one, two, three = (front.books(loaner=True, expected_pick_up_at=wall("2026-03-11T16:00")) for _ in range(3))
    plates = [hand_over(desk, loan_of(desk, booked)).car.plate for booked in (one, two, three)]
    assert asked_for(desk) == []
    for booked in (one, two, three):
        desk.do(ArriveAppointment(appointment_id=booked.id, confirm_second_appointment=True))
    orders = [opens(desk, front, appointment_id=booked.id) for booked in (one, two)]
    desk.hear(WorkOrderVoided(work_order_id=orders[1], appointment_id=two.id, reason="mistake"), subject=orders[1], sequence=2)
    assert asked_for(desk) == [], "its car is here, and may have another order"
    desk.do(CancelAppointment(appointment_id=two.id, reason="ill"))
    assert asked_for(desk) == [("loaner_not_needed", plates[1], "warning")]
    desk.do(CancelAppointment(appointment_id=three.id, reason="ill"))
    desk.hear(WorkOrderClosed(work_order_id=orders[0]), subject=orders[0], sequence=9)
    assert {plate for _, plate, _ in asked_for(desk)} == set(plates)
    opens(desk, front, appointment_id=two.id)
    assert {plate for _, plate, _ in asked_for(desk)} == {plates[0], plates[2]}, "it is that order's by now"


def test_the_loan_of_an_appointment_is_not_moved_alone(desk, front, wall):
    """It is another car's if need be; once its order is open, or the car out, it has its own times."""
    add(desk)
    other = add(desk, "沪A00002", mileage=9_000)
    booked = front.books(loaner=True)
    loan = loan_of(desk, booked)
    assert loan.moves_with_appointment
    for wrong in (
        {"begins_at": wall(f"{DAY}T11:00"), "ends_at": wall(f"{DAY}T12:00")},
        {"ends_at": wall("2026-03-10T12:00")},
        {"begins_at": wall(f"{DAY}T09:30"), "loaner_id": other.id},
    ):
        move = loaner.MoveLoan(loan_id=loan.id, **wrong)
        assert refused(lambda move=move: desk.do(move)) == "loan_of_appointment"
    assert loan_of(desk, booked).ends_at == loan.ends_at
    assert desk.do(loaner.MoveLoan(loan_id=loan.id, loaner_id=other.id)).car.plate == "沪A00002"
    desk.clock.set(wall(f"{DAY}T09:00"))
    desk.do(ArriveAppointment(appointment_id=booked.id))
    opens(desk, front, appointment_id=booked.id)
    assert not loan_of(desk, booked).moves_with_appointment
    assert desk.do(loaner.MoveLoan(loan_id=loan.id, ends_at=wall("2026-03-10T12:00"))).ends_at == wall("2026-03-10T12:00")
    hand_over(desk, loan, mileage=9_000)
    assert desk.do(loaner.MoveLoan(loan_id=loan.id, ends_at=wall("2026-03-10T13:00"))).ends_at == wall("2026-03-10T13:00")


def test_a_pick_up_time_that_goes_with_another_time_is_said(desk, front, wall):
    """Until it is agreed on anew."""
    booked = front.books(expected_pick_up_at=wall(f"{DAY}T16:00"))
    assert booked.dropped_pick_up_at is None
    moved = desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-10T10:00"), reason="busy"))
    assert (moved.expected_pick_up_at, moved.dropped_pick_up_at) == (None, wall(f"{DAY}T16:00"))
    again = desk.do(RescheduleAppointment(appointment_id=booked.id, starts_at=wall("2026-03-11T10:00"), reason="busy"))
    assert again.dropped_pick_up_at == wall(f"{DAY}T16:00")
    agreed = amend(desk, again, expected_pick_up_at=wall("2026-03-11T16:00"))
    assert (agreed.expected_pick_up_at, agreed.dropped_pick_up_at) == (wall("2026-03-11T16:00"), None)
    assert desk.ask(GetAppointment(appointment_id=booked.id)).dropped_pick_up_at is None


@pytest.mark.parametrize("closed", [f"{DAY}T17:31", "2026-03-10T08:29", "2026-03-14T12:00"])
def test_nobody_picks_a_car_up_while_the_dealer_is_closed(desk, front, wall, closed):
    """In the evening, in the morning, on a Saturday; neither as it is booked nor later. What was agreed on before stays."""
    assert refused(lambda: front.books(expected_pick_up_at=wall(closed))) == "closed_at_pick_up"
    booked = front.books(expected_pick_up_at=wall(f"{DAY}T17:30"))
    assert refused(lambda: amend(desk, booked, expected_pick_up_at=wall(closed))) == "closed_at_pick_up"
    front.opens(closes="12:00")
    kept = amend(desk, booked, expected_pick_up_at=wall(f"{DAY}T17:30"), complaint="noise")
    assert kept.expected_pick_up_at == wall(f"{DAY}T17:30")
