"""Invariant I3, asked of the tables of a desk."""

from collections import Counter

from sqlalchemy import select

from services.parts.reservation.reservation import Reservation
from services.parts.stock.balance import StockBalance
from services.parts.stock.move import StockMove


def books_agree(session):
    sums: Counter[tuple[str, str]] = Counter()
    values: Counter[tuple[str, str]] = Counter()
    for move in session.scalars(select(StockMove)):
        for location, sign in ((move.from_location, -1), (move.to_location, 1)):
            sums[move.part_number, location] += sign * move.quantity_units
            values[move.part_number, location] += sign * move.value_milli
    balances = {(one.part_number, one.location): one for one in session.scalars(select(StockBalance))}
    assert {key: one.quantity_units for key, one in balances.items()} == {key: sums[key] for key in balances}
    assert {key: one.value_milli for key, one in balances.items()} == {key: values[key] for key in balances}
    assert not [key for key in sums if sums[key] and key not in balances]
    assert not [one.part_number for one in balances.values() if one.location == "bin" and one.reserved_units > one.quantity_units]
    reserved: Counter[str] = Counter()
    for reservation in session.scalars(select(Reservation)).unique():
        for line in reservation.lines:
            assert reservation.state == "open" or line.reserved_units == 0
            reserved[line.number] += line.reserved_units
    in_bins = {number: one.reserved_units for (number, location), one in balances.items() if one.reserved_units}
    assert in_bins == {number: units for number, units in reserved.items() if units}
