"""Dispatch, clocking, waiting, installed parts, inspection (Rules W8, W9, W11)."""

from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid, Refused
from chassis.wire.values import Quantity
from contracts.workshop.events import (
    QualityChecked,
    QualityCheckRequested,
    WorkOrderHeld,
    WorkOrderResumed,
    WorkStarted,
    WorkStopped,
)
from contracts.workshop.order import Split
from services.workshop.agreement.estimate import Terms, propose_additional_work
from services.workshop.order.status import Status
from services.workshop.shop_floor.clocking import clock_off, clock_on
from services.workshop.shop_floor.dispatch import dispatch, hold, resume
from services.workshop.shop_floor.installed_part import record_installed
from services.workshop.shop_floor.quality_check import request_quality_check
from tests.unit.workshop.orders import (
    NOON,
    a_work_order,
    an_approved_order,
    an_estimate,
    an_order_that_is,
    brake_pads,
    cny,
    inspect,
    labour,
    next_change,
    prices,
    sublet,
)


def being_worked_on(*lines, technician="zhang"):
    """An order someone is clocked on to, and the clockings of it."""
    order = an_approved_order(*(lines or (labour(), brake_pads())))
    dispatch(order, [], "zhang", "B1", NOON)
    clocking = clock_on(next_change(order), order.lines[0].id, technician, NOON)
    return order, [next_change(clocking)]


def test_nothing_approved_nothing_dispatched():
    order = a_work_order(labour())
    an_estimate(order)
    with pytest.raises(Refused, match="nothing_approved"):
        dispatch(order, [], "zhang", "B1", NOON)


def test_work_on_an_unapproved_line_cannot_start():
    order = an_approved_order(labour())
    dispatch(order, [], "zhang", "B1", NOON)
    extra = labour()
    propose_additional_work(next_change(order), [extra], prices(), Terms(), NOON)
    with pytest.raises(Refused) as refused:
        clock_on(order, extra.id, "zhang", NOON)
    assert (refused.value.code, refused.value.details) == ("line_not_approved", {"line": 2})
    assert order.status is Status.DISPATCHED


def test_only_labour_that_is_not_done_is_clocked():
    order, clockings = being_worked_on()
    with pytest.raises(Refused, match="not_a_labour_line"):
        clock_on(order, order.lines[1].id, "chen", NOON)
    clock_off(order, clockings, order.lines[0].id, "zhang", NOON, done=True)
    with pytest.raises(Refused, match="line_already_done"):
        clock_on(order, order.lines[0].id, "zhang", NOON)


def test_a_clocking_belongs_to_the_visit_and_announces_its_start_itself():
    order = an_approved_order(labour())
    dispatch(order, [], "zhang", "B1", NOON)
    clocking = clock_on(next_change(order), order.lines[0].id, "zhang", NOON)
    assert clocking.announced == [
        WorkStarted(work_order_id=order.id, line_id=order.lines[0].id, technician="zhang", started_at=NOON)
    ]
    assert (clocking.visit_id, clocking.open, order.status, order.announced) == (order.visit_id, True, Status.IN_PROGRESS, [])


def test_clocking_off_counts_full_minutes():
    order, clockings = being_worked_on()
    line = order.lines[0]
    stopped_at = NOON + timedelta(minutes=44, seconds=59)
    mine = clock_off(order, clockings, line.id, "zhang", stopped_at, done=True)
    assert mine.announced == [
        WorkStopped(
            work_order_id=order.id, line_id=line.id, technician="zhang", done=True, stopped_at=stopped_at, worked_minutes=44
        )
    ]


def test_only_who_is_on_a_line_clocks_off_it():
    order, clockings = being_worked_on()
    with pytest.raises(Refused, match="not_clocked_on"):
        clock_off(order, clockings, order.lines[0].id, "chen", NOON, done=False)


def test_a_line_is_not_done_while_a_colleague_is_at_it():
    order, clockings = being_worked_on()
    clockings.append(clock_on(order, order.lines[0].id, "chen", NOON))
    with pytest.raises(Refused, match="colleague_still_on_line"):
        clock_off(order, clockings, order.lines[0].id, "zhang", NOON, done=True)


def test_an_order_does_not_wait_while_someone_is_working_on_it():
    order, clockings = being_worked_on()
    with pytest.raises(Refused, match="still_clocked_on"):
        hold(order, clockings, "parts", at=NOON)


def test_an_order_on_hold_says_what_it_waits_for():
    order = an_order_that_is(Status.IN_PROGRESS)
    hold(order, [], "warranty_authorisation", at=NOON)
    assert (order.status, order.hold_reason) == (Status.ON_HOLD, "warranty_authorisation")
    assert order.announced == [WorkOrderHeld(work_order_id=order.id, hold_reason="warranty_authorisation")]
    resume(next_change(order))
    assert (order.status, order.hold_reason) == (Status.DISPATCHED, None)
    assert order.announced == [WorkOrderResumed(work_order_id=order.id)]


def test_a_car_whose_work_is_done_waits_for_its_inspection():
    order = an_order_that_is(Status.IN_PROGRESS)
    request_quality_check(order, [])
    assert order.status is Status.QUALITY_CHECK
    assert order.announced == [QualityCheckRequested(work_order_id=order.id)]


def shares(*amounts):
    return [{"payer": payer, "minor": minor} for payer, minor in zip(("warranty", "customer_pay"), amounts, strict=True)]


def amounts(warranty, customer):
    return [Split(payer="warranty", amount=cny(warranty)), Split(payer="customer_pay", amount=cny(customer))]


def test_less_installed_costs_less_at_the_frozen_unit_price():
    order = an_order_that_is(
        Status.IN_PROGRESS,
        brake_pads("2", payers=[{"payer": "warranty", "basis_points": 7500}, {"payer": "customer_pay", "basis_points": 2500}]),
    )
    record_installed(order, order.lines[0].id, Quantity.of("1.5"), "zhang")
    assert order.lines[0].amount("CNY") == cny("150.00")
    assert order.lines[0].shares == shares(112_50, 37_50)


def test_amounts_that_payers_agreed_to_are_never_scaled():
    """Rule W4: less was installed, so they agree to new ones - none to more - or the quantity is not recorded."""
    order = an_order_that_is(Status.IN_PROGRESS, brake_pads("2", payers=shares(150_00, 50_00)))
    line = order.lines[0]
    with pytest.raises(Refused) as refused:
        record_installed(order, line.id, Quantity.of("1.5"), "zhang")
    assert (refused.value.code, refused.value.details) == (
        "shares_do_not_add_up",
        {"line": 1, "amount": {"amount": "150.00", "currency": "CNY"}},
    )
    with pytest.raises(Refused) as refused:
        record_installed(order, line.id, Quantity.of("1.5"), "zhang", amounts("99.99", "50.01"))
    assert (refused.value.code, refused.value.details["agreed"]) == ("share_above_agreed", cny("50.00").plain())
    assert (line.installed, line.shares) == (Quantity.of("2"), shares(150_00, 50_00))
    record_installed(order, line.id, Quantity.of("1.5"), "zhang", amounts("120.00", "30.00"))
    assert (line.installed, line.shares) == (Quantity.of("1.5"), shares(120_00, 30_00))
    record_installed(order, line.id, Quantity.of("0"), "zhang")
    assert (line.on_the_car, line.shares) == (False, shares(0, 0))
    record_installed(order, line.id, Quantity.of("2"), "zhang")
    assert line.shares == shares(150_00, 50_00)


def test_payers_that_share_by_percentage_are_given_no_amounts():
    order = an_order_that_is(Status.IN_PROGRESS, brake_pads("2"))
    with pytest.raises(Invalid) as refused:
        record_installed(order, order.lines[0].id, Quantity.of("1"), "zhang", amounts("50.00", "50.00"))
    assert refused.value.details["errors"] == {"split": ["payers_agreed_to_no_amounts"]}


def test_more_than_approved_or_something_else_than_a_part_is_not_installed():
    order = an_order_that_is(Status.IN_PROGRESS)
    with pytest.raises(Refused, match="more_than_approved"):
        record_installed(order, order.lines[1].id, Quantity.of("2.001"), "zhang")
    with pytest.raises(Refused, match="not_a_part_line"):
        record_installed(order, order.lines[0].id, Quantity.of("1"), "zhang")


def test_labour_that_is_not_done_keeps_the_car_from_the_inspection():
    order, clockings = being_worked_on()
    clock_off(order, clockings, order.lines[0].id, "zhang", NOON, done=False)
    with pytest.raises(Refused) as refused:
        request_quality_check(order, clockings)
    assert (refused.value.code, refused.value.details) == ("line_not_done", {"line": 1})


def test_an_undecided_line_keeps_the_car_from_the_inspection():
    order = an_order_that_is(Status.IN_PROGRESS)
    propose_additional_work(order, [sublet()], prices(), Terms(), NOON)
    with pytest.raises(Refused, match="line_undecided"):
        request_quality_check(order, [])


def test_someone_still_at_work_keeps_the_car_from_the_inspection():
    order, clockings = being_worked_on(labour(), labour())
    for line in order.lines:
        line.done_at = NOON
    with pytest.raises(Refused, match="still_clocked_on"):
        request_quality_check(order, clockings)


def in_inspection(*lines):
    """An order whose labour zhang did, and the clockings of it."""
    order, clockings = being_worked_on(*lines)
    clock_off(order, clockings, order.lines[0].id, "zhang", NOON, done=True)
    request_quality_check(order, clockings)
    return next_change(order), clockings


def test_who_did_the_work_cannot_inspect_it():
    with pytest.raises(Refused, match="inspector_did_the_work"):
        inspect(*in_inspection(), "zhang", passed=True, findings=None, rework=[])


def test_a_failed_inspection_sends_the_order_back_and_counts_as_rework():
    order, clockings = in_inspection()
    inspect(order, clockings, "qin", passed=False, findings="Squeals still", rework=[order.lines[0].id])
    assert (order.status, order.rework_count, order.lines[0].done_at) == (Status.DISPATCHED, 1, None)
    told = {"findings": "Squeals still", "rework_cause": "workmanship"}
    assert order.announced == [QualityChecked(work_order_id=order.id, passed=False, inspector="qin", **told)]


def test_a_failed_inspection_says_what_was_found_and_a_passed_one_names_no_rework():
    order, clockings = in_inspection()
    with pytest.raises(Invalid):
        inspect(order, clockings, "qin", passed=False, findings=None, rework=[])
    with pytest.raises(Invalid):
        inspect(order, clockings, "qin", passed=True, findings=None, rework=[order.lines[0].id])
    with pytest.raises(Invalid):
        inspect(order, clockings, "qin", passed=False, findings="Squeals", rework=[])


def test_labour_alone_is_done_again_and_each_line_once():
    """Rule W14: what the inspector signs names the work that opens again, and nothing else."""
    order, clockings = in_inspection(labour(), brake_pads())
    work, pads = (line.id for line in order.lines)
    with pytest.raises(Refused, match="not_a_labour_line"):
        inspect(order, clockings, "qin", passed=False, findings="squeals", rework=[pads])
    with pytest.raises(Invalid) as refused:
        inspect(order, clockings, "qin", passed=False, findings="squeals", rework=[work, work])
    assert [*refused.value.details["errors"]] == ["rework_line_ids.1"]


def given_to_zhang(*lines):
    """An approved order, dispatched."""
    order = an_approved_order(*lines)
    dispatch(order, [], "zhang", "B1", NOON)
    return next_change(order)


@pytest.mark.parametrize("handed", ["issued", "recorded", "given to them"])
def test_parts_and_sublet_work_is_inspected_by_somebody_who_did_not_hand_it_out(handed):
    """Rule W11: nobody clocks on parts and sublet work."""
    order = given_to_zhang(brake_pads(), sublet())
    out = ["he.jun"] if handed == "issued" else []
    inspector = {"issued": "he.jun", "recorded": "chen", "given to them": "zhang"}[handed]
    if handed == "recorded":
        record_installed(order, order.lines[0].id, Quantity.of("1"), "chen")
    request_quality_check(order, [])
    next_change(order)
    for passed in (True, False):
        with pytest.raises(Refused, match="inspector_did_the_work"):
            inspect(order, [], inspector, passed=passed, findings="x", rework=[], handed_out=out)
    inspect(order, [], "qin", passed=True, findings=None, rework=[], handed_out=out)


def test_of_labour_only_who_clocked_on_did_it():
    order = given_to_zhang(labour())
    clocking = next_change(clock_on(order, order.lines[0].id, "chen", NOON))
    clock_off(order, [clocking], order.lines[0].id, "chen", NOON, done=True)
    request_quality_check(order, [clocking])
    inspect(next_change(order), [clocking], "zhang", passed=True, findings=None, rework=[])
    assert order.quality_passed_by == "zhang"
