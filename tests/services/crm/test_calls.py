"""Rule B5: who did not come is called, once for each time, unless it takes care of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chassis.wire.errors import NotFound, Refused
from chassis.wire.ids import new_id
from contracts.booking.events import (
    AppointmentArrived,
    AppointmentFacts,
    AppointmentFulfilled,
    AppointmentMissed,
    AppointmentRescheduled,
)
from contracts.crm.call import CompleteCall, GetCall, LeaveCall, ListCalls, TakeCall
from contracts.crm.customer import RegisterCustomer
from contracts.crm.events import CallClosed, CallOpened, CallTaken
from contracts.shared import CustomerFacts, VehicleFacts

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)


def appointment(desk, **changes):
    customer = desk.do(RegisterCustomer(name="Li Lei", phone="13900000009", confirm_second_file=True))
    facts = {
        "appointment_id": new_id(),
        "status": "no_show",
        "service_type": "repair",
        "starts_at": NINE,
        "customer": CustomerFacts(customer_id=customer.id, name="Li Lei", phone="13800000001"),
        "vehicle": VehicleFacts(vehicle_id=new_id(), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102"),
        "complaint": "it rattles",
        "operations": [],
        "parts": [],
        "tags": [],
    }
    return AppointmentFacts(**{**facts, **changes})


def hear(desk, fact, sequence, **how):
    desk.hear(fact, subject=fact.appointment.appointment_id, sequence=sequence, **how)


def calls(desk, **criteria):
    return desk.ask(ListCalls(**criteria)).items


def test_who_did_not_come_is_to_be_called_once_however_often_it_is_heard(desk):
    missed = appointment(desk)
    hear(desk, AppointmentMissed(appointment=missed), 2, times=2)
    hear(desk, AppointmentMissed(appointment=missed), 2)  # as if the inbox had been purged
    (call,) = calls(desk, state=["open"])
    assert (call.kind, call.customer_name, call.phone, call.plate, call.missed_at, call.complaint) == (
        "no_show",
        "Li Lei",
        "13900000009",  # as the file has it now
        "沪A12345",
        NINE,
        "it rattles",
    )
    assert [one.call_id for one in desk.announced(CallOpened)] == [call.id]


def test_an_agent_records_how_the_call_ended_once(desk):
    hear(desk, AppointmentMissed(appointment=appointment(desk)), 2)
    (call,) = calls(desk)
    done = desk.do(CompleteCall(call_id=call.id, outcome="later", note="on holiday"), actor="zhao")
    assert (done.state, done.outcome, done.agent, done.closed_at) == ("done", "later", "zhao", desk.clock.now())
    with pytest.raises(Refused, match="call_closed"):
        desk.do(CompleteCall(call_id=call.id, outcome="booked"))
    (fact,) = desk.announced(CallClosed)
    assert (fact.outcome, calls(desk, state=["open"])) == ("later", [])


def test_a_call_that_a_colleague_makes_is_theirs_to_record(desk):
    """Rules B5, B7, C2: until they hand it back, or half an hour is over."""
    hear(desk, AppointmentMissed(appointment=appointment(desk)), 2)
    (call,) = calls(desk)
    assert desk.do(TakeCall(call_id=call.id), actor="zhao").caller == "zhao"
    for asked in (TakeCall(call_id=call.id), LeaveCall(call_id=call.id), CompleteCall(call_id=call.id, outcome="later")):
        with pytest.raises(Refused, match="being_called"):
            desk.do(asked, actor="qian")
    assert desk.do(LeaveCall(call_id=call.id), actor="zhao").caller is None
    desk.do(TakeCall(call_id=call.id), actor="zhao")
    assert [one.caller for one in desk.announced(CallTaken)] == ["zhao", None, "zhao"]
    desk.pass_time(minutes=30)
    done = desk.do(CompleteCall(call_id=call.id, outcome="later"), actor="qian")
    assert (done.state, done.agent, done.caller) == ("done", "qian", None)
    with pytest.raises(Refused, match="call_closed"):
        desk.do(TakeCall(call_id=call.id), actor="zhao")


@pytest.mark.parametrize("came", ["arrived", "moved"])
def test_who_comes_back_need_not_be_called_in_whatever_order_it_is_heard(desk, came):
    """The missed time is named by what follows: if that is heard first, it waits."""
    missed = appointment(desk)
    if came == "arrived":
        back = AppointmentArrived(appointment=missed, was_missed=True)
    else:
        later = AppointmentFacts(**{**vars(missed), "starts_at": NINE + timedelta(days=1)})
        back = AppointmentRescheduled(appointment=later, previous_starts_at=NINE, reason="forgot it", was_missed=True)
    hear(desk, back, 3)
    assert ([one.kind for one in desk.parked()], calls(desk)) == (["early"], [])
    hear(desk, AppointmentMissed(appointment=missed), 2)
    hear(desk, back, 3)
    (call,) = calls(desk)
    assert (call.state, call.outcome) == ("settled", None)


def test_who_is_missed_again_is_called_again_and_an_arrival_in_time_is_nobodys_call(desk):
    missed = appointment(desk)
    hear(desk, AppointmentMissed(appointment=missed), 2)
    again = AppointmentFacts(**{**vars(missed), "starts_at": NINE + timedelta(days=1)})
    hear(desk, AppointmentMissed(appointment=again), 4)
    hear(desk, AppointmentArrived(appointment=appointment(desk)), 2)
    assert {one.missed_at for one in calls(desk, state=["open"])} == {NINE, NINE + timedelta(days=1)}
    assert desk.parked() == []


def test_a_dealers_calls_are_its_own(desk):
    hear(desk, AppointmentMissed(appointment=appointment(desk)), 2)
    (call,) = calls(desk)
    assert desk.ask(ListCalls(), dealer="bj-chaoyang").items == []
    with pytest.raises(NotFound):
        desk.ask(GetCall(call_id=call.id), dealer="bj-chaoyang")


def test_the_call_settles_itself_when_the_order_of_who_came_without_a_word_is_opened(desk):
    """Nobody said that the car had come; its order does."""
    missed = appointment(desk)
    hear(desk, AppointmentMissed(appointment=missed), 2)
    kept = replace(missed, status="fulfilled")
    hear(desk, AppointmentFulfilled(appointment=kept, work_order_id=new_id(), was_missed=True), 3)
    assert calls(desk, state=["open"]) == []
