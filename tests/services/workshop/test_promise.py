"""Rules W6 and W10: the promised time is worked out and said how; that it can no longer be kept is told before it is missed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.values import Hours
from contracts.workshop import agreement, attendance, shop_floor
from contracts.workshop.agreement import GetEstimate
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.board import GetBoard
from contracts.workshop.finding import ListWorkOrders
from contracts.workshop.order import AddLines, WorkOrder
from contracts.workshop.promise import FoundPromise, GetPromise, Promise
from contracts.workshop.promise_events import PromiseAtRisk
from services.workshop.order.promise import PromiseRisk
from tests.services.desk import NOON
from tests.services.history import Reading, grow_orders
from tests.services.workshop.shop import Shop, labour, signed
from tests.services.workshop.visitors import visitor

DAY = ("monday", "tuesday", "wednesday", "thursday", "friday")


def at(clock: str, days: int = 0) -> datetime:
    """A time on the clock at the dealers, on the Monday of the tests or so many days later."""
    hours, minutes = clock.split(":")
    return NOON + timedelta(hours=int(hours) - 12, minutes=int(minutes), days=days)


def put_forward(shop: Shop, order: WorkOrder | None = None, lines: dict[str, Any] | None = None, **terms: Any) -> WorkOrder:
    """Lines and an estimate that names no time, unless one is named here."""
    order = order or shop.open()
    shop.desk.do(AddLines(work_order_id=order.id, **(lines or {"labour": [labour()]})))
    return shop.estimate(order, **{"promised_at": None, **terms})


def found_with(shop: Shop, order: WorkOrder) -> FoundPromise:
    return shop.desk.ask(GetEstimate(work_order_id=order.id)).found


def promise_of(shop: Shop, order: WorkOrder) -> Promise:
    return shop.desk.ask(GetPromise(work_order_id=order.id))


def shifts(shop: Shop, technician: str, begins: str = "08:00", ends: str = "17:00") -> None:
    planned = [attendance.Shift(weekday=day, begins=begins, ends=ends) for day in DAY]
    shop.desk.do(attendance.PlanShifts(technician=technician, shifts=planned))


def test_a_time_is_promised_with_the_hours_still_to_do_and_it_is_said_how(shop: Shop) -> None:
    """One and a half hours by whoever is done first, half an hour until it is ready, half an hour to spare."""
    order = put_forward(shop)
    found = found_with(shop, order)
    assert (found.hours, found.hours_before, found.orders_before) == (Hours.of("1.50"), Hours.of("0.00"), 0)
    assert (found.technician, found.technician_name, found.shifts) == ("chen", "chen", "none")
    assert (found.starts_at, found.ends_at, found.ready_at) == (NOON, at("13:30"), at("14:00"))
    assert (found.finishing_minutes, found.reserve_minutes, found.parts) == (30, 30, "none_needed")
    assert order.promised_at == found.proposed_at == at("14:30")
    promise = promise_of(shop, order)
    assert (promise.first_promised_at, promise.promised_at, promise.at_risk_at) == (at("14:30"), at("14:30"), None)
    [first] = promise.revisions
    assert (first.moved_by, first.previous_at, first.estimate_version, first.recorded_by) == ("estimate", None, 1, "wang")
    shop.desk.pass_time(minutes=3)
    again = shop.estimate(order, promised_at=None)
    assert again.promised_at == at("14:35"), "nobody has agreed to it yet"
    shop.desk.pass_time(minutes=3)
    again = shop.estimate(shop.desk.do(more_work(shop.approve(again))), promised_at=None)
    assert again.promised_at == at("14:35"), "what was agreed to stays"
    assert len(promise_of(shop, order).revisions) == 1


def test_what_comes_before_it_is_done_first_and_what_waits_for_something_is_nobodys_load(shop: Shop) -> None:
    """Two orders for two technicians; of the one that is worked on, only what is left of it."""
    first, _ = shop.approved(labour=[labour()]), shop.approved(labour=[labour()])
    held = shop.dispatched(shop.approved(labour=[labour()]), "chen", "B3")
    shop.desk.do(shop_floor.HoldWorkOrder(work_order_id=held.id, reason="sublet"))
    shop.clock_on(shop.dispatched(first))
    shop.desk.pass_time(hours=1)
    found = found_with(shop, put_forward(shop))
    assert (found.orders_before, found.hours_before) == (2, Hours.of("2.00"))
    assert (found.technician, found.starts_at, found.ends_at) == ("zhang", at("13:30"), at("15:00"))


def test_what_took_its_time_and_is_not_done_takes_a_little_longer(shop: Shop) -> None:
    order = shop.clock_on(shop.dispatched(put_and_approve(shop)))
    shop.desk.pass_time(hours=3)
    found = promise_of(shop, order).found
    assert (found.hours, found.ends_at) == (Hours.of("0.25"), at("15:15"))


def put_and_approve(shop: Shop, **terms: Any) -> WorkOrder:
    return shop.approve(put_forward(shop, **terms))


def test_people_work_in_their_shifts_without_absences_and_the_others_while_the_shop_is_open(shop: Shop) -> None:
    shifts(shop, "chen", ends="13:00")
    shifts(shop, "zhang", ends="13:00")
    found = found_with(shop, put_forward(shop))
    assert (found.technician, found.shifts, found.starts_at, found.ends_at) == ("chen", "own", NOON, at("08:30", days=1))
    times = {"from_at": at("08:00"), "until_at": at("22:00", days=1)}
    shop.desk.do(attendance.RecordAbsence(technician="chen", absence_kind="sick", **times))
    assert found_with(shop, put_forward(shop)).technician == "zhang"
    shop.opens("08:00", "13:30")
    shop.desk.do(attendance.PlanShifts(technician="zhang"))
    found = found_with(shop, put_forward(shop))
    assert (found.technician, found.shifts, found.ends_at) == ("zhang", "none", at("13:30"))
    assert found.ready_at == at("08:30", days=1), "the shop is closed by then"


def test_while_the_dealer_is_closed_nobody_without_shifts_is_there_and_no_car_is_ready(shop: Shop) -> None:
    """Rules W6, B2. By the calendar's hours, weekdays and holidays: six hours today, nine on Thursday, three on Monday."""
    shop.opens("09:00", "18:00", "monday", "tuesday", "thursday", closed_on=("2026-03-03",))
    found = found_with(shop, put_forward(shop, lines={"labour": [labour() for _ in range(12)]}))
    assert (found.starts_at, found.ends_at, found.ready_at) == (NOON, at("12:00", days=7), at("12:30", days=7))


def test_later_is_promised_freely_and_earlier_only_with_a_reason(shop: Shop) -> None:
    """Rule W6. Where nobody has shifts, nobody knows who is there, and no reason is asked for."""
    free = put_forward(shop, promised_at=at("12:30"))
    assert (free.promised_at, promise_of(shop, free).revisions[0].promise_reason) == (at("12:30"), None)
    shifts(shop, "chen")
    shifts(shop, "zhang")
    order = put_forward(shop, promised_at=at("16:30"))
    visitor(shop, order)
    assert order.promised_at == at("16:30")
    with pytest.raises(Invalid) as early:
        shop.estimate(order, promised_at=at("13:00"), promise_reason=None)
    assert list(early.value.details["errors"]) == ["promise_reason"]
    assert promise_of(shop, order).promised_at == at("16:30")
    order = shop.estimate(order, promised_at=at("13:00"), promise_reason="two at it")
    estimate = shop.desk.ask(GetEstimate(work_order_id=order.id))
    assert (order.promised_at, estimate.promise_reason) == (at("13:00"), "two at it")
    promise = promise_of(shop, order)
    assert [one.promise_reason for one in promise.revisions] == [None, "two at it"]
    assert (promise.first_promised_at, promise.revisions[1].previous_at) == (at("16:30"), at("16:30"))


def test_who_agrees_to_additional_work_gets_its_extra_minutes(shop: Shop) -> None:
    order = put_and_approve(shop)
    more = agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")], extra_minutes=40)
    proposed = shop.desk.do(more)
    assert (proposed.promised_at, found_with(shop, proposed).hours) == (at("14:30"), Hours.of("2.00"))
    decision = {"estimate_version": proposed.estimate_version, "decision": signed()}
    shop.desk.do(agreement.ApproveAdditionalWork(work_order_id=order.id, **decision))
    promise = promise_of(shop, order)
    assert (promise.first_promised_at, promise.promised_at) == (at("14:30"), at("15:10"))
    assert [one.moved_by for one in promise.revisions] == ["estimate", "additional_work"]


def test_that_it_no_longer_fits_is_told_once_before_it_is_missed(shop: Shop) -> None:
    """Rule W10: nobody begins the work, and there are thirty minutes to spare."""
    order = put_and_approve(shop)
    shop.desk.pass_time(minutes=29)
    shop.desk.fire_timers()
    assert shop.desk.announced(PromiseAtRisk) == []
    assert shop.desk.ask(ListWorkOrders(at_risk=True)).items == []
    shop.desk.pass_time(minutes=6)
    for _ in range(2):
        shop.desk.fire_timers()
    [risk] = shop.desk.announced(PromiseAtRisk)
    assert (risk.work_order_id, risk.promised_at, risk.expected_at) == (order.id, at("14:30"), at("14:35"))
    [listed] = shop.desk.ask(ListWorkOrders(at_risk=True)).items
    assert (listed.id, listed.at_risk, listed.expected_at) == (order.id, True, at("14:35"))
    assert shop.desk.ask(ListWorkOrders(at_risk=False)).items == []
    assert shop.desk.ask(ListWorkOrders(at_risk=True), dealer="bj-chaoyang").items == []
    [card] = shop.desk.ask(GetBoard()).orders
    assert card.at_risk
    [matter] = [one for one in shop.desk.ask(FindWorkshopConcerns()).groups if one.kind == "promise_at_risk"]
    assert (matter.count, matter.items[0].work_order_id, matter.items[0].since) == (1, order.id, shop.desk.clock.now())
    promise = promise_of(shop, order)
    assert (promise.at_risk_at, promise.expected_at) == (shop.desk.clock.now(), at("14:35"))
    assert [one.promised_at for one in promise.risks] == [at("14:30")]
    shop.clock_on(shop.dispatched(order))
    shop.desk.pass_time(minutes=10)
    shop.clock_off(order, done=False)
    shop.desk.fire_timers()
    assert len(shop.desk.announced(PromiseAtRisk)) == 1, "it is told once for each promise"
    ready = shop.ready(order)
    assert (ready.status, promise_of(shop, order).at_risk_at) == ("ready", None)


def test_another_promise_is_watched_anew(shop: Shop) -> None:
    order = put_and_approve(shop)
    shop.desk.pass_time(hours=1)
    shop.desk.fire_timers()
    again = shop.estimate(shop.desk.do(more_work(order)), promised_at=at("15:45"))
    assert promise_of(shop, again).at_risk_at is None
    shop.desk.pass_time(hours=1)
    shop.desk.fire_timers()
    assert [one.promised_at for one in shop.desk.announced(PromiseAtRisk)] == [at("14:30"), at("15:45")]


def more_work(order: WorkOrder) -> Any:
    return agreement.ProposeAdditionalWork(work_order_id=order.id, labour=[labour("OIL")])


def test_who_is_at_work_in_time_is_told_of_nothing_until_it_takes_too_long(shop: Shop) -> None:
    """Looked at again and again while it goes on, and told before the promised time, though it took its planned time long ago."""
    order = shop.clock_on(shop.dispatched(put_and_approve(shop)))
    for minutes in range(5, 105, 5):
        shop.desk.pass_time(minutes=5)
        shop.desk.fire_timers()
        assert shop.desk.announced(PromiseAtRisk) == [], minutes
    for _ in range(4):
        shop.desk.pass_time(minutes=5)
        shop.desk.fire_timers()
    [risk] = shop.desk.announced(PromiseAtRisk)
    [told] = shop.desk.rows(lambda session: list(session.execute(PromiseRisk.__table__.select())))
    assert told.told_at < risk.promised_at == at("14:30")
    assert shop.clock_off(order).status == "in_progress"


def test_what_is_put_on_hold_is_looked_at_again(shop: Shop) -> None:
    order = shop.dispatched(put_and_approve(shop))
    shop.clock_on(order)
    shop.clock_off(order, done=False)
    shop.desk.pass_time(minutes=32)
    shop.desk.do(shop_floor.HoldWorkOrder(work_order_id=order.id, reason="sublet"))
    shop.desk.fire_timers()
    assert len(shop.desk.announced(PromiseAtRisk)) == 1


@pytest.mark.new_database
def test_neither_more_cars_nor_more_history_make_a_promise_ask_more(shop: Shop) -> None:
    order = shop.dispatched(shop.approved(labour=[labour()]))
    shop.clock_on(order)
    before = Reading(shop.desk, GetPromise(work_order_id=order.id))
    for bay in ("B2", "B3", "B4"):
        shop.dispatched(shop.approved(labour=[labour()]), bay=bay)
    grow_orders(shop.desk, order, 2_000)
    after = Reading(shop.desk, GetPromise(work_order_id=order.id))
    assert after.statements == before.statements <= 14
