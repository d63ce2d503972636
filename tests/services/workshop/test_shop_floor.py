"""Bays, technicians and inspections through the door."""

import pytest
from eventlet import GreenPool

from chassis.wire.errors import NotYetKnown, Refused
from chassis.wire.ids import new_id
from chassis.wire.values import Quantity
from contracts.parts.events import PartsIssued
from contracts.shared import PartRequest
from contracts.workshop import agreement
from contracts.workshop.board import GetBoard
from contracts.workshop.events import (
    QualityChecked,
    WorkOrderDispatched,
    WorkOrderReturned,
    WorkOrderVoided,
    WorkStarted,
    WorkStopped,
)
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.order import AddLines, VoidWorkOrder
from contracts.workshop.shop_floor import (
    CheckQuality,
    ClockOn,
    DispatchWorkOrder,
    HoldWorkOrder,
    ListClockings,
    RequestQualityCheck,
    ResumeWorkOrder,
    ReturnToWork,
)
from tests.services.workshop.shop import labour, line_id, part, signed


def test_a_technician_is_on_one_line_at_a_time(shop):
    one, two = shop.dispatched(shop.approved(), bay="B1"), shop.dispatched(shop.approved(), bay="B2")
    shop.clock_on(one)
    with pytest.raises(Refused) as refused:
        shop.clock_on(two)
    assert (refused.value.code, refused.value.details) == ("technician_clocked_on", {"name": "zhang", "work_order": one.number})
    shop.clock_off(one, done=False)
    assert shop.clock_on(two).status == "in_progress"


def test_a_technician_is_not_on_two_lines_of_one_order_either(shop):
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    shop.clock_on(order, 1)
    with pytest.raises(Refused, match="technician_clocked_on"):
        shop.clock_on(order, 2)
    assert shop.clock_on(order, 2, technician="chen").status == "in_progress"


def test_a_bay_holds_one_order_until_its_work_stops(shop):
    one, two = shop.dispatched(shop.approved()), shop.dispatched(shop.approved(), technician="chen")
    shop.clock_on(one)
    with pytest.raises(Refused) as refused:
        shop.clock_on(two, technician="chen")
    assert (refused.value.code, refused.value.details) == ("bay_occupied", {"name": "B1", "work_order": one.number})
    shop.clock_off(one, done=False)
    with pytest.raises(Refused, match="bay_occupied"):
        shop.clock_on(two, technician="chen")
    shop.desk.do(HoldWorkOrder(work_order_id=one.id, reason="parts"))
    assert shop.clock_on(two, technician="chen").status == "in_progress"
    shop.desk.do(ResumeWorkOrder(work_order_id=one.id))
    with pytest.raises(Refused, match="bay_occupied"):
        shop.clock_on(one)


def test_a_car_in_inspection_has_left_its_bay(shop):
    shop.inspected(shop.approved())
    assert shop.clock_on(shop.dispatched(shop.approved())).status == "in_progress"


def test_a_refused_clock_on_leaves_no_trace(shop):
    one, two = shop.dispatched(shop.approved()), shop.dispatched(shop.approved(), technician="chen")
    shop.clock_on(one)
    with pytest.raises(Refused):
        shop.clock_on(two, technician="chen")
    assert shop.now(two) == two
    assert len(shop.desk.announced(WorkStarted)) == 1
    assert [who.technician for who in shop.desk.ask(GetBoard()).technicians if who.running] == ["zhang"]


def test_bays_and_technicians_of_two_dealers_have_nothing_to_do_with_each_other(shop):
    shop.clock_on(shop.dispatched(shop.approved()))
    shop.know_neighbours("bj-chaoyang")
    order = shop.open(dealer="bj-chaoyang")
    for step in (
        AddLines(work_order_id=order.id, labour=[labour()]),
        agreement.IssueEstimate(work_order_id=order.id, payment_method="cash", old_parts="dispose", free_wash=False),
        agreement.ApproveEstimate(work_order_id=order.id, estimate_version=1, decision=signed()),
        DispatchWorkOrder(work_order_id=order.id, technician="zhang", bay="B1"),
    ):
        order = shop.desk.do(step, dealer="bj-chaoyang")
    started = shop.desk.do(ClockOn(work_order_id=order.id, line_id=line_id(order, 1)), dealer="bj-chaoyang", actor="zhang")
    assert started.status == "in_progress"


def test_clocking_measures_the_minutes_and_finishes_the_line(shop):
    order = shop.dispatched(shop.approved())
    shop.clock_on(order)
    shop.desk.pass_time(minutes=10, seconds=59)
    order = shop.clock_off(order, done=False)
    assert order.lines[0].done_at is None
    shop.clock_on(order)
    shop.desk.pass_time(minutes=20)
    order = shop.clock_off(order)
    assert order.lines[0].done_at == shop.desk.clock.now()
    assert [(fact.worked_minutes, fact.done) for fact in shop.desk.announced(WorkStopped)] == [(10, False), (20, True)]


def test_a_failed_inspection_is_redone_and_the_inspector_never_did_the_work(shop):
    order = shop.dispatched(shop.approved())
    shop.clock_on(order)
    shop.clock_off(order)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    with pytest.raises(Refused, match="inspector_did_the_work"):
        shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="zhang")
    order = shop.desk.do(
        CheckQuality(
            work_order_id=order.id,
            passed=False,
            findings="Squeals",
            rework_cause="workmanship",
            rework_line_ids=[line_id(order, 1)],
        ),
        actor="qin",
    )
    assert (order.status, order.rework_count, order.quality_findings) == ("dispatched", 1, "Squeals")
    assert shop.inspected(order).quality_passed_by == "qin"
    assert [fact.passed for fact in shop.desk.announced(QualityChecked)] == [False, True]


def test_work_is_given_to_technicians_of_the_dealer_only(shop):
    """Rule W9: by the newest fact of their account. Of whom nobody has heard, the fact may yet come.

    Another dealer's people are as if nobody had heard of them (Rule G1).
    """
    order = shop.approved()
    shop.desk.employ("clerk", "parts_clerk")
    shop.desk.employ("li", "technician", at=("bj-chaoyang",))
    shop.desk.employ("gone", "technician", sequence=2, active=False)
    shop.desk.employ("gone", "technician", sequence=1)
    with pytest.raises(Refused) as refused:
        shop.dispatched(order, technician="clerk")
    assert (refused.value.code, refused.value.details) == ("not_a_technician", {"name": "clerk"})
    for name in ("li", "gone", "nobody"):
        with pytest.raises(NotYetKnown) as unknown:
            shop.dispatched(order, technician=name)
        assert unknown.value.details == {"field": "technician", "value": name}
    shop.desk.employ("clerk", "technician", sequence=2)
    assert shop.dispatched(order, technician="clerk").technician == "clerk"


def test_an_order_not_yet_begun_is_given_to_others(shop):
    order = shop.dispatched(shop.dispatched(shop.approved()), technician="chen", bay="B2")
    assert (order.technician, order.bay) == ("chen", "B2")
    assert [fact.technician for fact in shop.desk.announced(WorkOrderDispatched)] == ["zhang", "chen"]


def test_begun_work_is_given_to_others_once_nobody_is_at_it(shop):
    """Rule W9: where it stands it keeps its bay; another bay it takes when somebody clocks on, and leaves the one it had."""
    order = shop.dispatched(shop.approved(labour=[labour(), labour("OIL")]))
    first_given = shop.clock_on(order).lines[0].line_id
    with pytest.raises(Refused) as refused:
        shop.dispatched(order, technician="chen")
    assert (refused.value.code, refused.value.details) == ("still_clocked_on", {"technician": "zhang"})
    shop.desk.pass_time(minutes=30)
    shop.clock_off(order, done=False)
    order = shop.dispatched(order, technician="chen", bay="b-1")
    assert (order.technician, order.status) == ("chen", "in_progress")
    other = shop.dispatched(shop.approved(), technician="chen", bay="B1")
    with pytest.raises(Refused, match="bay_occupied"):
        shop.clock_on(other, technician="chen")
    order = shop.dispatched(order, technician="chen", bay="B2")
    assert (order.bay, order.status) == ("B2", "dispatched")
    shop.clock_on(other, technician="chen")
    shop.clock_off(other, technician="chen", done=False)
    shop.desk.pass_time(minutes=10)
    assert shop.clock_on(order, technician="chen").status == "in_progress"
    kept = [(one.line_id, one.technician, one.minutes) for one in shop.desk.ask(ListClockings(work_order_id=order.id)).items]
    assert kept == [(first_given, "zhang", 30), (first_given, "chen", None)], "what was worked stays who worked it"
    assert [fact.technician for fact in shop.desk.announced(WorkOrderDispatched)] == ["zhang", "chen", "chen", "chen"]


def test_held_work_is_given_to_others_and_goes_on_waiting(shop):
    order = shop.dispatched(shop.approved())
    shop.desk.do(HoldWorkOrder(work_order_id=order.id, reason="parts"))
    order = shop.dispatched(order, technician="chen", bay="B2")
    assert (order.status, order.hold_reason, order.technician) == ("on_hold", "parts", "chen")
    assert shop.desk.do(ResumeWorkOrder(work_order_id=order.id)).status == "dispatched"


def test_who_had_the_order_when_it_was_begun_does_not_inspect_it(shop):
    """Rule W11: parts and outside work are nobody's clocking; whom they were given to is still among those who did the work."""
    order = shop.dispatched(shop.approved())
    shop.clock_on(order, technician="chen")
    shop.desk.pass_time(minutes=10)
    shop.clock_off(order, technician="chen", done=False)
    order = shop.dispatched(order, technician="chen", bay="B1")
    shop.clock_on(order, technician="chen")
    shop.clock_off(order, technician="chen")
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="chen")
    with pytest.raises(Refused, match="inspector_did_the_work"):
        shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="zhang")
    assert shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin").quality_passed_by == "qin"


def test_an_order_of_which_nothing_was_done_is_voided_even_after_dispatch(shop):
    """Rule W14: bay and technician are free, its appointment is told."""
    one, two = shop.dispatched(shop.approved()), shop.dispatched(shop.approved(), technician="chen")
    shop.clock_on(one)
    with pytest.raises(Refused, match="still_clocked_on"):
        shop.desk.do(VoidWorkOrder(work_order_id=one.id, reason="wrong car"))
    shop.clock_off(one, done=False)
    order = shop.desk.do(VoidWorkOrder(work_order_id=one.id, reason="wrong car"))
    assert (order.status, shop.clock_on(two, technician="chen").status) == ("void", "in_progress")
    assert [fact.reason for fact in shop.desk.announced(WorkOrderVoided)] == ["wrong car"]
    shop.desk.pass_time(minutes=1)
    shop.clock_off(two, technician="chen", done=False)
    with pytest.raises(Refused) as refused:
        shop.desk.do(VoidWorkOrder(work_order_id=two.id, reason="customer left"))
    assert (refused.value.code, refused.value.details) == ("line_begun", {"line": 1})


def test_a_ready_car_that_the_customer_does_not_take_is_worked_on_and_inspected_again(shop):
    order = shop.ready()
    order = shop.desk.do(ReturnToWork(work_order_id=order.id, reason="squeals", rework_line_ids=[line_id(order, 1)]))
    assert (order.status, order.quality_passed_by) == ("dispatched", None)
    with pytest.raises(Refused, match="line_not_done"):
        shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    order = shop.ready(order)
    assert shop.deliver(order).status == "delivered"
    assert [fact.reason for fact in shop.desk.announced(WorkOrderReturned)] == ["squeals"]


def test_whoever_handed_the_parts_out_does_not_inspect_them(shop):
    """Rule W11: the parts desk's slips say who that was."""
    order = shop.dispatched(shop.approved(parts=[part()]))
    handed = [PartRequest(line_id=line_id(order, 1), part_number="PAD-1", quantity=Quantity.of("2"))]
    shop.desk.hear(
        PartsIssued(slip_id=new_id(), work_order_id=order.id, technician="chen", handed_by="he.jun", lines=handed), times=2
    )
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    for inspector in ("he.jun", "chen", "zhang"):
        with pytest.raises(Refused, match="inspector_did_the_work"):
            shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor=inspector)
    assert shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin").quality_passed_by == "qin"


def test_orders_are_listed_by_status_plate_and_promise_page_by_page(shop):
    first, second, third = shop.open(), shop.approved(), shop.open()
    listed = shop.desk.ask(ListWorkOrders(limit=2))
    assert [item.id for item in listed.items] == [third.id, second.id]
    rest = shop.desk.ask(ListWorkOrders(limit=2, cursor=listed.next_cursor))
    assert ([item.id for item in rest.items], rest.next_cursor) == ([first.id], None)
    shop.dispatched(second)
    assert [item.id for item in shop.desk.ask(ListWorkOrders(status=["dispatched"])).items] == [second.id]
    assert [item.id for item in shop.desk.ask(ListWorkOrders(promised_before=second.promised_at)).items] == []
    shop.desk.pass_time(hours=5)
    assert [item.id for item in shop.desk.ask(ListWorkOrders(promised_before=shop.desk.clock.now())).items] == [second.id]
    assert len(shop.desk.ask(ListWorkOrders(plate="沪A12345")).items) == 3
    assert shop.desk.ask(ListWorkOrders(plate="京B00000")).items == []


def test_of_five_cars_that_enter_one_bay_at_once_one_does(shop):
    orders = [shop.dispatched(shop.approved(labour=[labour()])) for _ in range(5)]

    def try_to_begin(number):
        try:
            return shop.clock_on(orders[number], technician=f"technician-{number}").status
        except Refused as refused:
            return refused.code

    assert sorted(GreenPool().imap(try_to_begin, range(5))) == [*["bay_occupied"] * 4, "in_progress"]
