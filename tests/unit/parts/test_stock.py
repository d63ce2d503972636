"""The arithmetic of stock, on plain objects."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.wire.errors import Refused
from services.parts.stock.balance import INSIDE, StockBalance
from services.parts.stock.move import Origin, StockMove
from services.parts.stock.stock import Stock

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LOCATIONS = ("supplier", "bin", "wip", "customer", "scrap", "discrepancy", "transit")


def a_stock(*numbers):
    rows = []
    return Stock({number: {} for number in numbers}, rows.append, at=NOON, by="wang"), rows


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


@given(st.integers(0, 9), st.lists(st.integers(1, 9)))
def test_no_more_is_set_aside_than_there_is(in_bin, wishes):
    stock, _ = a_stock("PAD")
    if in_bin:
        stock.receive("PAD", in_bin, 100, document_id="receipt")
    assert sum(stock.set_aside("PAD", units) for units in wishes) == min(in_bin, sum(wishes))
    assert stock.available("PAD") == in_bin - min(in_bin, sum(wishes))


@given(st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10_000)), min_size=1, max_size=20))
def test_the_average_cost_is_what_was_paid_per_unit(receipts):
    """Rounded once per receipt to a thousandth of a cent: never further off than one of those per receipt."""
    stock, _ = a_stock("PAD")
    for units, cost in receipts:
        stock.receive("PAD", units, cost, document_id="receipt")
    paid = sum(units * cost * 1000 for units, cost in receipts)
    average = stock.balance("PAD", "bin").average_cost_milli
    assert abs(average - paid / sum(units for units, _ in receipts)) <= len(receipts)


def test_pieces_in_work_count_for_the_average_cost():
    stock, _ = a_stock("PAD")
    stock.receive("PAD", 1000, 1000, document_id="receipt")
    stock.move("issued", "PAD", 1000, "bin", "wip", origin=Origin("slip"))
    stock.receive("PAD", 1000, 2000, document_id="receipt")
    assert stock.balance("PAD", "bin").average_cost_milli == 1_500_000


def test_the_first_pieces_after_an_empty_bin_cost_what_they_cost():
    stock, _ = a_stock("PAD")
    stock.receive("PAD", 1000, 1000, document_id="receipt")
    stock.move("corrected", "PAD", 1000, "bin", "scrap", origin=Origin("correction"))
    stock.receive("PAD", 1000, 3000, document_id="receipt")
    assert stock.balance("PAD", "bin").average_cost_milli == 3_000_000
