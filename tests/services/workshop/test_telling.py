"""Rule W18: customers are told another time before the promised one passes."""

from datetime import datetime
from typing import Any

import pytest

from chassis.wire.errors import Invalid, NotFound, Refused
from contracts.workshop import agreement, shop_floor
from contracts.workshop.order import WorkOrder
from contracts.workshop.progress import DueOrder, ListDueReports
from contracts.workshop.promise import (
    ExplainMiss,
    GetPromise,
    ListMisses,
    MeasurePromises,
    MissedPromise,
    Promise,
    PromiseFigures,
    ReportProgress,
    RevisePromise,
)
from contracts.workshop.promise_events import MissExplained, ProgressReportMissed, PromiseRevised
from tests.services.workshop.shop import Shop, labour, signed
from tests.services.workshop.test_promise import at, put_and_approve


def revise(shop: Shop, order: WorkOrder, to: datetime, **more: Any) -> Promise:
    told = {"told_how": "phone", "promise_answer": "agreed", **more}
    return shop.desk.do(RevisePromise(work_order_id=order.id, promised_at=to, **told))


def promise_of(shop: Shop, order: WorkOrder) -> Promise:
    return shop.desk.ask(GetPromise(work_order_id=order.id))


def due(shop: Shop, **asked: Any) -> list[DueOrder]:
    return shop.desk.ask(ListDueReports(**asked)).items


def tell(shop: Shop, order: WorkOrder, **more: Any) -> Promise:
    return shop.desk.do(ReportProgress(work_order_id=order.id, **{"told_how": "wechat", **more}))


def figures(shop: Shop, **asked: Any) -> PromiseFigures:
    return shop.desk.ask(MeasurePromises(**asked))


def missed(shop: Shop) -> list[ProgressReportMissed]:
    shop.desk.fire_timers()
    return shop.desk.announced(ProgressReportMissed)


def test_the_customer_is_told_another_time_and_the_first_one_stays(shop: Shop) -> None:
    """Rule W18: how, when, the new time, and what they said."""
    order = put_and_approve(shop)
    shop.desk.pass_time(hours=1)
    revise(shop, order, at("17:00"), note="a pin broke", told_at=at("12:50"))
    promise = revise(shop, order, at("18:00"), told_how="sms", promise_answer="not_answered")
    assert (promise.first_promised_at, promise.promised_at, promise.baseline_at) == (at("14:30"), at("18:00"), at("14:30"))
    _, first, second = promise.revisions
    assert (first.moved_by, first.previous_at, first.promised_at) == ("revised", at("14:30"), at("17:00"))
    assert (first.told_how, first.told_at, first.told_late, first.promise_answer) == ("phone", at("12:50"), False, "agreed")
    assert (first.note, first.recorded_by, second.promise_answer, second.previous_at) == (
        "a pin broke",
        "wang",
        "not_answered",
        at("17:00"),
    )
    assert shop.now(order).promised_at == at("18:00")
    assert [one.told_late for one in shop.desk.announced(PromiseRevised)] == [False, False]
    with pytest.raises(Invalid) as past:
        revise(shop, order, at("12:30"))
    assert list(past.value.details["errors"]) == ["promised_at"]
    with pytest.raises(Invalid) as later:
        revise(shop, order, at("19:00"), told_at=at("15:00"))
    assert list(later.value.details["errors"]) == ["told_at"]
    with pytest.raises(NotFound):
        shop.desk.do(
            RevisePromise(work_order_id=order.id, promised_at=at("19:00"), told_how="sms", promise_answer="agreed"),
            dealer="bj-chaoyang",
        )
    with pytest.raises(Refused, match="nothing_promised"):
        revise(shop, shop.open(), at("19:00"))
    shop.ready(order)
    with pytest.raises(Refused, match="not_in_this_status"):
        revise(shop, order, at("19:00"))


def test_what_is_told_after_the_time_had_passed_is_kept_as_late(shop: Shop) -> None:
    order = put_and_approve(shop)
    shop.desk.pass_time(hours=3)
    [_, one] = revise(shop, order, at("18:00")).revisions
    assert one.told_late
    assert revise(shop, order, at("19:00")).revisions[2].told_late is False, "in time for the second one"


def test_on_time_is_held_against_the_first_promise_moved_only_by_work_that_the_customer_approved(shop: Shop) -> None:
    in_time, late = put_and_approve(shop), put_and_approve(shop)
    more = agreement.ProposeAdditionalWork(work_order_id=in_time.id, labour=[labour("OIL")], extra_minutes=120)
    version = shop.desk.do(more).estimate_version
    decision = {"estimate_version": version, "decision": signed()}
    shop.desk.do(agreement.ApproveAdditionalWork(work_order_id=in_time.id, **decision))
    assert promise_of(shop, in_time).baseline_at == at("16:30")
    revise(shop, late, at("18:00"))
    shop.desk.pass_time(hours=2)
    shop.ready(in_time)
    shop.ready(late)
    assert (promise_of(shop, in_time).missed, promise_of(shop, late).missed) == (False, True)
    found = figures(shop)
    assert (found.promised, found.on_time, found.late, found.on_time_rate) == (2, 1, 1, 5_000)
    assert (found.told_in_time, found.told_too_late, found.never_told) == (1, 0, 0)
    assert [(one.miss_cause, one.count) for one in found.causes] == [(None, 1)]
    assert [one.formula for one in found.formulas] == ["on_time / promised"]
    yesterday = at("12:00", days=-1).date()
    assert figures(shop, from_day=yesterday, to_day=yesterday).on_time_rate is None
    assert shop.desk.ask(MeasurePromises(), dealer="bj-chaoyang").promised == 0
    [miss] = misses(shop)
    assert (miss.work_order_id, miss.baseline_at, miss.miss_told, miss.miss_cause) == (late.id, at("14:30"), "in_time", None)
    assert (miss.ready_at, miss.late_minutes) == (shop.desk.clock.now(), (shop.desk.clock.now() - at("14:30")).seconds // 60)
    assert (misses(shop, explained=True), misses(shop, from_day=yesterday, to_day=yesterday)) == ([], [])
    assert shop.desk.ask(ListMisses(), dealer="bj-chaoyang").items == []
    shop.desk.do(ExplainMiss(work_order_id=late.id, miss_cause="parts"))
    assert [one.work_order_id for one in misses(shop, miss_cause="parts")] == [late.id]
    assert (misses(shop, miss_cause="capacity"), misses(shop, explained=False)) == ([], [])


def misses(shop: Shop, **asked: Any) -> list[MissedPromise]:
    return shop.desk.ask(ListMisses(**asked)).items


def test_nobody_hands_over_a_car_that_was_late_without_saying_why(shop: Shop) -> None:
    order = put_and_approve(shop)
    shop.desk.pass_time(hours=4)
    order = shop.ready(order)
    with pytest.raises(Refused, match="late_without_cause"):
        shop.deliver(order)
    with pytest.raises(Invalid) as silent:
        shop.desk.do(ExplainMiss(work_order_id=order.id, miss_cause="other"))
    assert list(silent.value.details["errors"]) == ["note"]
    shop.desk.do(ExplainMiss(work_order_id=order.id, miss_cause="other", note="the gate was stuck"))
    promise = shop.desk.do(ExplainMiss(work_order_id=order.id, miss_cause="parts"), actor="boss")
    assert (promise.miss_cause, promise.miss_note, promise.miss_explained_by) == ("parts", None, "boss")
    assert [one.miss_cause for one in shop.desk.announced(MissExplained)] == ["other", "parts"]
    assert shop.deliver(order).status == "delivered"
    assert [(one.miss_cause, one.count) for one in figures(shop).causes] == [("parts", 1)]
    assert figures(shop).never_told == 1
    with pytest.raises(Refused, match="not_in_this_status"):
        shop.desk.do(ExplainMiss(work_order_id=order.id, miss_cause="parts"))


def test_a_car_that_goes_back_to_work_is_late_or_not_when_it_is_ready_again(shop: Shop) -> None:
    order = shop.ready(put_and_approve(shop))
    assert promise_of(shop, order).ready_at == shop.desk.clock.now()
    line = order.lines[0].line_id
    shop.desk.do(shop_floor.ReturnToWork(work_order_id=order.id, reason="a stain", rework_line_ids=[line]))
    shop.desk.fire_timers()
    assert (promise_of(shop, order).ready_at, figures(shop).promised) == (None, 0)
