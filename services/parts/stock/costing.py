"""What parts cost (Rule P2): value travels with the pieces, and a receipt that is taken back leaves no trace in it.

Values are whole numbers of thousandths of the currency's minor unit. Pieces of one part at one location cost the same; what
leaves takes its part of the location's value along, and comes back with what it left with.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chassis import Refused
from contracts.parts.stock import Location, MoveKind
from services.parts.stock.balance import INSIDE, ON_HAND

MOST_VALUE = 10**18
"""What all receipts of a part may have cost together: what a column holds, with room to add."""

TAKES_BACK: tuple[MoveKind, ...] = ("receipt_undone", "sent_back")
"""The kinds of moves with which a receipt's parts leave at the price they came at."""


class Holding(Protocol):
    """So many pieces, and what they cost together."""

    quantity_units: int
    value_milli: int


@dataclass
class Place:
    """A location while the ledger is computed anew."""

    quantity_units: int = 0
    value_milli: int = 0


class Entry(Protocol):
    """A move of the ledger, as far as its value goes."""

    id: str
    kind: MoveKind
    part_number: str
    quantity_units: int
    value_milli: int
    from_location: Location
    to_location: Location
    document_id: str
    work_order_id: str | None
    line_id: str | None
    of_move: str | None


def value_of(units: int, source: Location, at: Callable[[Location], Holding]) -> int:
    """What so many pieces of a location cost.

    Pieces that the location does not have, because no record explains them, are taken to cost what those on hand do, or else what
    customers' pieces did, or else nothing.
    """
    there = at(source)
    held = max(0, min(units, there.quantity_units))
    known = _part_of(there, held)
    missing = units - held
    return known + _alike(missing, at) if missing else known


def _part_of(there: Holding, units: int) -> int:
    if not units:
        return 0
    return max(0, (2 * there.value_milli * units + there.quantity_units) // (2 * there.quantity_units))


def _alike(units: int, at: Callable[[Location], Holding]) -> int:
    on_hand = Place(*(sum(getattr(at(one), column) for one in ON_HAND) for column in ("quantity_units", "value_milli")))
    for known in (on_hand, at("customer")):
        if known.quantity_units > 0:
            return min(_part_of(known, units), MOST_VALUE)
    return 0


def restated(entries: Iterable[Entry], taken_back: Mapping[str, int]) -> dict[str, int]:
    """By how much the moves of a part's whole ledger change if so many units of these receipts' moves had never come.

    Raises Refused("receipt_parts_gone") if other moves could then not have been made: the receipt's own parts were used.
    """
    ledger = list(entries)
    never_came, booked = Counter(taken_back), Counter[str]()
    for entry in ledger:
        if entry.kind in TAKES_BACK and entry.of_move is not None:
            never_came[entry.of_move] += entry.quantity_units
        booked[entry.of_move if entry.kind == "revalued" and entry.of_move else entry.id] += entry.value_milli
    places: dict[Location, Place] = defaultdict(Place)
    delivered: Counter[tuple[str, str | None, bool]] = Counter()
    changes: dict[str, int] = {}
    for entry in ledger:
        if entry.kind in TAKES_BACK or entry.kind == "revalued":
            continue
        units = entry.quantity_units - never_came[entry.id]
        installed = (entry.document_id, entry.line_id, "discrepancy" in (entry.from_location, entry.to_location))
        if entry.kind == "received":
            value = entry.value_milli * units // entry.quantity_units
        elif entry.kind == "undone":
            value = delivered.pop(installed, 0)
        else:
            value = value_of(units, entry.from_location, lambda location: places[location])
        if entry.kind == "deducted":
            delivered[installed] += value
        source, target = places[entry.from_location], places[entry.to_location]
        if entry.from_location in INSIDE and source.quantity_units < units:
            raise Refused("receipt_parts_gone", part_number=entry.part_number)
        source.quantity_units, source.value_milli = source.quantity_units - units, source.value_milli - value
        target.quantity_units, target.value_milli = target.quantity_units + units, target.value_milli + value
        if entry.kind != "received" and value != booked[entry.id]:
            changes[entry.id] = value - booked[entry.id]
    if any(places[location].quantity_units < 0 for location in INSIDE):
        raise Refused("receipt_parts_gone", part_number=ledger[0].part_number)
    return changes
