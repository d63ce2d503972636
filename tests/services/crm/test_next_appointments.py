"""Rule B10: the next appointment is asked for at every contact, and how often it is booked is a figure."""

from datetime import UTC, date, datetime

import pytest

from chassis.wire.errors import Invalid
from contracts.booking.events import AppointmentMissed
from contracts.crm.call import CompleteCall, ListCalls
from contracts.crm.follow_up import CompleteFollowUp, ListFollowUps, RecordAttempt
from contracts.crm.next_appointment import MeasureNextAppointments
from tests.services.billing.orders import delivered, labour, reversed_
from tests.services.crm.test_calls import appointment, hear
from tests.services.history import ANYBODY, Reading, grow

MARCH = {"from_day": date(2026, 3, 1), "to_day": date(2026, 3, 31)}


def deliver(desk, said):
    fact = delivered(labour(1, customer_pay="100.00"), next_appointment=said)
    desk.hear(fact, subject=fact.work_order_id)
    return fact


def figures(desk, **period):
    found = desk.ask(MeasureNextAppointments(**{**MARCH, **period})).items
    return {one.contact: (one.contacts, one.booked, one.later, one.declined, one.booked_rate) for one in found}


def test_what_customers_say_at_each_contact_and_how_often_they_book(desk):
    for said in ("booked", "booked", "later", None):
        last = deliver(desk, said)
    off = deliver(desk, "booked")
    desk.hear(reversed_(off), subject=off.work_order_id, sequence=2)
    (follow_up,) = desk.ask(ListFollowUps(work_order_id=last.work_order_id)).items
    desk.do(RecordAttempt(follow_up_id=follow_up.id, reached=True))
    done = desk.do(CompleteFollowUp(follow_up_id=follow_up.id, outcome="satisfied", next_appointment="declined"))
    assert (done.next_at_delivery, done.next_appointment) == (None, "declined")
    for outcome in ("booked", "unreachable"):
        hear(desk, AppointmentMissed(appointment=appointment(desk)), 2)
        (call,) = desk.ask(ListCalls(state=["open"])).items
        desk.do(CompleteCall(call_id=call.id, outcome=outcome))
    assert figures(desk) == {
        "delivery": (4, 2, 1, 0, 5000),
        "follow_up": (1, 0, 0, 1, 0),
        "call": (1, 1, 0, 0, 10_000),
    }
    assert figures(desk, from_day=date(2026, 2, 1), to_day=date(2026, 2, 28))["delivery"] == (0, 0, 0, 0, None)


def test_who_was_not_reached_was_not_asked(desk):
    deliver(desk, None)
    (follow_up,) = desk.ask(ListFollowUps()).items
    desk.do(RecordAttempt(follow_up_id=follow_up.id, reached=False))
    with pytest.raises(Invalid) as refusal:
        desk.do(CompleteFollowUp(follow_up_id=follow_up.id, outcome="unreachable", next_appointment="booked"))
    assert refusal.value.details["errors"] == {"next_appointment": ["not_reached_not_asked"]}


def test_another_dealers_figures_are_its_own_and_a_period_has_bounds(desk):
    deliver(desk, "booked")
    found = desk.ask(MeasureNextAppointments(**MARCH), dealer="bj-chaoyang").items
    assert [one.contacts for one in found] == [0, 0, 0]
    with pytest.raises(Invalid):
        figures(desk, to_day=date(2026, 2, 1))


@pytest.mark.new_database
def test_it_costs_the_same_however_many_contacts_there_were(desk):
    deliver(desk, "booked")
    hear(desk, AppointmentMissed(appointment=appointment(desk)), 2)
    query, long_ago = MeasureNextAppointments(**MARCH), datetime(2024, 3, 1, tzinfo=UTC)

    past = {"delivered_at": long_ago, "completed_at": long_ago}
    grow(desk, "follow_up", 2_000, work_order_id=ANYBODY, state="'completed'", **past)
    grow(desk, "call", 2_000, appointment_id=ANYBODY, state="'done'", closed_at=long_ago)
    assert Reading(desk, query).rows < 20
