"""Rule B15: who missed two appointments of the last 12 months is asked for a deposit, if the dealer has set one."""

from datetime import datetime

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.ids import new_id
from chassis.wire.values import Money
from contracts.billing.events import DepositTaken, PaymentRefunded
from contracts.booking import events
from contracts.booking.appointment import ArriveAppointment, CancelAppointment, GetAppointment, RescheduleAppointment
from contracts.crm.events import CustomerRecorded
from contracts.shared import CustomerFacts
from contracts.workshop.events import WorkOrderOpened
from services.booking.appointment.twelve_months import a_year_before
from tests.services.history import ANYBODY, conditions, grow

ASKED = Money.of("200.00", "CNY")


@pytest.fixture
def misses(desk, front, wall):
    """Have the customer miss so many appointments, an hour apart; the dealer asks for a deposit."""
    front.opens(places=9, no_show_deposit=ASKED)

    def miss(times, day="2026-03-03", **changes):
        desk.clock.set(wall(f"{day}T08:00"))
        booked = [front.books(starts_at=wall(f"{day}T{9 + hour:02}:00"), **changes) for hour in range(times)]
        desk.clock.set(wall(f"{day}T16:00"))
        desk.fire_timers()
        return booked

    return miss


def told(desk, one):
    now = desk.ask(GetAppointment(appointment_id=one.id))
    return now.deposit_asked, now.deposit_due


def pay(desk, one, amount="200.00", *, times=1):
    paid = DepositTaken(payment_id=new_id(), appointment_id=one.id, payment_method="cash", amount=Money.of(amount, "CNY"))
    desk.hear(paid, times=times)
    return paid


def test_the_booking_after_two_no_shows_says_how_much_is_asked_for_and_is_made_all_the_same(desk, front, misses):
    misses(1)
    assert front.books().deposit_asked is None, "one is none"
    misses(1, day="2026-03-04")
    asked = front.books()
    assert (asked.status, asked.deposit_asked, asked.deposit_due) == ("confirmed", ASKED, ASKED)
    assert desk.announced(events.AppointmentBooked)[-1].appointment.deposit_asked == ASKED
    assert front.books(dealer="bj-chaoyang").deposit_asked is None, "another dealer's customers are its own"


def test_nobody_is_asked_by_default(desk, front, misses):
    misses(2)
    front.opens(places=9)
    assert front.books().deposit_asked is None


def test_it_is_shown_until_so_much_is_there_each_payment_once_and_again_when_it_is_given_back(desk, front, misses):
    misses(2)
    one, other = front.books(), front.books()
    first = pay(desk, one, "150.00", times=3)
    assert told(desk, one) == (ASKED, Money.of("50.00", "CNY"))
    pay(desk, one, "50.00")
    assert (told(desk, one), told(desk, other)) == ((ASKED, None), (ASKED, ASKED))
    back = {"payer": "customer_pay", "payment_method": "cash", "reason": "paid twice"}
    desk.hear(
        PaymentRefunded(
            payment_id=new_id(),
            refunded_payment_id=first.payment_id,
            appointment_id=one.id,
            amount=Money.of("150.00", "CNY"),
            **back,
        )
    )
    assert told(desk, one) == (ASKED, Money.of("150.00", "CNY"))
    desk.do(CancelAppointment(appointment_id=one.id, reason="sold"))
    assert told(desk, one) == (ASKED, None), "nothing is due for what is off"


def test_who_came_after_all_or_agreed_on_another_time_did_not_miss_it(desk, front, wall, misses):
    first, second, third = misses(3)
    desk.do(ArriveAppointment(appointment_id=first.id, confirm_second_appointment=True))
    assert front.books().deposit_asked == ASKED
    again = RescheduleAppointment(
        appointment_id=second.id, starts_at=wall("2026-03-10T09:00"), reason="ill", confirm_second_appointment=True
    )
    assert desk.do(again).deposit_asked is None
    assert front.books().deposit_asked is None, f"only {third.id} was missed"


def test_what_was_missed_more_than_a_year_ago_is_forgotten(desk, front, wall, misses):
    misses(2)
    desk.clock.set(wall("2027-03-03T09:30"))
    assert front.books(starts_at=wall("2027-03-08T09:00")).deposit_asked is None, "one of them is a year and more ago"


@pytest.mark.parametrize(("at", "before"), [("2028-02-29", "2027-02-28"), ("2028-03-01", "2027-03-01")])
def test_a_year_before_is_the_same_day(at, before):
    assert a_year_before(datetime.fromisoformat(at)) == datetime.fromisoformat(before)


def test_another_file_with_the_same_phone_is_the_same_customer(desk, front, misses):
    """However the number was typed."""
    misses(2)
    for phone, asked in (("138-0000 0001", ASKED), ("13900000002", None)):
        other = CustomerFacts(customer_id=new_id(), name="Han", phone=phone)
        desk.hear(CustomerRecorded(customer=other))
        assert front.books(customer_id=other.customer_id).deposit_asked == asked


@pytest.mark.parametrize(("amount", "rule"), [("0.00", "must_be_positive"), ("-5.00", "must_not_be_negative")])
def test_a_deposit_is_an_amount_of_the_dealers_money(front, amount, rule):
    with pytest.raises(Invalid, match=rule):
        front.opens(no_show_deposit=Money.of(amount, "CNY"))
    with pytest.raises(Invalid, match="wrong_currency"):
        front.opens(no_show_deposit=Money.of("20.00", "EUR"))


@pytest.mark.new_database
def test_it_is_counted_by_customer_and_time_whatever_the_history(desk, front, misses):
    misses(2)
    grow(desk, "appointment", 2_000, status="'no_show'", customer_id=ANYBODY)
    grow(desk, "known_customer", 500, phone_key="n::text")
    looked_up = conditions(desk, "appointment", front.books)
    assert all(looked_up), "no statement reads all appointments"
    assert any("customer_id" in one for one in looked_up), "\n".join(looked_up)


def moved(desk, one, wall):
    again = RescheduleAppointment(
        appointment_id=one.id, starts_at=wall("2026-03-12T09:00"), reason="came to terms", confirm_second_appointment=True
    )
    return desk.do(again)


def comes(desk, one, _):
    return desk.do(ArriveAppointment(appointment_id=one.id, confirm_second_appointment=True))


def has_its_order(desk, one, _):
    order = new_id()
    opened = WorkOrderOpened(
        work_order_id=order, number="W1", appointment_id=one.id, customer=one.customer, vehicle=one.vehicle, complaint="x"
    )
    desk.hear(opened, subject=order)
    return desk.ask(GetAppointment(appointment_id=one.id))


@pytest.mark.parametrize("made_good", [moved, comes, has_its_order])
def test_who_made_a_no_show_good_is_asked_no_more_unless_they_have_paid(desk, front, misses, wall, made_good):
    """Rule B15: of what is no no-show any more nothing follows; what was put down is put down."""
    first, _, third = misses(3)
    asked, other, paid = front.books(), front.books(), front.books()
    pay(desk, paid, "150.00")
    made_good(desk, first, wall)
    assert told(desk, asked) == (ASKED, ASKED), "two are missed still"
    before = len(desk.announced(events.AppointmentAmended))
    made_good(desk, third, wall)
    assert (told(desk, asked), told(desk, other)) == ((None, None), (None, None))
    assert told(desk, paid) == (ASKED, Money.of("50.00", "CNY"))
    heard = [one.appointment for one in desk.announced(events.AppointmentAmended)[before:]]
    told_of = [(one.appointment_id, one.deposit_asked) for one in heard]
    assert told_of == [(asked.id, None), (other.id, None)], "billing hears of it"
    assert front.books().deposit_asked is None


def test_nor_is_the_one_that_was_missed_itself(desk, front, misses, wall):
    first, _ = misses(2)
    asked = front.books(starts_at=wall("2026-03-04T09:00"))
    assert asked.deposit_asked == ASKED
    desk.clock.set(wall("2026-03-04T16:00"))
    desk.fire_timers()
    again = moved(desk, asked, wall)
    assert (again.status, again.deposit_asked) == ("confirmed", ASKED), "two others are missed"
    moved(desk, first, wall)
    assert told(desk, again) == (None, None)
