"""The moves of the stock ledger (Rule P2). They never change; a correction is a move, too."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Money, Quantity
from contracts.parts.stock import Location, Move, MoveKind
from services.parts.model import Base, PartNumberType

CORRECTED = text("kind = 'corrected'")
"""A document corrects each part once: a stocktake's difference is booked once, whatever dies."""


@dataclass(frozen=True)
class Origin:
    """Why a move was made: its document, and the line of the work order it was for."""

    document_id: str
    work_order_id: str | None = None
    line_id: str | None = None
    reason: str | None = None
    reference: str | None = None
    """The supplier's document."""
    of_move: str | None = None


class StockMove(Entity, Base):
    """So much of a part, at such a cost, went from one location to another. A trigger refuses to change or delete it.

    `of_move` is the receipt's move whose parts go back to the supplier; or, of a `revalued` entry, the move that turned out to be
    worth so much more or less than was booked. Such an entry moves value and no parts.
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("quantity_units > 0 OR (quantity_units = 0 AND kind = 'revalued')", name="quantity"),
        CheckConstraint("from_location <> to_location", name="locations"),
        Index("stock_move_part", "dealer_id", "part_number", "id"),
        Index("stock_move_work_order", "dealer_id", "work_order_id", "id"),
        Index("stock_move_document", "dealer_id", "document_id", "id"),
        Index(
            "stock_move_corrected_key",
            "dealer_id",
            "document_id",
            "part_number",
            unique=True,
            postgresql_where=CORRECTED,
            sqlite_where=CORRECTED,
        ),
    )

    kind: Mapped[MoveKind] = mapped_column(String(16))
    part_number: Mapped[str] = mapped_column(PartNumberType)
    quantity_units: Mapped[int]
    value_milli: Mapped[int]
    from_location: Mapped[Location] = mapped_column(String(12))
    to_location: Mapped[Location] = mapped_column(String(12))
    document_id: Mapped[str] = mapped_column(IdType)
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    line_id: Mapped[str | None] = mapped_column(IdType)
    of_move: Mapped[str | None] = mapped_column(IdType)
    reason: Mapped[str | None] = mapped_column(String(300))
    reference: Mapped[str | None] = mapped_column(String(60))
    moved_at: Mapped[datetime]
    moved_by: Mapped[str] = mapped_column(String(64))

    def describe(self, currency: str) -> Move:
        """The entry as the ledger shows it."""
        return Move(
            id=self.id,
            kind=self.kind,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            value=Money.rounded(Decimal(self.value_milli) / 1000, currency),
            from_location=self.from_location,
            to_location=self.to_location,
            document_id=self.document_id,
            work_order_id=self.work_order_id,
            line_id=self.line_id,
            of_move=self.of_move,
            reason=self.reason,
            reference=self.reference,
            moved_at=self.moved_at,
            moved_by=self.moved_by,
        )
