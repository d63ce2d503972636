"""Rule W11: a road test that was asked for comes before the final inspection."""

import pytest

from chassis.wire.errors import NotFound, Refused
from contracts.workshop.order import WorkOrder
from contracts.workshop.readiness_events import RoadTestAsked
from contracts.workshop.road_test import AskForRoadTest, GetRoadTests, RecordRoadTest, RoadTests, WithdrawRoadTest
from contracts.workshop.shop_floor import CheckQuality, ListInspections, ReturnToWork
from tests.services.workshop.shop import Shop, line_id
from tests.services.workshop.test_quality import FAILED, handed_in, worked


def asks(shop: Shop, order: WorkOrder, reason: str = "rattles on cobbles") -> RoadTests:
    return shop.desk.do(AskForRoadTest(work_order_id=order.id, reason=reason))


def drives(shop: Shop, order: WorkOrder, before: int = 52_000) -> RoadTests:
    drive = {"route": "Ring road", "mileage_before": before, "mileage_after": before + 6, "findings": "quiet"}
    return shop.desk.do(RecordRoadTest(work_order_id=order.id, driven_by="zhang", **drive), actor="qin")


def passes(shop: Shop, order: WorkOrder) -> WorkOrder:
    return shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")


def due(shop: Shop, order: WorkOrder) -> bool:
    return shop.desk.ask(ListInspections(work_order_id=order.id)).road_test_due


def test_a_car_whose_road_test_was_asked_for_does_not_pass_without_it(shop: Shop) -> None:
    """Rule W11: where nobody asks, nobody drives; it is refused by name, and shown before."""
    other = handed_in(shop)
    order = handed_in(shop)
    assert asks(shop, order).road_test_due
    assert (due(shop, order), due(shop, other)) == (True, False)
    assert passes(shop, other).quality_passed_by == "qin"
    with pytest.raises(Refused, match="road_test_due"):
        passes(shop, order)
    assert not drives(shop, order).road_test_due
    assert passes(shop, order).quality_passed_by == "qin"
    [fact] = shop.desk.announced(RoadTestAsked)
    assert (fact.ask, fact.reason) == ("asked", "rattles on cobbles")


def test_a_check_that_fails_needs_none(shop: Shop) -> None:
    order = handed_in(shop)
    asks(shop, order)
    failed = CheckQuality(work_order_id=order.id, rework_line_ids=[line_id(order, 1)], **FAILED)
    assert shop.desk.do(failed, actor="qin").status == "dispatched"


def test_what_is_worked_on_again_is_driven_again(shop: Shop) -> None:
    """Rule W11: the drive before the rework says nothing of it; one before a mere second look does."""
    order = handed_in(shop)
    asks(shop, order)
    drives(shop, order)
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="a stain", rework_line_ids=[]), actor="qin")
    order = handed_in(shop, shop.now(order))
    assert not due(shop, order)
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="loose", rework_line_ids=[line_id(order, 1)]), actor="qin")
    shop.desk.pass_time(minutes=5)
    order = handed_in(shop, shop.now(order))
    with pytest.raises(Refused, match="road_test_due"):
        passes(shop, order)


def test_a_drive_before_it_was_asked_for_is_not_what_was_asked_for(shop: Shop) -> None:
    """Rule W11: the customer calls once more, and it is driven once more; that may be asked for again."""
    order = handed_in(shop)
    drives(shop, order)
    assert asks(shop, order).road_test_due
    with pytest.raises(Refused, match="road_test_due"):
        passes(shop, order)
    drives(shop, order, 52_006)
    assert asks(shop, order, "now on the motorway").road_test_due
    drives(shop, order, 52_012)
    assert passes(shop, order).quality_passed_by == "qin"


def test_it_is_asked_for_once_and_withdrawn_with_a_reason(shop: Shop) -> None:
    order = worked(shop)
    needless = WithdrawRoadTest(work_order_id=order.id, reason="heard at idle")
    with pytest.raises(Refused, match="road_test_not_asked"):
        shop.desk.do(needless)
    asks(shop, order)
    with pytest.raises(Refused, match="road_test_asked"):
        asks(shop, order)
    assert not shop.desk.do(needless).road_test_due
    order = passes(shop, handed_in(shop, shop.now(order)))
    assert order.quality_passed_by == "qin"
    shown = shop.desk.ask(GetRoadTests(work_order_id=order.id)).items
    assert [(one.ask, one.reason) for one in shown] == [("asked", "rattles on cobbles"), ("withdrawn", "heard at idle")]
    with pytest.raises(Refused, match="inspection_passed"):
        asks(shop, order)
    with pytest.raises(NotFound):
        shop.desk.do(AskForRoadTest(work_order_id=order.id, reason="x"), dealer="bj-chaoyang")
