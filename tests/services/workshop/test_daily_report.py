"""A day of the shop: workshop's part of the daily report (Rule W22)."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.workshop.daily_report import DayOrders, GetShopDay, ShopDay
from contracts.workshop.order import OverruleComeback
from contracts.workshop.shop_floor import HoldWorkOrder
from tests.services.history import Reading, grow
from tests.services.workshop.shop import Shop, labour
from tests.services.workshop.test_comeback import back, delivered, publish_operations

TODAY = date(2026, 3, 2)


def asked(shop: Shop, day: date | None = None, **how: Any) -> ShopDay:
    return shop.desk.ask(GetShopDay(day=day), **how)


def numbers(found: DayOrders | None) -> list[str]:
    assert found is not None
    assert found.count == len(found.items)
    return [one.number for one in found.items]


def test_a_day_has_what_came_what_was_handed_over_and_what_stands(shop: Shop) -> None:
    """Rule W22: each with how late it is and what it waits for; today without being named."""
    left = shop.deliver(shop.ready())
    held = shop.dispatched(shop.approved(labour=[labour()]))
    shop.desk.do(HoldWorkOrder(work_order_id=held.id, reason="parts"))
    late = shop.estimate(shop.quoted(shop.open()), promised_at=shop.desk.clock.now() + timedelta(minutes=5))
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
    grow(shop.desk, "work_order", 2_500, of=f"id = '{order.id}'", number="'N' || n", status="'closed'", **years)
    many, long_ago = Reading(shop.desk, GetShopDay()), Reading(shop.desk, GetShopDay(day=date(2020, 1, 1)))
    assert (many.statements, many.answer.arrivals.count, many.answer.delivered.count) == (few.statements, 2, 1)
    assert (long_ago.answer.arrivals.count, long_ago.answer.delivered.count) == (1, 1)
    assert many.rows < 100
    assert long_ago.rows < 100
