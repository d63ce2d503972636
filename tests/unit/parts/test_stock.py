"""The arithmetic of stock, on plain objects."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Refused
from services.parts.stock.balance import INSIDE, ON_HAND, StockBalance
from services.parts.stock.move import Origin, StockMove
from services.parts.stock.stock import Stock

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LOCATIONS = ("supplier", "bin", "wip", "customer", "scrap", "discrepancy", "transit")


def a_stock(*numbers):
    rows = []
    return Stock({number: {} for number in numbers}, rows.append, at=NOON, by="wang"), rows


def average(stock):
    """What a piece on hand cost, in minor units."""
    held = [stock.balance("PAD", location) for location in ON_HAND]
    return sum(one.value_milli for one in held) / sum(one.quantity_units for one in held)


def test_a_part_that_was_not_loaded_is_a_programmers_mistake():
    stock, _ = a_stock("PAD")
    with pytest.raises(KeyError):
        stock.balance("OIL", "bin")


@pytest.mark.parametrize("location", INSIDE)
def test_what_lies_inside_never_goes_negative(location):
    stock, rows = a_stock("PAD")
    with pytest.raises(Refused, match="not_enough_stock"):
        stock.move("corrected", "PAD", 1, location, "discrepancy", origin=Origin("document"))
    assert [row for row in rows if isinstance(row, StockMove)] == []


@given(st.lists(st.tuples(st.sampled_from(LOCATIONS), st.sampled_from(LOCATIONS), st.integers(1, 5))))
def test_balances_equal_the_sum_of_moves_whatever_was_moved(moves):
    stock, rows = a_stock("PAD")
    for source, target, units in moves:
        try:
            stock.move("corrected", "PAD", units, source, target, origin=Origin("document"))
        except Refused:
            continue
    sums = dict.fromkeys(LOCATIONS, 0)
    for move in (row for row in rows if isinstance(row, StockMove)):
        sums[move.from_location] -= move.quantity_units
        sums[move.to_location] += move.quantity_units
    balances = {row.location: row.quantity_units for row in rows if isinstance(row, StockBalance)}
    assert {location: sums[location] for location in balances} == balances
    assert all(balances.get(location, 0) >= 0 for location in INSIDE)


@given(st.lists(st.tuples(st.sampled_from(LOCATIONS), st.sampled_from(LOCATIONS), st.integers(1, 5)), max_size=30))
def test_no_value_is_made_or_lost_and_an_empty_shelf_is_worth_nothing(moves):
    """Rule P2: whatever moved where; only what comes in has a price of its own."""
    stock, rows = a_stock("PAD")
    stock.receive("PAD", 7, 31, origin=Origin("receipt"))
    for source, target, units in [one for one in moves if one[0] != one[1]]:
        try:
            stock.move("corrected", "PAD", units, source, target, origin=Origin("document"))
        except Refused:
            continue
    balances = [row for row in rows if isinstance(row, StockBalance)]
    assert sum(row.value_milli for row in balances) == 0
    for row in balances:
        came = sum(move.value_milli for move in rows if isinstance(move, StockMove) and move.to_location == row.location)
        left = sum(move.value_milli for move in rows if isinstance(move, StockMove) and move.from_location == row.location)
        assert row.value_milli == came - left
        assert row.location not in INSIDE or row.value_milli >= 0
        assert row.location not in INSIDE or row.quantity_units or not row.value_milli


@given(st.integers(0, 9), st.lists(st.integers(1, 9)))
def test_no_more_is_set_aside_than_there_is(in_bin, wishes):
    stock, _ = a_stock("PAD")
    if in_bin:
        stock.receive("PAD", in_bin, 100, origin=Origin("receipt"))
    assert sum(stock.set_aside("PAD", units) for units in wishes) == min(in_bin, sum(wishes))
    assert stock.available("PAD") == in_bin - min(in_bin, sum(wishes))


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10_000)), min_size=1, max_size=20))
def test_the_average_cost_is_what_was_paid_per_unit(receipts):
    """Rule P2: to the last thousandth of a cent, whatever was paid."""
    stock, _ = a_stock("PAD")
    for units, cost in receipts:
        stock.receive("PAD", units, cost, origin=Origin("receipt"))
    assert stock.balance("PAD", "bin").value_milli == sum(units * cost for units, cost in receipts)


def test_pieces_in_work_count_for_the_average_cost():
    stock, _ = a_stock("PAD")
    stock.receive("PAD", 1000, 1000, origin=Origin("receipt"))
    stock.move("issued", "PAD", 1000, "bin", "wip", origin=Origin("slip"))
    stock.receive("PAD", 1000, 2000, origin=Origin("receipt"))
    assert average(stock) == 1_500


def test_the_first_pieces_after_an_empty_bin_cost_what_they_cost():
    stock, _ = a_stock("PAD")
    stock.receive("PAD", 1000, 1000, origin=Origin("receipt"))
    stock.move("corrected", "PAD", 1000, "bin", "scrap", origin=Origin("correction"))
    stock.receive("PAD", 1000, 3000, origin=Origin("receipt"))
    assert average(stock) == 3_000
