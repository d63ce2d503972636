"""Rule W13: the pre-delivery check - recorded before the customer is told, and no car is delivered without it."""

from typing import Any

import pytest

from chassis.wire.errors import Invalid, Refused
from contracts.signing import Signing
from contracts.workshop.equipment import LendTool, RegisterEquipment, ReturnTool
from contracts.workshop.handing_over import MarkReady
from contracts.workshop.order import WorkOrder
from contracts.workshop.readiness_events import PreDeliveryChecked
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck, ReturnToWork
from tests.services.workshop.shop import Shop
from tests.services.workshop.test_telling import due, missed, tell


def passed(shop: Shop, order: WorkOrder) -> WorkOrder:
    """Inspected, and ready to be checked."""
    return shop.desk.do(MarkReady(work_order_id=shop.inspected(order).id))


def lend(shop: Shop, order: WorkOrder) -> Any:
    tool = shop.desk.do(RegisterEquipment(code="T-1", kind="tool", name="Torque wrench"))
    signature = Signing(means="typed", name="zhang")
    return shop.desk.do(LendTool(equipment_id=tool.id, borrower="zhang", work_order_id=order.id, signature=signature))


def test_delivery_without_the_check_is_refused(shop: Shop) -> None:
    order = passed(shop, shop.approved())
    with pytest.raises(Refused, match="not_checked_before_delivery"):
        shop.deliver(order)
    assert shop.now(order).status == "ready"
    checked = shop.checked(order, note="no spare wheel, sealing kit")
    assert (checked.pre_delivery.checked_by, checked.pre_delivery.checked_at) == ("wang", shop.desk.clock.now())
    assert checked.pre_delivery.note == "no spare wheel, sealing kit"
    [told] = shop.desk.announced(PreDeliveryChecked)
    assert (told.work_order_id, told.checked_by) == (order.id, "wang")
    assert shop.deliver(order).status == "delivered"


def test_that_the_car_is_ready_is_told_once_it_was_checked(shop: Shop) -> None:
    """Rules W13, W19: who asks before that hears how it goes; a check that nobody makes keeps nobody waiting unnoticed."""
    order = passed(shop, shop.approved())
    assert due(shop) == []
    [told] = tell(shop, order).reports[:1]
    assert told.report_kind == "asked"
    shop.desk.pass_time(minutes=30)
    assert [one.report_kind for one in missed(shop)] == ["ready"]
    shop.checked(order)
    assert [one.report_kinds for one in due(shop)] == [["ready"]]
    tell(shop, order)
    assert due(shop) == []


def test_each_item_that_is_not_so_is_named(shop: Shop) -> None:
    order = passed(shop, shop.approved())
    with pytest.raises(Invalid) as refusal:
        shop.checked(order, clean=False, no_tools_left=False)
    assert refusal.value.details["errors"] == {"clean": ["must_be_checked"], "no_tools_left": ["must_be_checked"]}
    assert shop.now(order).pre_delivery is None


def test_a_tool_that_was_lent_for_the_order_and_is_not_back_refuses_it(shop: Shop) -> None:
    """Rules W13, W21: and once the car is ready none is lent for it."""
    order = shop.approved()
    loan = lend(shop, order)
    ready = passed(shop, order)
    with pytest.raises(Refused, match="tool_left") as refusal:
        shop.checked(ready)
    assert refusal.value.details == {"field": "no_tools_left", "code": "T-1", "tool": "Torque wrench", "name": "zhang"}
    shop.desk.do(ReturnTool(tool_loan_id=loan.id))
    again = LendTool(
        equipment_id=loan.equipment_id, borrower="zhang", work_order_id=order.id, signature=Signing(means="typed", name="zhang")
    )
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.desk.do(again)
    assert shop.checked(ready).pre_delivery is not None


def test_a_car_that_goes_back_to_work_is_checked_anew_and_a_reversed_delivery_is_not(shop: Shop) -> None:
    order = shop.ready()
    shop.desk.do(ReturnToWork(work_order_id=order.id, reason="a stain"))
    shop.dispatched(order)
    shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")
    shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")
    shop.desk.do(MarkReady(work_order_id=order.id))
    with pytest.raises(Refused, match="not_checked_before_delivery"):
        shop.deliver(order)
    delivered = shop.deliver(shop.checked(order))
    assert shop.deliver(shop.reverse(delivered)).revision == 2


@pytest.mark.parametrize("so_far", ["approved", "inspected", "delivered"])
def test_only_a_car_that_is_ready_is_checked(shop: Shop, so_far: str) -> None:
    """Its lines are done and signed off."""
    order = shop.approved()
    if so_far == "inspected":
        order = shop.inspected(order)
    if so_far == "delivered":
        order = shop.deliver(shop.ready(order))
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.checked(order)
