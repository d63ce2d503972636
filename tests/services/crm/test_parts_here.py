"""Rule P5: when all parts that an order waited for are here, its customer is called, once."""

from datetime import timedelta

import pytest

from chassis.wire.ids import new_id
from contracts.crm.call import CompleteCall, ListCalls
from contracts.crm.customer import RegisterCustomer
from contracts.crm.events import CallEscalated
from contracts.parts.order_part_events import OrderPartArrived, OrderPartAwaited, OrderPartClosed, OrderPartFacts

ORDER = new_id()


@pytest.fixture
def customer(desk):
    return desk.do(RegisterCustomer(name="Li Lei", phone="13800000001"))


@pytest.fixture
def hear(desk, customer):
    """`hear(OrderPartArrived, "PAD", 2)`: the second event of the order's pads."""
    parts = {}

    def heard(kind, number, sequence, *, times=1):
        state = {OrderPartAwaited: "awaited", OrderPartArrived: "here", OrderPartClosed: "closed"}[kind]
        part = OrderPartFacts(
            order_part_id=parts.setdefault(number, new_id()),
            state=state,
            work_order_id=ORDER,
            order_number="WO-1",
            customer_id=customer.id,
            plate="沪A12345",
            asked_for=number,
            part_number=number,
            quantity="1",
            here_at=desk.clock.now() if state == "here" else None,
        )
        desk.hear(kind(order_part=part), subject=part.order_part_id, sequence=sequence, times=times)

    return heard


def calls(desk, state="open"):
    return desk.ask(ListCalls(kind=["call_back"], state=[state])).items


def test_rule_p5_the_customer_is_called_once_when_everything_is_here(desk, customer, hear):
    """Within a day; it says which order and which parts."""
    hear(OrderPartAwaited, "PAD", 1)
    hear(OrderPartAwaited, "DISC", 1)
    hear(OrderPartArrived, "PAD", 2)
    assert calls(desk) == []
    hear(OrderPartArrived, "DISC", 2, times=2)
    [call] = calls(desk)
    assert (call.customer_id, call.customer_name, call.phone, call.plate) == (customer.id, "Li Lei", "13800000001", "沪A12345")
    assert call.due_at == desk.clock.now() + timedelta(hours=24)
    assert "WO-1" in call.about
    assert "DISC, PAD" in call.about
    desk.do(CompleteCall(call_id=call.id, outcome="booked"))
    hear(OrderPartArrived, "DISC", 2)
    assert calls(desk) == []


def test_rule_p5_who_was_not_called_in_time_is_the_managers_matter(desk, hear):
    hear(OrderPartArrived, "PAD", 1)
    desk.pass_time(hours=25)
    desk.fire_timers()
    assert [one.customer_name for one in desk.announced(CallEscalated)] == ["Li Lei"]


@pytest.mark.parametrize("kind", [OrderPartAwaited, OrderPartClosed])
def test_rule_p5_nobody_is_called_for_what_is_gone_again_or_on_the_car(desk, hear, kind):
    """Here again, they are called again."""
    hear(OrderPartArrived, "PAD", 1)
    hear(kind, "PAD", 2)
    assert (calls(desk), len(calls(desk, "settled"))) == ([], 1)
    desk.pass_time(hours=1)
    hear(OrderPartArrived, "PAD", 3)
    assert len(calls(desk)) == 1


def test_rule_p5_more_that_is_awaited_settles_the_call(desk, hear):
    hear(OrderPartArrived, "PAD", 1)
    hear(OrderPartAwaited, "DISC", 1)
    assert calls(desk) == []
    desk.pass_time(hours=1)
    hear(OrderPartArrived, "DISC", 2)
    assert len(calls(desk)) == 1


def test_rule_p5_what_is_heard_late_changes_nothing(desk, hear):
    hear(OrderPartArrived, "PAD", 2)
    hear(OrderPartAwaited, "PAD", 1)
    assert len(calls(desk)) == 1


@pytest.fixture
def all_here(desk, hear):
    """The pads came two hours before the discs."""
    for number in ("PAD", "DISC"):
        hear(OrderPartAwaited, number, 1)
    hear(OrderPartArrived, "PAD", 2)
    desk.pass_time(hours=2)
    hear(OrderPartArrived, "DISC", 2)


def test_rule_p5_who_was_called_is_not_called_again_because_a_part_goes_away(desk, hear, all_here):
    """It was declined, or put on the car: there is nothing new to say. Of what comes later there is."""
    desk.do(CompleteCall(call_id=calls(desk)[0].id, outcome="booked"))
    hear(OrderPartClosed, "DISC", 3)
    assert calls(desk) == []
    desk.pass_time(hours=1)
    hear(OrderPartArrived, "LAMP", 1)
    assert "LAMP, PAD" in calls(desk)[0].about


def test_rule_p5_who_was_not_called_yet_is_called_about_what_is_left(desk, hear, all_here):
    """The first call escalates no more."""
    hear(OrderPartClosed, "DISC", 3)
    [call] = calls(desk)
    assert "PAD" in call.about
    assert "DISC" not in call.about
    hear(OrderPartClosed, "PAD", 3)
    assert (calls(desk), len(calls(desk, "settled"))) == ([], 2)
    desk.pass_time(hours=25)
    assert [one.name for one in desk.executor.due_timers(100)] == []
