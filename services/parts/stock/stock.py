"""A dealer's stock in the hands of one unit of work: what is there, what may be promised, and every move of it (Rule P2)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from chassis import DealerOwned, Quantity, Refused, Work
from contracts.parts.stock import Location, MoveKind
from services.parts.stock.balance import INSIDE, ON_HAND, Balances, OfDealer, StockBalance
from services.parts.stock.costing import MOST_VALUE, Entry, restated, value_of
from services.parts.stock.move import Origin, StockMove


class Stock:
    """A dealer's stock in the hands of one unit of work.

    `balances` are known balances by part number and location; asking for a part that was not loaded is a programmer's mistake.
    New rows go to `add`.
    """

    def __init__(self, balances: OfDealer, add: Callable[[DealerOwned], None], *, at: datetime, by: str) -> None:
        self._balances = balances
        self._add = add
        self._at = at
        self._by = by

    def balance(self, number: str, location: Location) -> StockBalance:
        """The balance of a loaded part at a location; a new one is zero."""
        of_part = self._balances[number]
        if location not in of_part:
            of_part[location] = StockBalance(
                part_number=number, location=location, quantity_units=0, reserved_units=0, value_milli=0
            )
            self._add(of_part[location])
        return of_part[location]

    def on_hand(self, number: str) -> int:
        """What the house has of a part (Rule P2): in the bin and in work in progress."""
        return sum(self.balance(number, location).quantity_units for location in ON_HAND)

    def available(self, number: str) -> int:
        """What may still be promised (ATP): in the bin and not reserved."""
        return self.balance(number, "bin").available

    def move(
        self,
        kind: MoveKind,
        number: str,
        units: int,
        source: Location,
        target: Location,
        *,
        origin: Origin,
        value: int | None = None,
    ) -> StockMove:
        """Write one entry and keep both balances; without `value` the parts cost what those at the source do.

        Raises Refused where a location inside would go negative, and for a bin that is being counted.
        """
        there = self.balance(number, source)
        if source in INSIDE and there.quantity_units < units:
            raise Refused("not_enough_stock", part_number=number, location=source, quantity=str(Quantity(there.quantity_units)))
        if value is None:
            value = value_of(units, source, partial(self.balance, number))
        return self._enter(kind, number, source, target, units=units, value=value, origin=origin)

    def receive(self, number: str, units: int, unit_cost_minor: int, *, origin: Origin) -> StockMove:
        """Take parts of a supplier into the bin, at what the supplier asks for them."""
        value = units * unit_cost_minor
        if value - self.balance(number, "supplier").value_milli > MOST_VALUE:
            raise Refused("stock_value_too_high", part_number=number)
        return self.move("received", number, units, "supplier", "bin", origin=origin, value=value)

    def take_back(self, kind: MoveKind, received: Entry, units: int, ledger: Iterable[Entry], *, origin: Origin) -> StockMove:
        """So many units of a receipt's move go back to the supplier at the price they came at, as if they had never come.

        `ledger` is the part's whole one. Moves made since that were worth something else because of these parts are restated.
        Raises Refused("receipt_parts_gone") when the parts are no longer in the bin.
        """
        number = received.part_number
        if self.balance(number, "bin").quantity_units < units:
            raise Refused("receipt_parts_gone", part_number=number)
        moves = list(ledger)
        changes = restated(moves, {received.id: units})
        for move in moves:
            if change := changes.get(move.id):
                about = Origin(move.document_id, work_order_id=move.work_order_id, line_id=move.line_id, of_move=move.id)
                self._enter("revalued", number, move.from_location, move.to_location, units=0, value=change, origin=about)
        value = received.value_milli * units // received.quantity_units
        origin = replace(origin, of_move=received.id)
        return self._enter(kind, number, "bin", "supplier", units=units, value=value, origin=origin)

    def _enter(
        self, kind: MoveKind, number: str, source: Location, target: Location, *, units: int, value: int, origin: Origin
    ) -> StockMove:
        there, here = self.balance(number, source), self.balance(number, target)
        if units and kind != "deducted":
            self._refuse_frozen(there, here)
        there.quantity_units, there.value_milli = there.quantity_units - units, there.value_milli - value
        here.quantity_units, here.value_milli = here.quantity_units + units, here.value_milli + value
        entry = StockMove(
            kind=kind,
            part_number=number,
            quantity_units=units,
            value_milli=value,
            from_location=source,
            to_location=target,
            moved_at=self._at,
            moved_by=self._by,
            **vars(origin),
        )
        self._add(entry)
        return entry

    @staticmethod
    def _refuse_frozen(*balances: StockBalance) -> None:
        """Nothing moves into or out of a bin that is being counted, but what a delivery took, which is a fact (Rules P3, P6)."""
        for one in balances:
            if one.frozen_for is not None:
                raise Refused("bin_frozen", part_number=one.part_number, stocktake=one.frozen_for)

    def set_aside(self, number: str, units: int) -> int:
        """Reserve as much of `units` as may be promised; how much that was."""
        bin_ = self.balance(number, "bin")
        taken = max(0, min(units, bin_.available))
        bin_.reserved_units += taken
        return taken

    def free(self, number: str, units: int) -> None:
        """What was reserved may be promised again."""
        self.balance(number, "bin").reserved_units -= units


def open_stock(work: Work, numbers: Iterable[str] = ()) -> Stock:
    """The dealer's stock of these parts, for this transaction alone until it ends.

    Every use case that touches stock begins here, before it reads anything that depends on stock. A batch touches parts in the
    order of its messages, not of the parts: with row locks alone, two replicas would deadlock.
    """
    work.require_dealer()
    work.advisory_lock("stock")
    balances = work.shared(Balances)
    with work.without_autoflush():  # what was not loaded yet cannot be pending either
        balances.load([(work.dealer, number) for number in numbers], work.all)
    return Stock(balances.of(work.dealer), work.add, at=work.now, by=work.actor)
