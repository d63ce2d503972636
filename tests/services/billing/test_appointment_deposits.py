"""Rule L4 at billing: a deposit for an appointment becomes its order's, once, whatever is heard first."""

from functools import partial
from itertools import permutations

import pytest

from chassis.wire.errors import NotYetKnown, Refused
from chassis.wire.ids import new_id
from contracts.billing.account import ListPayments, RefundPayment, TakeAppointmentDeposit
from contracts.billing.events import DepositReturned, DepositTransferred
from contracts.billing.receivable import ListDeposits
from contracts.billing.task import ListBillingTasks
from contracts.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentFacts,
    AppointmentFulfilled,
    AppointmentReopened,
)
from contracts.workshop.events import WorkOrderVoided
from tests.services.billing.acts import account_of, at_once, deposit, opened, refund
from tests.services.billing.orders import NOON, cny, delivered, labour, retry

ORDER = delivered(labour(1, customer_pay="113.00"))


def facts(appointment, status):
    return AppointmentFacts(
        appointment_id=appointment,
        status=status,
        service_type="repair",
        starts_at=NOON,
        customer=ORDER.customer,
        vehicle=ORDER.vehicle,
        operations=[],
        parts=[],
        tags=[],
    )


def booked(desk):
    appointment = new_id()
    desk.hear(AppointmentBooked(appointment=facts(appointment, "confirmed")), subject=appointment, sequence=1)
    return appointment


def fulfilled(desk, appointment, fact, times=1, sequence=5):
    event = AppointmentFulfilled(appointment=facts(appointment, "fulfilled"), work_order_id=fact.work_order_id)
    desk.hear(event, subject=appointment, sequence=sequence, times=times)


def voided(desk, appointment, fact):
    desk.hear(WorkOrderVoided(work_order_id=fact.work_order_id, appointment_id=appointment, reason="wrong car"))


def reopened(desk, appointment, fact):
    event = AppointmentReopened(appointment=facts(appointment, "arrived"), work_order_id=fact.work_order_id)
    desk.hear(event, subject=appointment, sequence=6)


def retried(desk):
    for _ in range(3):
        for early in desk.parked():
            retry(desk, early)
    assert desk.parked() == []


def put_down(desk, appointment, amount="50.00", **more):
    return desk.do(TakeAppointmentDeposit(appointment_id=appointment, payment_method="cash", amount=cny(amount), **more))


def test_it_moves_to_the_order_that_is_opened_and_pays_its_invoice(desk):
    appointment, fact = booked(desk), delivered(labour(1, customer_pay="113.00"))
    taken = put_down(desk, appointment)
    assert (taken.kind, taken.work_order_id, taken.appointment_id) == ("deposit", None, appointment)
    [held] = desk.ask(ListDeposits()).items
    assert (held.appointment_id, held.customer_name, held.plate, held.amount, held.void) == (
        appointment,
        "Li Lei",
        ORDER.vehicle.plate,
        cny("50.00"),
        False,
    )
    opened(desk, fact)
    for _ in range(2):  # the second time after the inbox forgot it
        fulfilled(desk, appointment, fact, times=2)
    assert account_of(desk, fact).deposit == cny("50.00")
    assert desk.announced(DepositTransferred) == [
        DepositTransferred(appointment_id=appointment, work_order_id=fact.work_order_id, amount=cny("50.00"))
    ]
    with pytest.raises(Refused, match="refund_too_large"):
        desk.do(RefundPayment(payment_id=taken.id, payment_method="cash", amount=cny("0.01"), reason="twice"))
    desk.hear(fact)
    assert account_of(desk, fact).shares[0].paid == cny("50.00")
    assert desk.ask(ListDeposits()).items == []


def test_it_waits_for_its_order(desk):
    appointment, fact = booked(desk), delivered(labour(1, customer_pay="113.00"))
    put_down(desk, appointment)
    fulfilled(desk, appointment, fact)
    assert [one.kind for one in desk.parked()] == ["early"]
    desk.hear(fact)  # even its delivery comes first
    for early in desk.parked():
        assert retry(desk, early)
    assert account_of(desk, fact).shares[0].paid == cny("50.00")


def test_only_a_customer_who_is_expected_puts_money_down(desk):
    with pytest.raises(NotYetKnown):
        put_down(desk, new_id())
    appointment = booked(desk)
    put_down(desk, appointment)
    cancelled = AppointmentCancelled(appointment=facts(appointment, "cancelled"), reason="ill")
    desk.hear(cancelled, subject=appointment, sequence=2)
    with pytest.raises(Refused, match="appointment_not_open"):
        put_down(desk, appointment)
    [held] = desk.ask(ListDeposits(void=True)).items
    assert (held.appointment_id, held.void) == (appointment, True)
    assert desk.ask(ListDeposits(void=False)).items == []


def test_one_that_was_called_off_while_its_order_was_opened_is_its_orders(desk):
    """Nobody is told to give back what is needed, and no account that has nothing more stays to be settled."""
    appointment, fact = booked(desk), opened(desk, delivered(labour(1, customer_pay="113.00")))
    put_down(desk, appointment)
    cancelled = AppointmentCancelled(appointment=facts(appointment, "cancelled"), reason="ill")
    desk.hear(cancelled, subject=appointment, sequence=2)
    fulfilled(desk, appointment, fact)
    assert account_of(desk, fact).deposit == cny("50.00")
    assert desk.ask(ListDeposits(void=True)).items == []
    voided(desk, appointment, fact)
    reopened(desk, appointment, fact)
    [held] = desk.ask(ListDeposits()).items
    assert (held.appointment_id, held.void) == (appointment, False)


def test_money_put_down_while_the_order_is_opened_goes_with_it_or_is_refused(desk):
    for _ in range(4):
        appointment, fact = booked(desk), opened(desk, delivered(labour(1, customer_pay="113.00")))
        put_down(desk, appointment)
        found = at_once(
            lambda one=appointment: put_down(desk, one), lambda one=appointment, order=fact: fulfilled(desk, one, order)
        )
        expected = "50.00" if found[0] == "appointment_not_open" else "100.00"
        assert account_of(desk, fact).deposit == cny(expected)
        assert len(desk.ask(ListPayments(appointment_id=appointment)).items) == 2 * len(
            desk.ask(ListPayments(work_order_id=fact.work_order_id)).items
        )
    assert desk.parked() == []


def test_that_of_a_void_order_waits_for_the_appointments_next_one(desk):
    """Rules B6, L4: also what was put down for the order itself; nobody is told to give back what is still needed."""
    appointment = booked(desk)
    first, second = (delivered(labour(1, customer_pay="113.00")) for _ in range(2))
    put_down(desk, appointment)
    opened(desk, first)
    fulfilled(desk, appointment, first)
    refund(desk, deposit(desk, first, "30.00"), "10.00")
    for _ in range(2):
        voided(desk, appointment, first)
    reopened(desk, appointment, first)
    [held] = desk.ask(ListDeposits()).items
    assert (held.appointment_id, held.amount, held.void, held.customer_name) == (appointment, cny("70.00"), False, "Li Lei")
    assert desk.announced(DepositReturned) == [
        DepositReturned(work_order_id=first.work_order_id, appointment_id=appointment, amount=cny("70.00"))
    ]
    opened(desk, second)
    fulfilled(desk, appointment, second, sequence=7)
    assert (account_of(desk, second).deposit, account_of(desk, first).deposit) == (cny("70.00"), cny("0.00"))
    desk.hear(second)
    assert account_of(desk, second).shares[0].paid == cny("70.00")
    assert desk.ask(ListBillingTasks()).items == []


def test_it_lies_on_the_order_that_is_alive_whatever_is_heard_first(desk):
    """Rules B6, L4: an opening, its voiding and the next opening, in any order."""
    for place, order in enumerate(permutations(range(4))):
        appointment = booked(desk)
        first, second = opened(desk, delivered()), delivered(labour(1, customer_pay="113.00"))
        put_down(desk, appointment)
        acts = [
            partial(fulfilled, desk, appointment, first),
            partial(voided, desk, appointment, first),
            partial(reopened, desk, appointment, first),
            partial(fulfilled, desk, appointment, second, sequence=7),
        ]
        acts = [acts[act] for act in order]
        acts.insert(place % 5, partial(desk.hear, second))
        for act in acts:
            act()
        retried(desk)
        assert account_of(desk, second).shares[0].paid == cny("50.00"), order
        assert account_of(desk, first).deposit == cny("0.00"), order
    assert desk.ask(ListDeposits()).items == []


def test_it_stays_on_the_appointment_while_all_of_its_orders_are_void(desk):
    appointment, first = booked(desk), opened(desk, delivered())
    put_down(desk, appointment)
    voided(desk, appointment, first)
    fulfilled(desk, appointment, first)
    [held] = desk.ask(ListDeposits()).items
    assert (held.appointment_id, held.amount) == (appointment, cny("50.00"))
