"""Work orders for who has one box to type into: by number and plate from the beginning, by whose car it is."""

import pytest

from chassis.wire.ids import new_id
from contracts.workshop.searching import SearchWorkOrders
from tests.services.history import ANYBODY, conditions, grow


def found(shop, search, limit=10, dealer="sh-pudong", **ids):
    asked = SearchWorkOrders(search=search, limit=limit, **{"customer_ids": [], "vehicle_ids": [], **ids})
    return [one.id for one in shop.desk.ask(asked, dealer=dealer).items]


@pytest.fixture
def orders(shop):
    """Two orders of one car: RO-2026-000001 and RO-2026-000002."""
    return [shop.open(), shop.open()]


BOTH, FIRST, NONE = [1, 0], [0], []


@pytest.mark.parametrize(
    ("typed", "which"),
    [
        ("RO-2026-000001", FIRST),
        ("ro 2026 000001", FIRST),
        ("ＲＯ－２０２６－０００００１", FIRST),
        ("RO-2026-0000", BOTH),
        ("RO-2026", BOTH),
        ("2026", NONE),
        ("2026-000001", FIRST),
        ("1", FIRST),
        ("000001", FIRST),
        ("RO-2025-000001", NONE),
        ("INV-2026-000001", NONE),
        ("RO-2026-0000010", NONE),
        ("3", NONE),
        ("沪A12345", BOTH),
        ("沪a·12", BOTH),
        ("沪", BOTH),
        ("沪A12346", NONE),
        ("12345", NONE),
        ("%", NONE),
        ("--", NONE),
    ],
)
def test_an_order_is_found_by_number_and_plate_from_the_beginning(shop, orders, typed, which):
    """However they are typed, and a number by its count alone; the newest first."""
    assert found(shop, typed) == [orders[one].id for one in which]


def test_orders_are_found_by_whose_car_it_is(shop, orders):
    """Each once, whatever it is found by."""
    first = orders[0]
    theirs = {"customer_ids": [first.customer.customer_id], "vehicle_ids": [first.vehicle.vehicle_id]}
    assert found(shop, "anything", **theirs) == [one.id for one in reversed(orders)]
    assert found(shop, "沪A", **theirs) == [one.id for one in reversed(orders)]
    assert found(shop, "anything", limit=1, **theirs) == [orders[1].id]
    assert found(shop, "anything", customer_ids=[new_id()], vehicle_ids=[new_id()]) == []


def test_nobody_finds_another_dealers_order(shop, orders):
    """By whatever it may be found."""
    theirs = {"customer_ids": [orders[0].customer.customer_id], "vehicle_ids": [orders[0].vehicle.vehicle_id]}
    for typed in ("RO-2026-000001", "沪A12345", "1"):
        assert found(shop, typed, dealer="bj-chaoyang", **theirs) == []


@pytest.mark.new_database
def test_every_way_of_finding_has_an_index(shop):
    """Behind row-level security, too: what is looked for is looked up, so that years of history cost nothing."""
    shop.open()
    number = "'RO-2020-' || lpad(n::text, 6, '0')"
    grow(shop.desk, "work_order", 3_000, number=number, plate_key="'X' || n", customer_id=ANYBODY, vehicle_id=ANYBODY)
    asked = {"customer_ids": [new_id()], "vehicle_ids": [new_id()]}
    looked_up = conditions(shop.desk, "work_order", lambda: found(shop, "RO-2026-000001", **asked))
    for column in ("number", "plate_key", "customer_id", "vehicle_id"):
        assert [one for one in looked_up if column in one and "dealer_id" in one], (column, looked_up)
    assert len(looked_up) == 4
