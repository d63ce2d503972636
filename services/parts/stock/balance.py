"""Balances: how much of a part is at a location. They always equal the sum of the moves (Rule P2)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, Index, Select, String, inspect, select, text, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from contracts.parts.stock import Location
from services.parts.model import Base, PartNumberType

INSIDE: tuple[Location, ...] = ("bin", "wip", "scrap", "transit")
"""Where pieces really lie: never negative. Supplier and customer are outside the house. A discrepancy is owed when it is
negative: pieces went out that no record explains."""

ON_HAND: tuple[Location, ...] = ("bin", "wip")
"""What the house has for customers. A delivery takes it from there, so pieces handed to a technician are still on hand."""

FROZEN = text("frozen_for IS NOT NULL")

_INSIDE_SQL = ", ".join(f"'{location}'" for location in INSIDE)


class StockBalance(DealerOwned, Base):
    """How much of a part is at a location and what it cost: the sums of its moves. The bin's row says what of it is reserved.

    `value_milli` is in thousandths of the currency's minor unit: a thousandth of a piece at a whole unit's price is one number.
    `frozen_for` is the number of the stocktake that counts what lies in the bin, `counted_at` when the last one ended.
    """

    __tablename__ = "stock_balance"
    __table_args__ = (
        CheckConstraint(f"location NOT IN ({_INSIDE_SQL}) OR quantity_units >= 0", name="quantity"),
        CheckConstraint(
            f"location NOT IN ({_INSIDE_SQL}) OR (value_milli >= 0 AND (quantity_units > 0 OR value_milli = 0))", name="value"
        ),
        CheckConstraint("reserved_units = 0 OR (location = 'bin' AND reserved_units > 0)", name="reserved"),
        Index("stock_balance_frozen", "dealer_id", "frozen_for", postgresql_where=FROZEN, sqlite_where=FROZEN),
    )

    part_number: Mapped[str] = mapped_column(PartNumberType, primary_key=True)
    location: Mapped[Location] = mapped_column(String(12), primary_key=True)
    quantity_units: Mapped[int]
    reserved_units: Mapped[int]
    value_milli: Mapped[int]
    frozen_for: Mapped[str | None] = mapped_column(String(20))
    counted_at: Mapped[datetime | None]

    @property
    def available(self) -> int:
        """What may still be promised (ATP): in the bin and not reserved.

        Negative only between a move that took reserved pieces and the reservations' learning of it, in one transaction.
        """
        return self.quantity_units - self.reserved_units


OfDealer = dict[str, dict[Location, StockBalance]]
"""Balances of one dealer by part number and location."""


class Balances:
    """The balances that a transaction has locked, of all dealers it works for: each is read once."""

    def __init__(self) -> None:
        self._loaded: dict[str, OfDealer] = {}
        self._free: dict[tuple[str, str], bool] = {}

    def of(self, dealer: str) -> OfDealer:
        """Those of one dealer; what is loaded later is found there, too."""
        return self._loaded.setdefault(dealer, {})

    def load(
        self, parts: Iterable[tuple[str, str]], select_all: Callable[[Select[StockBalance]], Iterable[StockBalance]]
    ) -> None:
        """Lock the balances of these parts (dealer, number), by a statement given to `select_all`, unless they are loaded."""
        missing = sorted({(dealer, number) for dealer, number in parts if number not in self.of(dealer)})
        if not missing:
            return
        for dealer, number in missing:
            self.of(dealer)[number] = {}
        named = tuple_(StockBalance.dealer_id, StockBalance.part_number).in_(missing)
        statement = select(StockBalance).where(named).order_by(*inspect(StockBalance).primary_key).with_for_update()
        for balance in select_all(statement):
            self.of(balance.dealer_id)[balance.part_number][balance.location] = balance
        for dealer, number in missing:
            self._free[dealer, number] = is_free(self.of(dealer)[number])

    def crossed(self, dealer: str) -> list[str]:
        """Of which parts there is something to promise and was nothing before, or nothing and was something: each once."""
        found = [number for number, of_part in self.of(dealer).items() if is_free(of_part) != self._free[dealer, number]]
        self._free.update(((dealer, number), is_free(self.of(dealer)[number])) for number in found)
        return sorted(found)


def is_free(of_part: Mapping[Location, StockBalance]) -> bool:
    """Whether anything of a part may still be promised."""
    return "bin" in of_part and of_part["bin"].available > 0


def set_frozen(work: Work, number: str | None, *bins: ColumnElement[bool], **also: datetime) -> None:
    """Freeze these bins for a stocktake, or - for None - let parts move there again: one statement, however many there are.

    Balances must not be loaded yet.
    """
    which = update(StockBalance).where(StockBalance.dealer_id == work.dealer, *bins)
    work.execute(which.values(frozen_for=number, **also).execution_options(synchronize_session=False))
