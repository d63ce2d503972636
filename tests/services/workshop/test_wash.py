"""Rule W12: the car is washed before or after the final inspection, if the customer wants it; until then it is not ready."""

from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from chassis.wire.errors import NotFound, Refused
from contracts.workshop import wash
from contracts.workshop.handing_over import MarkReady
from contracts.workshop.order import VoidWorkOrder, WorkOrder
from contracts.workshop.pricing import GetWorkshopSettings, SetWorkshopSettings
from contracts.workshop.readiness_events import CarWashed, WashSkipped
from contracts.workshop.shop_floor import CheckQuality, RequestQualityCheck
from services.workshop.order.wash import Wash
from tests.services.workshop.shop import DEALER, Shop, cny, sublet


def wanted(shop: Shop, *, free_wash: bool = True) -> WorkOrder:
    """An order in the shop, of a customer who wants the wash or does not."""
    order = shop.open()
    shop.quoted(order, sublet=[sublet()])
    return shop.dispatched(shop.approve(shop.estimate(order, free_wash=free_wash)))


def to_check(shop: Shop, order: WorkOrder) -> WorkOrder:
    return shop.desk.do(RequestQualityCheck(work_order_id=order.id), actor="zhang")


def passed(shop: Shop, order: WorkOrder) -> WorkOrder:
    return shop.desk.do(CheckQuality(work_order_id=order.id, passed=True), actor="qin")


def ready(shop: Shop, order: WorkOrder) -> WorkOrder:
    return shop.desk.do(MarkReady(work_order_id=order.id))


def washed(shop: Shop, order: WorkOrder) -> wash.Wash:
    shop.desk.do(wash.BeginWash(work_order_id=order.id), actor="he")
    shop.desk.pass_time(minutes=15)
    return shop.desk.do(wash.EndWash(work_order_id=order.id, parking_place="P-12"), actor="he")


def state(shop: Shop, order: WorkOrder) -> str:
    return shop.desk.ask(wash.GetWash(work_order_id=order.id)).state


def test_a_car_whose_customer_wants_it_is_not_ready_before_it_is_washed(shop: Shop) -> None:
    """After the inspection (default): who began when, who signed the end, and where it is parked."""
    order = wanted(shop)
    assert state(shop, order) == "wanted"
    with pytest.raises(Refused, match="wash_not_due"):
        shop.desk.do(wash.BeginWash(work_order_id=order.id))
    to_check(shop, order)
    assert (state(shop, order), shop.desk.ask(wash.ListWashes()).items) == ("wanted", [])
    passed(shop, order)
    assert [one.work_order_id for one in shop.desk.ask(wash.ListWashes()).items] == [order.id]
    with pytest.raises(Refused, match="wash_due"):
        ready(shop, order)
    with pytest.raises(Refused, match="wash_not_begun"):
        shop.desk.do(wash.EndWash(work_order_id=order.id, parking_place="P-12"))
    begun_at = shop.desk.clock.now()
    done = washed(shop, order)
    assert (done.state, done.parking_place, done.begun_by, done.begun_at) == ("done", "P-12", "he", begun_at)
    assert (done.signature.name, done.signature.means, done.signature.verified) == ("he", "account", True)
    assert done.ended_at == shop.desk.clock.now()
    assert shop.desk.ask(wash.ListWashes()).items == []
    assert ready(shop, order).status == "ready"
    [told] = shop.desk.announced(CarWashed)
    assert (told.work_order_id, told.washed_by, told.parking_place) == (order.id, "he", "P-12")
    with pytest.raises(Refused, match="wash_over"):
        shop.desk.do(wash.SkipWash(work_order_id=order.id, reason="late"))


def test_of_an_order_whose_customer_wants_none_there_is_no_trace(shop: Shop) -> None:
    """Nor of one who thought better of it before the wash began."""
    order = wanted(shop, free_wash=False)
    with pytest.raises(NotFound):
        shop.desk.ask(wash.GetWash(work_order_id=order.id))
    passed(shop, to_check(shop, order))
    assert ready(shop, order).status == "ready"
    other = shop.open()
    shop.quoted(other, sublet=[sublet()])
    shop.estimate(other, free_wash=True)
    shop.approve(shop.estimate(other, free_wash=False))
    with pytest.raises(NotFound):
        shop.desk.ask(wash.GetWash(work_order_id=other.id))


def test_before_the_inspection_it_is_not_passed_unwashed(shop: Shop) -> None:
    """A setting of the dealer, and of each order; whatever is found wrong is recorded, washed or not."""
    before = shop.desk.ask(GetWorkshopSettings())
    rates = {"labour_rate": cny("180.00"), "call_threshold": cny("300.00")}
    shop.desk.do(SetWorkshopSettings(wash_timing="before_check", **rates), if_match=before.version)
    order = to_check(shop, wanted(shop))
    assert state(shop, order) == "due"
    with pytest.raises(Refused, match="wash_due"):
        passed(shop, order)
    failed = CheckQuality(work_order_id=order.id, passed=False, findings="loose", rework_cause="workmanship")
    shop.desk.do(failed, actor="qin")
    to_check(shop, shop.dispatched(order))
    washed(shop, order)
    assert ready(shop, passed(shop, order)).status == "ready"
    later = wanted(shop)
    shop.desk.do(wash.TimeWash(work_order_id=later.id, wash_timing="after_check"))
    assert passed(shop, to_check(shop, later)).quality_passed_by == "qin"
    with pytest.raises(Refused, match="wash_due"):
        ready(shop, later)


def test_it_is_skipped_with_a_reason(shop: Shop) -> None:
    order = passed(shop, to_check(shop, wanted(shop)))
    skipped = shop.desk.do(wash.SkipWash(work_order_id=order.id, reason="frost"))
    assert (skipped.state, skipped.skipped_by, skipped.skipped_because) == ("skipped", "wang", "frost")
    assert (skipped.ended_at, skipped.signature) == (None, None)
    assert ready(shop, order).status == "ready"
    assert [one.reason for one in shop.desk.announced(WashSkipped)] == ["frost"]


def test_nobody_skips_a_wash_under_somebody_who_is_at_it(shop: Shop) -> None:
    """Rule W12: who began it gives it up, or a service manager where they have left."""
    orders = [passed(shop, to_check(shop, wanted(shop))) for _ in range(2)]
    for order in orders:
        shop.desk.do(wash.BeginWash(work_order_id=order.id), actor="he")
    with pytest.raises(Refused) as refused:
        shop.desk.do(wash.SkipWash(work_order_id=orders[0].id, reason="frost"))
    assert (refused.value.code, refused.value.details) == ("wash_begun", {"name": "he"})
    shop.desk.employ("boss", "service_manager")
    for order, by in zip(orders, ("he", "boss"), strict=True):
        assert shop.desk.do(wash.SkipWash(work_order_id=order.id, reason="no water"), actor=by).skipped_by == by


def test_what_was_begun_is_not_timed_anew_and_what_was_signed_never_changes(shop: Shop) -> None:
    order = passed(shop, to_check(shop, wanted(shop)))
    shop.desk.do(wash.BeginWash(work_order_id=order.id), actor="he")
    with pytest.raises(Refused, match="wash_begun"):
        shop.desk.do(wash.TimeWash(work_order_id=order.id, wash_timing="before_check"))
    shop.desk.do(wash.EndWash(work_order_id=order.id, parking_place="P-12"), actor="he")

    def alter(session: Any) -> None:
        session.execute(Wash.__table__.update().values(begun_by="another"))

    with pytest.raises(DatabaseError, match="never changed or deleted"):
        shop.desk.rows(alter, dealer=DEALER)


def test_nobody_washes_or_plans_a_wash_for_an_order_that_is_void(shop: Shop) -> None:
    """Rules W12, W14: it is refused by name, as anything else that has no sense any more."""
    order = wanted(shop)
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="customer left"))
    for asked in (
        wash.BeginWash(work_order_id=order.id),
        wash.SkipWash(work_order_id=order.id, reason="no time"),
        wash.TimeWash(work_order_id=order.id, wash_timing="before_check"),
    ):
        with pytest.raises(Refused, match="not_in_this_status"):
            shop.desk.do(asked, actor="he")
    assert shop.desk.announced(WashSkipped) == []
