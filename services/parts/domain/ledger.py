"""The stock ledger (Rule P2): moves that never change, balances that always equal their sum, and what may be promised of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, inspect, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from chassis import DealerOwned, Entity, IdType, Quantity, Refused, Work
from chassis.store.tenancy import BY_KEY
from contracts.parts.stock import Location, Move, MoveKind
from services.parts.domain.model import Base, PartNumberType, pass_gates

INSIDE: tuple[Location, ...] = ("bin", "wip", "scrap", "transit")
"""Where pieces really lie: never negative. Supplier and customer are outside the house. A discrepancy is owed when it is
negative: pieces went out that no record explains."""

_INSIDE_SQL = ", ".join(f"'{location}'" for location in INSIDE)


class StockMove(Entity, Base):
    """So much of a part went from one location to another. A trigger refuses to change or delete it: corrections are moves."""

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("quantity_units > 0", name="quantity"),
        CheckConstraint("from_location <> to_location", name="locations"),
        Index("stock_move_part", "dealer_id", "part_number", "id"),
        Index("stock_move_work_order", "dealer_id", "work_order_id", "id"),
    )

    kind: Mapped[MoveKind] = mapped_column(String(12))
    part_number: Mapped[str] = mapped_column(PartNumberType)
    quantity_units: Mapped[int]
    from_location: Mapped[Location] = mapped_column(String(12))
    to_location: Mapped[Location] = mapped_column(String(12))
    document_id: Mapped[str] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    line_id: Mapped[str | None] = mapped_column(IdType)
    reason: Mapped[str | None] = mapped_column(String(300))
    moved_at: Mapped[datetime]
    moved_by: Mapped[str] = mapped_column(String(64))

    def describe(self) -> Move:
        """The entry as the ledger shows it."""
        return Move(
            id=self.id,
            kind=self.kind,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            from_location=self.from_location,
            to_location=self.to_location,
            document_id=self.document_id,
            work_order_id=self.work_order_id,
            line_id=self.line_id,
            reason=self.reason,
            moved_at=self.moved_at,
            moved_by=self.moved_by,
        )


class StockBalance(DealerOwned, Base):
    """How much of a part is at a location: the sum of its moves. The bin's row also tells what of it is reserved, and what a unit
    in bin or work in progress cost on average (in thousandths of the currency's minor unit)."""

    __tablename__ = "stock_balance"
    __table_args__ = (
        CheckConstraint(f"location NOT IN ({_INSIDE_SQL}) OR quantity_units >= 0", name="quantity"),
        CheckConstraint("reserved_units = 0 OR (location = 'bin' AND reserved_units > 0)", name="reserved"),
    )

    part_number: Mapped[str] = mapped_column(PartNumberType, primary_key=True)
    location: Mapped[Location] = mapped_column(String(12), primary_key=True)
    quantity_units: Mapped[int]
    reserved_units: Mapped[int]
    average_cost_milli: Mapped[int | None]

    @property
    def available(self) -> int:
        """What may still be promised. Negative when reserved pieces have left the bin: a delivery is a fact, it does not ask."""
        return self.quantity_units - self.reserved_units


@dataclass(frozen=True)
class Origin:
    """Why a move was made: its document, and the line of the work order it was for."""

    document_id: str
    work_order_id: str | None = None
    line_id: str | None = None
    reason: str | None = None


class Stock:
    """A dealer's stock in the hands of one unit of work.

    `balances` are known balances by part number and location; asking for a part that was not loaded is a programmer's mistake.
    New rows go to `add`.
    """

    def __init__(
        self, balances: dict[str, dict[Location, StockBalance]], add: Callable[[DealerOwned], None], *, at: datetime, by: str
    ) -> None:
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


def open_stock(work: Work, numbers: Iterable[str]) -> Stock:
    """The dealer's stock of these parts, ours alone until the transaction ends.

    Every use case that touches stock begins here, before it reads anything that depends on stock.
    """
    pass_gates(work.session, "stock", [work.dealer])
    balances = load_balances(work.session, [(work.dealer, number) for number in numbers]).setdefault(work.dealer, {})
    return Stock(balances, work.add, at=work.now, by=work.actor)


def load_balances(session: Session, parts: Iterable[tuple[str, str]]) -> dict[str, dict[str, dict[Location, StockBalance]]]:
    """The balances the transaction has locked, by dealer, part number and location; these parts (dealer, number) among them."""
    known: dict[str, dict[str, dict[Location, StockBalance]]] = session.info.setdefault("balances", {})
    missing = sorted({(dealer, number) for dealer, number in parts if number not in known.setdefault(dealer, {})})
    if missing:
        for dealer, number in missing:
            known[dealer][number] = {}
        key = inspect(StockBalance).primary_key
        statement = select(StockBalance).where(tuple_(StockBalance.dealer_id, StockBalance.part_number).in_(missing))
        # What was not loaded yet cannot be pending either: no need to write the batch so far.
        with session.no_autoflush:
            for balance in session.scalars(statement.order_by(*key).with_for_update(), execution_options=BY_KEY):
                known[balance.dealer_id][balance.part_number][balance.location] = balance
    return known
