"""A dealer's stock in the hands of one unit of work: what is there, what may be promised, and every move of it (Rule P2)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from chassis import DealerOwned, Quantity, Refused, Work
from contracts.parts.stock import Location, MoveKind
from services.parts.stock.balance import INSIDE, Balances, OfDealer, StockBalance
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
            of_part[location] = StockBalance(part_number=number, location=location, quantity_units=0, reserved_units=0)
            self._add(of_part[location])
        return of_part[location]

    def on_hand(self, number: str) -> int:
        """What is in the house for customers: bin and work in progress."""
        return self.balance(number, "bin").quantity_units + self.balance(number, "wip").quantity_units

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
    ) -> StockMove:
        """Write one entry and keep both balances. Raises Refused where a location inside would go negative."""
        there = self.balance(number, source)
        if source in INSIDE and there.quantity_units < units:
            raise Refused("not_enough_stock", part_number=number, location=source, quantity=str(Quantity(there.quantity_units)))
        there.quantity_units -= units
        self.balance(number, target).quantity_units += units
        entry = StockMove(
            kind=kind,
            part_number=number,
            quantity_units=units,
            from_location=source,
            to_location=target,
            document_id=origin.document_id,
            work_order_id=origin.work_order_id,
            line_id=origin.line_id,
            reason=origin.reason,
            moved_at=self._at,
            moved_by=self._by,
        )
        self._add(entry)
        return entry

    def receive(self, number: str, units: int, unit_cost_minor: int, *, document_id: str) -> StockMove:
        """Take parts of a supplier into the bin; the average cost follows the pieces that are in the house."""
        bin_ = self.balance(number, "bin")
        cost = unit_cost_minor * 1000
        before = self.on_hand(number)
        known = cost if bin_.average_cost_milli is None else bin_.average_cost_milli
        after = before + units
        bin_.average_cost_milli = (known * before + cost * units + after // 2) // after
        return self.move("received", number, units, "supplier", "bin", origin=Origin(document_id))

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
