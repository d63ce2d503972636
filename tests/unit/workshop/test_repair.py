"""The shop floor and the handing over (Rules W8, W9, W11, W13 to W15)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Quantity
from contracts.workshop.events import (
    DeliveryReversed,
    QualityChecked,
    WorkOrderClosed,
    WorkOrderDelivered,
    WorkOrderReady,
    WorkStopped,
)
from services.workshop.domain.estimates import Terms
from services.workshop.domain.status import Status
from tests.unit.workshop.orders import (
    NOON,
    a_work_order,
    an_approved_order,
    an_estimate,
    an_order_that_is,
    brake_pads,
    cny,
    labour,
    next_change,
    prices,
    sublet,
)


def being_worked_on(*lines, technician="zhang"):
    order = an_approved_order(*(lines or (labour(), brake_pads())))
    order.dispatch("zhang", "B1")
    next_change(order).clock_on(order.lines[0].id, technician, NOON)
    return next_change(order)


def delivered(order, **more):
    delivery = order.deliver(**{"at": NOON, "accepted_by": "Wang", "mileage": 52_000, **more})
    return delivery, order.announced[0]


def test_nothing_approved_nothing_dispatched():
    order = a_work_order(labour())
    an_estimate(order)
    with pytest.raises(Refused, match="nothing_approved"):
        order.dispatch("zhang", "B1")


def test_work_on_an_unapproved_line_cannot_start():
    order = an_approved_order(labour())
    order.dispatch("zhang", "B1")
    extra = labour()
    next_change(order).propose_additional_work([extra], prices(), Terms(), NOON)
    with pytest.raises(Refused) as refused:
        order.clock_on(extra.id, "zhang", NOON)
    assert (refused.value.code, refused.value.details) == ("line_not_approved", {"line": 2})
    assert order.status is Status.DISPATCHED


def test_only_labour_that_is_not_done_is_clocked():
    order = being_worked_on()
    with pytest.raises(Refused, match="not_a_labour_line"):
        order.clock_on(order.lines[1].id, "chen", NOON)
    order.clock_off(order.lines[0].id, "zhang", NOON, done=True)
    with pytest.raises(Refused, match="line_already_done"):
        order.clock_on(order.lines[0].id, "zhang", NOON)


def test_clocking_off_counts_full_minutes():
    order = being_worked_on()
    line = order.lines[0]
    order.clock_off(line.id, "zhang", NOON + timedelta(minutes=44, seconds=59), done=True)
    assert order.announced == [
        WorkStopped(work_order_id=order.id, line_id=line.id, technician="zhang", done=True, worked_minutes=44)
    ]


def test_only_who_is_on_a_line_clocks_off_it():
    order = being_worked_on()
    with pytest.raises(Refused, match="not_clocked_on"):
        order.clock_off(order.lines[0].id, "chen", NOON, done=False)


def test_a_line_is_not_done_while_a_colleague_is_at_it():
    order = being_worked_on()
    order.clock_on(order.lines[0].id, "chen", NOON)
    with pytest.raises(Refused, match="colleague_still_on_line"):
        next_change(order).clock_off(order.lines[0].id, "zhang", NOON, done=True)


def test_an_order_does_not_wait_while_someone_is_working_on_it():
    order = being_worked_on()
    with pytest.raises(Refused, match="still_clocked_on"):
        order.hold("parts")


def test_an_order_on_hold_says_what_it_waits_for():
    order = an_order_that_is(Status.IN_PROGRESS)
    order.hold("warranty_authorisation")
    assert (order.status, order.hold_reason) == (Status.ON_HOLD, "warranty_authorisation")
    order.resume()
    assert (order.status, order.hold_reason) == (Status.DISPATCHED, None)


def test_less_installed_costs_less_at_the_frozen_unit_price():
    order = an_order_that_is(
        Status.IN_PROGRESS,
        brake_pads("2", payers=[{"payer": "warranty", "minor": 150_00}, {"payer": "customer_pay", "minor": 50_00}]),
    )
    order.record_installed(order.lines[0].id, Quantity.of("1.5"))
    assert order.lines[0].amount("CNY") == cny("150.00")
    assert order.lines[0].shares == [{"payer": "warranty", "minor": 112_50}, {"payer": "customer_pay", "minor": 37_50}]


def test_more_than_approved_or_something_else_than_a_part_is_not_installed():
    order = an_order_that_is(Status.IN_PROGRESS)
    with pytest.raises(Refused, match="more_than_approved"):
        order.record_installed(order.lines[1].id, Quantity.of("2.001"))
    with pytest.raises(Refused, match="not_a_part_line"):
        order.record_installed(order.lines[0].id, Quantity.of("1"))


def test_labour_that_is_not_done_keeps_the_car_from_the_inspection():
    order = being_worked_on()
    order.clock_off(order.lines[0].id, "zhang", NOON, done=False)
    with pytest.raises(Refused) as refused:
        order.request_quality_check()
    assert (refused.value.code, refused.value.details) == ("line_not_done", {"line": 1})


def test_an_undecided_line_keeps_the_car_from_the_inspection():
    order = an_order_that_is(Status.IN_PROGRESS)
    order.propose_additional_work([sublet()], prices(), Terms(), NOON)
    with pytest.raises(Refused, match="line_undecided"):
        order.request_quality_check()


def test_someone_still_at_work_keeps_the_car_from_the_inspection():
    order = being_worked_on(labour(), labour())
    for line in order.lines:
        line.done_at = NOON
    with pytest.raises(Refused, match="still_clocked_on"):
        order.request_quality_check()


def in_inspection():
    order = being_worked_on()
    order.clock_off(order.lines[0].id, "zhang", NOON, done=True)
    next_change(order).request_quality_check()
    return order


def test_who_did_the_work_cannot_inspect_it():
    with pytest.raises(Refused, match="inspector_did_the_work"):
        in_inspection().check_quality("zhang", passed=True, findings=None, rework=[])


def test_a_failed_inspection_sends_the_order_back_and_counts_as_rework():
    order = in_inspection()
    order.check_quality("qin", passed=False, findings="Squeals still", rework=[order.lines[0].id])
    assert (order.status, order.rework_count, order.lines[0].done_at) == (Status.DISPATCHED, 1, None)
    assert order.announced == [QualityChecked(work_order_id=order.id, passed=False, inspector="qin", findings="Squeals still")]


def test_a_failed_inspection_says_what_was_found_and_a_passed_one_names_no_rework():
    order = in_inspection()
    with pytest.raises(Invalid):
        order.check_quality("qin", passed=False, findings=None, rework=[])
    with pytest.raises(Invalid):
        order.check_quality("qin", passed=True, findings=None, rework=[order.lines[0].id])


def test_a_car_is_ready_only_after_it_passed_and_a_pass_before_rework_does_not_count():
    order = in_inspection()
    with pytest.raises(Refused, match="quality_not_passed"):
        order.mark_ready()
    order.check_quality("qin", passed=True, findings=None, rework=[])
    next_change(order).mark_ready()
    assert order.announced == [WorkOrderReady(work_order_id=order.id, revision=1, total=cny("400.00"))]


def test_a_new_inspection_does_not_inherit_the_pass_of_the_last_one():
    order = an_order_that_is(Status.IN_PROGRESS)
    order.request_quality_check()
    with pytest.raises(Refused, match="quality_not_passed"):
        order.mark_ready()


def test_delivering_announces_only_approved_and_installed_lines():
    order = a_work_order(labour(), brake_pads("2"), brake_pads("1"), sublet())
    estimate = an_estimate(order)
    order.decline([order.lines[3].id], "not now", signed=False)
    next_change(order).approve(estimate.content, "Li Na")
    order.status = Status.IN_PROGRESS
    order.record_installed(order.lines[1].id, Quantity.of("1"))
    order.record_installed(order.lines[2].id, Quantity.of("0"))
    order.status = Status.READY
    _, fact = delivered(next_change(order))
    assert isinstance(fact, WorkOrderDelivered)
    assert order.status is Status.DELIVERED
    assert [(line.number, line.amount, line.quantity) for line in fact.lines] == [
        (1, cny("200.00"), None),
        (2, cny("100.00"), Quantity.of("1")),
    ]
    assert [(line.description, line.reason) for line in fact.declined] == [("Wheel alignment", "not now")]
    assert (fact.revision, fact.accepted_by, fact.delivered_at) == (1, "Wang", NOON)


def test_shares_of_every_delivered_line_add_up_to_its_amount():
    order = an_order_that_is(
        Status.READY,
        brake_pads(
            "1",
            payers=[
                {"payer": payer, "percent": percent}
                for payer, percent in (("warranty", 33), ("goodwill", 33), ("customer_pay", 34))
            ],
        ),
    )
    _, fact = delivered(order)
    for line in fact.lines:
        assert sum(share.amount.minor for share in line.shares) == line.amount.minor


def test_the_signed_settlement_says_what_was_announced():
    order = an_order_that_is(Status.READY, labour(), sublet(payers=[{"payer": "insurer", "percent": 100}]))
    delivery, fact = delivered(order, preferred_phone="139")
    signed = delivery.describe()
    assert (signed.final, signed.reversed, signed.revision, signed.total) == (True, False, 1, cny("280.00"))
    assert signed.lines == fact.lines
    assert [(share.payer, share.amount) for share in signed.payers] == [
        ("customer_pay", cny("200.00")),
        ("insurer", cny("80.00")),
    ]
    assert (signed.accepted_by, signed.delivered_at, signed.preferred_phone) == ("Wang", NOON, "139")


def test_a_mileage_below_the_last_known_one_needs_a_reason():
    order = an_order_that_is(Status.READY)
    order.known_mileage = 52_001
    with pytest.raises(Refused) as refused:
        delivered(order)
    assert (refused.value.code, refused.value.details) == ("mileage_went_back", {"known": 52_001})
    delivery, _ = delivered(order, mileage_reason="Instrument cluster replaced")
    assert delivery.mileage_reason == "Instrument cluster replaced"


def test_a_reversed_delivery_returns_to_ready_and_the_next_one_has_the_next_revision():
    order = an_order_that_is(Status.READY)
    delivered(order)
    next_change(order).reverse_delivery("wrong car")
    assert order.announced == [DeliveryReversed(work_order_id=order.id, revision=1, reason="wrong car")]
    assert (order.status, order.mileage, order.delivered_at) == (Status.READY, None, None)
    _, fact = delivered(next_change(order))
    assert fact.revision == 2


def test_a_delivery_is_not_reversed_once_the_gate_pass_is_used():
    order = an_order_that_is(Status.READY)
    delivered(order)
    next_change(order).close(1)
    assert order.announced == [WorkOrderClosed(work_order_id=order.id)]
    with pytest.raises(Refused, match="gate_pass_used"):
        next_change(order).reverse_delivery("too late")


def test_a_gate_pass_of_an_earlier_delivery_closes_nothing():
    order = an_order_that_is(Status.READY)
    delivered(order)
    next_change(order).reverse_delivery("wrong car")
    delivered(next_change(order))
    with pytest.raises(Refused, match="gate_pass_of_another_delivery"):
        next_change(order).close(1)
