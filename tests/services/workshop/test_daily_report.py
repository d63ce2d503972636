"""A day of the shop: workshop's part of the daily report (Rule W22)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.wire.errors import Invalid
from chassis.wire.ids import new_id
from contracts.crm.events import VehicleRecorded
from contracts.workshop.daily_report import DayOrders, GetShopDay, ShopDay
from contracts.workshop.order import OverruleComeback, VoidWorkOrder, WorkOrder
from contracts.workshop.shop_floor import HoldWorkOrder
from tests.services.history import ANYBODY, Reading, grow
from tests.services.workshop.shop import CUSTOMER, VEHICLE, Shop, labour
from tests.services.workshop.test_comeback import back, delivered, publish_operations

TODAY = date(2026, 3, 2)


def asked(shop: Shop, day: date | None = None, **how: Any) -> ShopDay:
    return shop.desk.ask(GetShopDay(day=day), **how)


def numbers(found: DayOrders | None) -> list[str]:
    assert found is not None
    assert found.count == len(found.items)
    return [one.number for one in found.items]


def of_another(shop: Shop, **more: Any) -> WorkOrder:
    """An order for another car than the tests' own."""
    vehicle = replace(VEHICLE, vehicle_id=new_id(), vin="LSVAA49J132047371", plate="沪B99999")
    shop.desk.hear(VehicleRecorded(vehicle=vehicle, customer_id=CUSTOMER.customer_id), subject=vehicle.vehicle_id)
    return shop.open(vehicle_id=vehicle.vehicle_id, **more)


def test_an_arrival_is_a_car_that_came_whatever_was_opened_for_it(shop: Shop) -> None:
    """Rule W22: a second order, one by mistake, one of a car that is here since yesterday; and a car without an order."""
    first = shop.open()
    shop.open()
    mistake = of_another(shop)
    shop.desk.do(VoidWorkOrder(work_order_id=mistake.id, reason="mistake"))
    assert numbers(asked(shop).arrivals) == [first.number]
    shop.arrive(shop.appointment(vehicle=replace(VEHICLE, vehicle_id=new_id(), vin="LSVAA49J0VC200009", plate="沪C00001")))
    came = asked(shop).arrivals
    assert (came.count, [one.plate for one in came.without_order]) == (2, ["沪C00001"])
    shop.desk.pass_time(hours=24)
    shop.open()
    assert (asked(shop).arrivals.count, asked(shop, TODAY).arrivals.count) == (0, 2)


def test_a_car_that_came_counts_by_its_arrival_once_also_if_its_order_was_a_mistake(shop: Shop) -> None:
    """Rules W1, W22: it was taken over from the lane."""
    appointment = shop.appointment()
    shop.arrive(appointment)
    assert asked(shop).arrivals.count == 1
    order = shop.open(appointment_id=appointment.appointment_id, customer_id=None, vehicle_id=None)
    assert (numbers(asked(shop).arrivals), asked(shop).arrivals.without_order) == ([order.number], [])
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="mistake"))
    came = asked(shop).arrivals
    assert (came.count, came.items, [one.plate for one in came.without_order]) == (1, [], [VEHICLE.plate])


def test_a_day_to_come_is_refused_by_field(shop: Shop) -> None:
    """Rule W22: today is the last one, by the dealer's clock."""
    with pytest.raises(Invalid) as future:
        asked(shop, date(2026, 3, 3))
    assert list(future.value.details["errors"]) == ["day"]


def test_a_day_has_what_came_what_was_handed_over_and_what_stands(shop: Shop) -> None:
    """Rule W22: each with how late it is and what it waits for; today without being named."""
    left = shop.deliver(shop.ready())
    held = shop.dispatched(shop.approved(labour=[labour()]))
    shop.desk.do(HoldWorkOrder(work_order_id=held.id, reason="parts"))
    late = shop.estimate(shop.quoted(of_another(shop)), promised_at=shop.desk.clock.now() + timedelta(minutes=5))
    shop.desk.pass_time(minutes=65)
    found = asked(shop)
    assert (found.day, numbers(found.arrivals)) == (TODAY, [left.number, held.number, late.number])
    assert numbers(found.delivered) == [left.number]
    assert [(one.number, one.hold_reason) for one in found.on_hold.items] == [(held.number, "parts")]
    assert [(one.number, one.late_minutes) for one in found.late.items] == [(late.number, 60)]
    assert numbers(found.comebacks) == []
    assert asked(shop, dealer="bj-chaoyang").arrivals.count == 0


def test_a_day_that_is_over_knows_what_happened_and_not_what_stood(shop: Shop) -> None:
    """Rule W22: by the dealer's clock; an order that was changed since is still found."""
    order = shop.ready()
    shop.deliver(order)
    shop.desk.pass_time(hours=24)
    shop.reverse(shop.now(order))
    shop.deliver(order)
    yesterday, today = asked(shop, TODAY), asked(shop)
    assert (numbers(yesterday.arrivals), numbers(yesterday.delivered)) == ([order.number], [])
    assert (yesterday.on_hold, yesterday.late) == (None, None)
    assert (numbers(today.arrivals), numbers(today.delivered)) == ([], [order.number])


def test_a_comeback_of_the_day_is_one_until_it_is_overruled(shop: Shop) -> None:
    """Rules W2, W22: it is an arrival all the same."""
    publish_operations(shop)
    delivered(shop, "BRAKE-F")
    again = back(shop, "BRAKE-R")
    assert (numbers(asked(shop).comebacks), asked(shop).arrivals.count) == ([again.number], 2)
    shop.desk.do(OverruleComeback(work_order_id=again.id, reason="a nail in the tyre"), actor="boss")
    assert (numbers(asked(shop).comebacks), asked(shop).arrivals.count) == ([], 2)


@pytest.mark.new_database
def test_a_day_costs_the_same_among_years_of_others(shop: Shop) -> None:
    """Rule W22: asked by day and by status; so is a day long ago."""
    order = shop.ready()
    shop.deliver(order)
    shop.open()
    few = Reading(shop.desk, GetShopDay())
    years = {"opened_at": "date '2019-01-01' + n * interval '1 day'", "delivered_at": "date '2019-01-01' + n * interval '1 day'"}
    grow(
        shop.desk, "work_order", 2_500, of=f"id = '{order.id}'", number="'N' || n", status="'closed'", vehicle_id=ANYBODY, **years
    )
    many, long_ago = Reading(shop.desk, GetShopDay()), Reading(shop.desk, GetShopDay(day=date(2020, 1, 1)))
    assert (many.statements, many.answer.arrivals.count, many.answer.delivered.count) == (few.statements, 2, 1)
    assert (long_ago.answer.arrivals.count, long_ago.answer.delivered.count) == (1, 1)
    assert many.rows < 100
    assert long_ago.rows < 100
