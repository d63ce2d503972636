"""Rules W13, W17, W19: who waits in the house, also while nobody can say when the car is ready. Rules W8, W18: what goes back."""

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.parts.events import SpecialOrderRaised
from contracts.workshop import agreement, delivery_time, shop_floor
from contracts.workshop.events import WorkWithdrawn
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from contracts.workshop.promise import ExplainMiss, NoteWaiting
from tests.services.workshop.shop import Shop, labour, line_id, part, signed
from tests.services.workshop.test_promise import at, promise_of, put_and_approve, put_forward
from tests.services.workshop.test_promised_parts import booked, on_order, reserved
from tests.services.workshop.test_telling import due, missed, revise, tell
from tests.services.workshop.visitors import visitor


def waiting(shop: Shop) -> WorkOrder:
    """The order of a customer who said at the booking that they wait for the car."""
    appointment = shop.appointment(waiting=True)
    shop.arrive(appointment)
    return shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)


def without_a_day(shop: Shop, order: WorkOrder) -> WorkOrder:
    """Put forward with a part of which nobody knows when it comes."""
    shop.desk.hear(SpecialOrderRaised(special_order=on_order(order, None)), subject=order.id)
    order = put_forward(shop, order, {"labour": [labour()], "parts": [part()]})
    assert order.promised_at is None
    return order


def test_who_waits_in_the_house_is_told_from_the_opening_on_with_a_promised_time_or_without(shop: Shop) -> None:
    """Rule W19: every half hour, and that work begins."""
    order = waiting(shop)
    assert promise_of(shop, order).waits
    assert [(one.work_order_id, one.report_kinds, one.due_at) for one in due(shop)] == [(order.id, ["waiting"], at("12:30"))]
    order = shop.approve(without_a_day(shop, order))
    assert [one.report_kinds for one in due(shop)] == [["waiting"]], "nobody is told twice of one half hour"
    shop.clock_on(shop.dispatched(order))
    assert [sorted(one.report_kinds) for one in due(shop)] == [["started", "waiting"]]
    shop.desk.pass_time(minutes=30)
    assert sorted(one.report_kind for one in missed(shop)) == ["started", "waiting"]
    tell(shop, order)
    assert [(one.report_kinds, one.due_at) for one in due(shop)] == [(["waiting"], at("13:00"))]


def test_who_does_not_wait_is_told_nothing_at_the_opening(shop: Shop) -> None:
    assert not promise_of(shop, booked(shop)).waits
    assert due(shop) == []


def test_no_delivery_is_agreed_on_while_no_time_is_promised(shop: Shop) -> None:
    """Rule W13: by name, and none is offered; a car that is ready is delivered whatever was promised."""
    order = shop.approve(without_a_day(shop, booked(shop)))
    plan = delivery_time.GetDeliveryPlan(work_order_id=order.id)
    book = delivery_time.BookDelivery(work_order_id=order.id, starts_at=at("10:00", days=1))
    assert shop.desk.ask(plan).offers == []
    with pytest.raises(Refused, match="nothing_promised"):
        shop.desk.do(book)
    shop.ready(order)
    assert shop.desk.ask(plan).offers
    assert shop.desk.do(book).delivery_state == "booked"


def test_their_page_says_that_nobody_knows_yet_and_why(shop: Shop) -> None:
    """Rule W17: until a time is told, and not before anything is estimated."""
    order = booked(shop)
    comes, _ = visitor(shop, order)
    assert comes.sees().unknown_because is None
    without_a_day(shop, order)
    assert comes.sees().unknown_because == "part_awaited"
    revise(shop, order, at("17:00"))
    assert (comes.sees().unknown_because, comes.sees().promised_at) == (None, at("17:00"))


def test_another_time_that_was_told_is_no_report_of_the_work(shop: Shop) -> None:
    """Rules W17, W18: it stands among the promised times; what is due is told with it."""
    order = shop.dispatched(put_and_approve(shop))
    comes, _ = visitor(shop, order)
    revise(shop, order, at("17:00"))
    assert (comes.sees().reports, promise_of(shop, order).reports) == ([], [])
    shop.clock_on(order)
    revise(shop, order, at("18:00"))
    assert [one.report_kinds for one in comes.sees().reports] == [["started"]]


def test_a_page_says_that_parts_have_come_before_work_goes_on(shop: Shop) -> None:
    """Rules W17, P3: the order stands on hold until somebody takes it up again."""
    order = shop.approve(put_forward(shop, None, {"labour": [labour()], "parts": [part()]}, promised_at=at("17:00")))
    comes, _ = visitor(shop, order)
    reserved(shop, order, "PAD-1")
    shop.dispatched(order)
    shop.desk.do(shop_floor.HoldWorkOrder(work_order_id=order.id, reason="parts"))
    assert comes.sees().stage == "waiting_for_parts"
    reserved(shop, order, sequence=2)
    assert comes.sees().stage == "parts_here"


def added(shop: Shop, order: WorkOrder, minutes: int, *lines: str) -> WorkOrder:
    """Additional work that its customer approved."""
    asked = agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour(one) for one in lines], extra_minutes=minutes)
    version = shop.desk.do(asked).estimate_version
    return shop.desk.do(agreement.ApproveAdditionalWork(work_order_id=order.id, estimate_version=version, decision=signed()))


def withdrawn(shop: Shop, order: WorkOrder, *numbers: int) -> WorkOrder:
    lines = [line_id(order, number) for number in numbers]
    told = {"reason": "not today", "signature": signed()}
    return shop.desk.do(agreement.WithdrawApproval(work_order_id=order.id, line_ids=lines, **told))


def test_additional_work_that_is_withdrawn_takes_its_minutes_along(shop: Shop) -> None:
    """Rules W8, W18: as they came with all of it, they go with the last of it."""
    order = added(shop, put_and_approve(shop), 240, "OIL", "OIL")
    assert promise_of(shop, order).baseline_at == at("18:30")
    assert withdrawn(shop, order, 2).promised_at == at("18:30"), "some of it is still done"
    assert withdrawn(shop, order, 3).promised_at == at("14:30")
    promise = promise_of(shop, order)
    assert (promise.promised_at, promise.baseline_at, promise.first_promised_at) == (at("14:30"),) * 3
    assert [one.moved_by for one in promise.revisions] == ["estimate", "additional_work", "withdrawn"]
    assert [one.promised_at for one in shop.desk.announced(WorkWithdrawn)] == [at("18:30"), at("14:30")]
    again = put_and_approve(shop)
    assert withdrawn(shop, added(shop, again, 0, "OIL"), 2).promised_at == again.promised_at


def test_nobody_is_promised_what_has_passed_for_work_that_is_withdrawn(shop: Shop) -> None:
    order = added(shop, put_and_approve(shop), 240, "OIL")
    shop.desk.pass_time(hours=4)
    assert withdrawn(shop, order, 2).promised_at == at("16:00")


def test_a_time_that_was_told_since_stays_and_is_held_against_the_promise_without_that_work(shop: Shop) -> None:
    """Rule W18: who told it, told it."""
    order = added(shop, put_and_approve(shop), 60, "OIL")
    revise(shop, order, at("18:00"))
    promise = promise_of(shop, withdrawn(shop, order, 2))
    assert (promise.promised_at, promise.baseline_at) == (at("18:00"), at("14:30"))


def test_a_cause_is_recorded_of_what_is_late_or_going_to_be(shop: Shop) -> None:
    """Rule W18: each miss has one, and nothing else has."""
    order = put_and_approve(shop)
    parts = {"miss_cause": "parts"}
    with pytest.raises(Refused, match="not_late"):
        shop.desk.do(ExplainMiss(work_order_id=order.id, **parts))
    later = put_and_approve(shop)
    revise(shop, later, at("18:00"))
    assert shop.desk.do(ExplainMiss(work_order_id=later.id, **parts)).miss_cause == "parts"
    at_risk = put_and_approve(shop, promised_at=at("14:30"))
    shop.desk.pass_time(hours=1)
    shop.desk.fire_timers()
    assert shop.desk.do(ExplainMiss(work_order_id=at_risk.id, **parts)).miss_cause == "parts"
    in_time = shop.ready(order)
    assert not promise_of(shop, in_time).missed
    with pytest.raises(Refused, match="not_late"):
        shop.desk.do(ExplainMiss(work_order_id=order.id, **parts))


def test_another_time_is_another_one(shop: Shop) -> None:
    """Rule W18: refused by field, and nothing is kept."""
    order = put_and_approve(shop)
    with pytest.raises(Invalid) as same:
        revise(shop, order, at("14:30"))
    assert list(same.value.details["errors"]) == ["promised_at"]
    assert len(promise_of(shop, order).revisions) == 1


def test_what_nobody_told_ends_with_the_order(shop: Shop) -> None:
    """Rule W19."""
    void = put_and_approve(shop)
    shop.desk.do(NoteWaiting(work_order_id=void.id, waits=True))
    shop.desk.do(VoidWorkOrder(work_order_id=void.id, reason="a mistake"))
    assert [one.ended_at is not None for one in promise_of(shop, void).reports] == [True]
