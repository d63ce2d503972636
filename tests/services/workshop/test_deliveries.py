"""Deliveries as those see them who hold the other services' books against them."""

import pytest

from chassis.wire.errors import Invalid
from contracts.workshop.handing_over import ListDeliveries
from contracts.workshop.order import Split
from tests.services.desk import NOON
from tests.services.workshop.shop import labour, part


def delivered(shop, **lines):
    """An order that was delivered now."""
    return shop.deliver(shop.ready(shop.approved(**lines)))


def test_a_delivery_is_listed_with_those_who_owe_an_invoice(shop):
    halves = [Split(payer="warranty", basis_points=5000), Split(payer="customer_pay", basis_points=5000)]
    order = delivered(shop, labour=[labour()], parts=[part(split=halves)])
    [entry] = shop.desk.ask(ListDeliveries()).items
    assert (entry.work_order_id, entry.revision, sorted(entry.payers), entry.reversed, entry.announced_at) == (
        order.id,
        1,
        ["customer_pay", "warranty"],
        False,
        shop.desk.clock.now(),
    )


def test_a_reversal_is_news_of_an_old_delivery(shop):
    """Whoever asks what happened since a time hears of a delivery that was reversed since."""
    order = delivered(shop)
    shop.desk.pass_time(days=1)
    since = shop.desk.clock.now()
    assert shop.desk.ask(ListDeliveries(since=since)).items == []
    shop.reverse(order)
    [entry] = shop.desk.ask(ListDeliveries(since=since)).items
    assert (entry.work_order_id, entry.revision, entry.reversed, entry.announced_at) == (order.id, 1, True, since)


def test_each_delivery_of_an_order_is_an_entry_of_its_own(shop):
    order = delivered(shop)
    shop.reverse(order)
    shop.desk.pass_time(minutes=1)
    shop.deliver(order)
    assert [(entry.revision, entry.reversed) for entry in shop.desk.ask(ListDeliveries()).items] == [(2, False), (1, True)]


def test_the_pages_show_each_delivery_once_the_newest_first(shop):
    """Two of them were made at the same moment."""
    orders = [shop.ready() for _ in range(3)]
    for order, minutes in zip(orders, (0, 1, 0), strict=True):
        shop.desk.pass_time(minutes=minutes)
        shop.deliver(order)
    seen, cursor = [], None
    for _ in orders:
        page = shop.desk.ask(ListDeliveries(since=NOON, cursor=cursor, limit=1))
        seen, cursor = seen + page.items, page.next_cursor
    assert cursor is None
    assert sorted(entry.work_order_id for entry in seen) == sorted(order.id for order in orders)
    assert [entry.announced_at for entry in seen] == sorted((entry.announced_at for entry in seen), reverse=True)


def test_a_cursor_is_bound_to_dealer_and_time(shop):
    for _ in range(2):
        delivered(shop)
    cursor = shop.desk.ask(ListDeliveries(limit=1)).next_cursor
    assert cursor is not None
    with pytest.raises(Invalid):
        shop.desk.ask(ListDeliveries(cursor=cursor), dealer="bj-chaoyang")
    with pytest.raises(Invalid):
        shop.desk.ask(ListDeliveries(since=NOON, cursor=cursor))


def test_another_dealers_deliveries_are_not_listed(shop):
    delivered(shop)
    assert shop.desk.ask(ListDeliveries(), dealer="bj-chaoyang").items == []
