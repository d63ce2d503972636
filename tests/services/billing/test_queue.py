"""The cashier's queue: which accounts want something, what, and who waits first (Rules L4 and L5)."""

from datetime import timedelta
from itertools import permutations

import pytest

from chassis.wire.errors import Invalid
from contracts.billing.account import ApproveDeposit, ListPayments, RecordAuthorisation, TakeAppointmentDeposit
from contracts.billing.gate_pass import UseGatePass
from contracts.billing.invoice import ListInvoices
from contracts.billing.receivable import ListOpenAccounts
from contracts.booking.events import AppointmentArrived, AppointmentCancelled
from contracts.workshop.events import WorkOrderReady, WorkOrderReturned, WorkOrderVoided
from tests.services.billing.acts import account_of, bill, deposit, grant, issue_pass, opened, pay, refund
from tests.services.billing.orders import NOON, cny, delivered, labour, reversal_requested
from tests.services.billing.test_appointment_deposits import booked, facts
from tests.services.history import Reading, grow


def queue(desk, **filters):
    """(order, what it wants) of the queue, in its order."""
    return [(one.work_order_id, one.wants) for one in desk.ask(ListOpenAccounts(**filters)).items]


def ready(desk, fact, *, sequence, total="113.00", revision=1):
    event = WorkOrderReady(work_order_id=fact.work_order_id, revision=revision, total=cny(total))
    desk.hear(event, subject=fact.work_order_id, sequence=sequence)


def returned(desk, fact, *, sequence):
    event = WorkOrderReturned(work_order_id=fact.work_order_id, reason="noise", lines=[])
    desk.hear(event, subject=fact.work_order_id, sequence=sequence)


def test_an_order_goes_through_the_queue_from_ready_to_the_gate(desk):
    """Each step is what it wants next; once the car is gone and nothing lies there it is in the queue no more."""
    fact = opened(desk, delivered(labour(1, customer_pay="113.00")))
    assert queue(desk) == []
    ready(desk, fact, sequence=3)
    [entry] = desk.ask(ListOpenAccounts()).items
    assert (entry.wants, entry.ready_total, entry.waiting_since, entry.revision) == ("delivery", cny("113.00"), NOON, 0)
    desk.hear(fact, subject=fact.work_order_id, sequence=4)
    [entry] = desk.ask(ListOpenAccounts()).items
    assert (entry.wants, entry.ready_total, entry.waiting_since) == ("payment", None, NOON)
    assert (entry.total, entry.paid, entry.open) == (cny("113.00"), cny("0.00"), cny("113.00"))
    assert (entry.work_order_number, entry.customer_name, entry.plate) == ("WO-2026-0001", "Li Lei", "沪A12345")
    pay(desk, fact, "113.00")
    assert queue(desk) == [(fact.work_order_id, "gate_pass")]
    gate_pass = issue_pass(desk, fact)
    [entry] = desk.ask(ListOpenAccounts()).items
    assert (entry.wants, entry.pass_issued_at) == ("exit", NOON)
    desk.do(UseGatePass(code=gate_pass.code))
    assert queue(desk) == []
    account = account_of(desk, fact)
    assert (account.wants, account.left_at) == (None, NOON)


def test_what_each_payer_owes_is_shown_and_who_must_authorise_comes_after_who_must_pay(desk):
    fact = bill(desk, customer_pay="13.00", warranty="100.00")
    [entry] = desk.ask(ListOpenAccounts()).items
    assert [(one.payer, one.open) for one in entry.shares] == [("customer_pay", cny("13.00")), ("warranty", cny("100.00"))]
    assert entry.wants == "payment"
    pay(desk, fact, "13.00")
    assert queue(desk) == [(fact.work_order_id, "authorisation")]
    desk.do(RecordAuthorisation(work_order_id=fact.work_order_id, payer="warranty", reference="C-7", authorised_by="Zhao"))
    assert queue(desk) == [(fact.work_order_id, "gate_pass")]


def test_on_account_and_an_approved_deposit_settle_too_and_a_refund_opens_again(desk):
    on_account = bill(desk, customer_pay="113.00")
    grant(desk, on_account, "500.00")
    pay(desk, on_account, "113.00", method="on_account")
    assert queue(desk) == [(on_account.work_order_id, "gate_pass")]
    fact = delivered(labour(1, customer_pay="113.00"))
    deposit(desk, fact, "50.00")
    bill(desk, fact=fact)
    assert queue(desk, wants=["payment"]) == [(fact.work_order_id, "payment")]
    desk.do(ApproveDeposit(work_order_id=fact.work_order_id, reason="intermittent fault"))
    assert queue(desk, wants=["payment"]) == []
    paid = bill(desk, customer_pay="20.00")
    payment = pay(desk, paid, "20.00")
    issue_pass(desk, paid)
    refund(desk, payment, "20.00")
    assert queue(desk, wants=["payment"]) == [(paid.work_order_id, "payment")]


def test_who_waits_at_the_desk_comes_first_and_of_those_who_has_waited_longest(desk):
    """Whoever has paid waits for a paper only; then who pays, who must be authorised, who is ready, and money to give back."""
    soon = opened(desk, delivered(labour(1, customer_pay="1.00")))
    ready(desk, soon, sequence=2)
    late = bill(desk, fact=delivered(labour(1, customer_pay="1.00"), delivered_at=NOON))
    early = bill(desk, fact=delivered(labour(1, customer_pay="1.00"), delivered_at=NOON - timedelta(hours=1)))
    claim = bill(desk, fact=delivered(labour(1, warranty="1.00"), delivered_at=NOON - timedelta(hours=3)))
    done = bill(desk, customer_pay="1.00")
    pay(desk, done, "1.00")
    void = delivered(labour(1, customer_pay="1.00"))
    deposit(desk, void, "5.00")
    desk.hear(WorkOrderVoided(work_order_id=void.work_order_id, reason="sold"))
    expected = [
        (done.work_order_id, "gate_pass"),
        (early.work_order_id, "payment"),
        (late.work_order_id, "payment"),
        (claim.work_order_id, "authorisation"),
        (soon.work_order_id, "delivery"),
        (void.work_order_id, "refund"),
    ]
    assert queue(desk) == expected
    first = desk.ask(ListOpenAccounts(limit=4))
    rest = desk.ask(ListOpenAccounts(limit=4, cursor=first.next_cursor))
    assert [(one.work_order_id, one.wants) for one in first.items + rest.items] == expected
    assert queue(desk, wants=["refund", "delivery"]) == expected[4:]
    assert desk.ask(ListOpenAccounts(), dealer="bj-chaoyang").items == []
    with pytest.raises(Invalid):
        desk.ask(ListOpenAccounts(cursor=first.next_cursor), dealer="bj-chaoyang")


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whether_a_car_is_ready_is_what_its_newest_fact_says_in_any_order(desk, order):
    fact = opened(desk, delivered(labour(1, customer_pay="113.00")))
    heard = [
        lambda: ready(desk, fact, sequence=3),
        lambda: returned(desk, fact, sequence=4),
        lambda: ready(desk, fact, sequence=6, total="226.00"),
    ]
    for number in order:
        heard[number]()
    [entry] = desk.ask(ListOpenAccounts()).items
    assert (entry.wants, entry.ready_total) == ("delivery", cny("226.00"))
    returned(desk, fact, sequence=7)
    assert queue(desk) == []
    desk.hear(fact, subject=fact.work_order_id, sequence=9)
    ready(desk, fact, sequence=8)  # it was on its way when the delivery was heard
    assert queue(desk) == [(fact.work_order_id, "payment")]


def test_a_reversed_delivery_is_ready_again_without_a_pass_and_its_money_stays_visible(desk):
    fact = bill(desk, customer_pay="113.00")
    pay(desk, fact, "113.00")
    issue_pass(desk, fact)
    desk.hear(reversal_requested(fact), subject=fact.work_order_id, sequence=5)
    [entry] = desk.ask(ListOpenAccounts()).items
    assert (entry.wants, entry.ready_total, entry.pass_issued_at) == ("delivery", cny("113.00"), None)
    assert [(one.payer, one.amount) for one in entry.credits] == [("customer_pay", cny("113.00"))]


def test_a_deposit_of_an_appointment_that_came_to_nothing_is_to_be_given_back_unless_the_customer_comes_after_all(desk):
    appointment = booked(desk)
    desk.do(TakeAppointmentDeposit(appointment_id=appointment, payment_method="cash", amount=cny("50.00")))
    assert queue(desk) == []
    desk.hear(AppointmentCancelled(appointment=facts(appointment, "cancelled"), reason="ill"), subject=appointment, sequence=3)
    [entry] = desk.ask(ListOpenAccounts()).items
    assert (entry.wants, entry.appointment_id, entry.deposit) == ("refund", appointment, cny("50.00"))
    desk.hear(AppointmentArrived(appointment=facts(appointment, "arrived")), subject=appointment, sequence=4)
    assert queue(desk) == []


@pytest.mark.new_database
def test_the_queue_costs_the_same_however_many_accounts_were_settled(desk):
    """The database touches open accounts only."""
    fact = bill(desk, customer_pay="113.00")
    settled = bill(desk, customer_pay="1.00")
    pay(desk, settled, "1.00")
    desk.do(UseGatePass(code=issue_pass(desk, settled).code))
    before = Reading(desk, ListOpenAccounts()).rows
    left = {"queue_place": "NULL", "waiting_since": "NULL", "work_order_number": "left(gen_random_uuid()::text, 20)"}
    grow(desk, "order_account", 2_000, **left)
    assert queue(desk) == [(fact.work_order_id, "payment")]
    assert Reading(desk, ListOpenAccounts()).rows == before


def test_payments_invoices_and_passes_say_of_which_order_they_are_in_words(desk):
    """Nobody knows an order by its id: not at the till, and not at the gate."""
    fact = bill(desk, customer_pay="113.00")
    payment = pay(desk, fact, "113.00")
    gate_pass = issue_pass(desk, fact)
    used = desk.do(UseGatePass(code=gate_pass.code))
    [listed] = desk.ask(ListPayments()).items
    [invoice] = desk.ask(ListInvoices()).items
    for one in (payment, listed, invoice, gate_pass, used):
        assert (one.work_order_number, one.customer_name, one.plate) == ("WO-2026-0001", "Li Lei", "沪A12345")
