"""The count sheet: each part of a stocktake, and what was counted of it (Rule P6)."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, String, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Entity, IdType, Refused, belongs_to
from services.parts.model import Base, PartNumberType
from services.parts.stock.balance import StockBalance

LineState = Literal["to_count", "to_count_again", "settled"]


class StocktakeLine(DealerOwned, Base):
    """One part. Settled: the last count is what the books said then, or what somebody else counted just before.

    `book_units` is what lay in the bin by the books when it was counted last. Where that is another quantity now, something
    moved since, and the count counts no more. `adjusted_units` and `value_milli` are what was booked of the difference; null
    until then.
    """

    __tablename__ = "stocktake_line"
    __table_args__ = (belongs_to("stocktake", "stocktake_id"),)

    stocktake_id: Mapped[str] = mapped_column(IdType, primary_key=True)
    part_number: Mapped[str] = mapped_column(PartNumberType, primary_key=True)
    bin_location: Mapped[str] = mapped_column(String(20))
    state: Mapped[LineState] = mapped_column(String(16))
    counts: Mapped[int]
    counted_units: Mapped[int | None]
    counted_by: Mapped[str | None] = mapped_column(String(64))
    book_units: Mapped[int | None]
    adjusted_units: Mapped[int | None]
    value_milli: Mapped[int | None]

    @property
    def difference(self) -> int:
        """How much more was counted than the books said."""
        return (self.counted_units or 0) - (self.book_units or 0)

    @classmethod
    def differs(cls) -> ColumnElement[bool]:
        """For a statement: it was counted, and not as the books said."""
        return cls.counted_units != cls.book_units

    @classmethod
    def moved(cls) -> ColumnElement[bool]:
        """For a statement: what lies in the bin by the books is another quantity than at the last count."""
        in_bin = select(StockBalance.part_number).where(
            StockBalance.dealer_id == cls.dealer_id,
            StockBalance.part_number == cls.part_number,
            StockBalance.location == "bin",
            StockBalance.quantity_units != cls.book_units,
        )
        return exists(in_bin)

    @classmethod
    def is_due(cls) -> ColumnElement[bool]:
        """For a statement: it is to be counted, for the first time or again."""
        return or_(cls.state != "settled", cls.moved())

    def take_down(self, units: int, book: int, *, by: str, at: datetime, batch: str) -> "StockCount":
        """So much was counted. Raises Refused("counted_by_you") for who counted it last, unless it moved since."""
        known = self.counts > 0 and self.book_units == book
        if known and self.counted_by == by:
            raise Refused("counted_by_you", part_number=self.part_number)
        agreed = units == book or (known and units == self.counted_units)
        self.state = "settled" if agreed else "to_count_again"
        self.counts += 1
        self.counted_units, self.counted_by, self.book_units = units, by, book
        return StockCount(
            stocktake_id=self.stocktake_id,
            part_number=self.part_number,
            batch=batch,
            units=units,
            book_units=book,
            counted_by=by,
            counted_at=at,
        )

    def adjust(self, units: int, value: int) -> None:
        """So much of its difference was booked."""
        self.adjusted_units, self.value_milli = units, value


class StockCount(Entity, Base):
    """One count of a part. It never changes; a batch has each part once."""

    __tablename__ = "stock_count"
    __table_args__ = (UniqueConstraint("dealer_id", "stocktake_id", "batch", "part_number", name="stock_count_batch_key"),)

    stocktake_id: Mapped[str] = mapped_column(IdType)
    part_number: Mapped[str] = mapped_column(PartNumberType)
    batch: Mapped[str] = mapped_column(String(80))
    units: Mapped[int]
    book_units: Mapped[int]
    counted_by: Mapped[str] = mapped_column(String(64))
    counted_at: Mapped[datetime]
