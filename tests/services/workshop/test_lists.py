"""Lists of work orders: filters, order, and what a program needs that keeps a copy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.wire.errors import Invalid
from contracts.crm.events import CustomerRecorded
from contracts.workshop.finding import ListWorkOrders


def listed(shop, **asked):
    return [item.id for item in shop.desk.ask(ListWorkOrders(**asked)).items]


def test_filters_hold_together_and_a_status_may_be_one_of_several(shop):
    first, second, third = shop.open(), shop.dispatched(shop.approved(), technician="chen"), shop.open()
    assert listed(shop, status=["open", "dispatched"]) == [third.id, second.id, first.id]
    assert listed(shop, technician="chen") == [second.id]
    assert listed(shop, technician="chen", status=["open"]) == []
    assert listed(shop, number=first.number) == [first.id]
    assert listed(shop, vehicle_id=first.vehicle.vehicle_id, customer_id=first.customer.customer_id) == [
        third.id,
        second.id,
        first.id,
    ]
    assert listed(shop, advisor="nobody") == []


def test_an_order_is_found_by_a_piece_of_its_number_however_it_is_typed(shop):
    """What is read from the paper, or only its last digits."""
    order, other = shop.open(), shop.open()
    assert order.number == "RO-2026-000001"
    for typed in ("RO-2026-000001", "ro-2026-000001", " ro 2026 000001 ", "ＲＯ－２０２６－０００００１", "000001"):
        assert listed(shop, number=typed) == [order.id]
    assert listed(shop, number="RO-2026") == [other.id, order.id]
    assert listed(shop, number="%") == listed(shop, number="2026-1") == []
    with pytest.raises(Invalid, match="number"):
        listed(shop, number=" - ")


def test_orders_are_found_by_a_piece_of_the_customers_name_or_phone_however_it_is_typed(shop):
    """By the file as crm last announced it; 李娜 is found by her initials, too."""
    order = shop.open()
    for typed in ({"name": "li NA"}, {"name": "na"}, {"phone": "+86 138 0000 0001"}, {"phone": "0001"}):
        assert listed(shop, **typed) == [order.id]
    renamed = replace(order.customer, name="李娜")
    shop.desk.hear(CustomerRecorded(customer=renamed), subject=renamed.customer_id, sequence=9)
    assert listed(shop, name="ln") == listed(shop, name="lina", phone="138") == [order.id]
    assert listed(shop, name="wang") == []
    with pytest.raises(Invalid, match="name"):
        listed(shop, name="--")


def test_days_are_the_dealers_and_both_ends_count(shop):
    """It is noon in Shanghai and four in the morning in UTC: an order of thirteen hours later is of the next day there only."""
    first = shop.open()
    today = shop.desk.clock.now().date()
    shop.desk.pass_time(hours=13)
    second = shop.open()
    assert listed(shop, from_day=today, to_day=today) == [first.id]
    assert listed(shop, from_day=today + timedelta(days=1)) == [second.id]
    assert listed(shop, to_day=today + timedelta(days=1)) == [second.id, first.id]


def test_orders_come_in_the_order_that_is_asked_for(shop):
    first, second = shop.open(), shop.open()
    shop.desk.pass_time(minutes=1)
    shop.approved(first)
    assert listed(shop, sort="opened_at") in ([first.id, second.id], [second.id, first.id])  # opened in the same moment
    assert listed(shop, sort="number") == [first.id, second.id]
    assert listed(shop, sort="updated_at") == [second.id, first.id]
    assert listed(shop, sort="-updated_at") == [first.id, second.id]


def test_a_copy_is_kept_up_to_date_with_what_changed_since(shop):
    first, second = shop.open(), shop.open()
    seen = shop.desk.ask(ListWorkOrders(sort="updated_at")).items[-1].updated_at
    shop.desk.pass_time(minutes=1)
    shop.approved(second)
    assert listed(shop, updated_since=seen + timedelta(seconds=1), sort="updated_at") == [second.id]
    assert listed(shop, updated_since=seen, sort="updated_at") == [first.id, second.id]
    assert shop.now(second).updated_at == shop.desk.clock.now()


def test_a_cursor_is_worth_nothing_in_another_order_or_with_another_filter(shop):
    for _ in range(3):
        shop.open()
    cursor = shop.desk.ask(ListWorkOrders(limit=1)).next_cursor
    assert len(listed(shop, limit=1, cursor=cursor)) == 1
    for asked in ({"sort": "number"}, {"status": ["open"]}):
        with pytest.raises(Invalid, match="cursor"):
            listed(shop, limit=1, cursor=cursor, **asked)
