"""The receipt (入库单): a supplier's document, booked once."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, IdType, Money, Quantity, Refused, stored
from chassis.wire import Part
from contracts.parts import receiving
from services.parts.model import Base


class ReceivedLine(Part):
    """A line of a receipt as it is stored."""

    part_number: str
    quantity: Quantity
    unit_cost: Money


class ReceiptLines(Document):
    """The lines of a receipt as they are stored."""

    items: list[ReceivedLine]


class Receipt(Aggregate, Base):
    """Parts that came in under one document of a supplier's. It never changes, but can be undone when it was entered by mistake.

    Two suppliers' documents of one number are two documents. `booking` counts how often a document was booked: again only after
    the booking before was undone.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("dealer_id", "supplier_key", "reference_key", "booking", name="receipt_document_key"),)

    reference: Mapped[str] = mapped_column(String(60))
    reference_key: Mapped[str] = mapped_column(String(60))
    supplier: Mapped[str] = mapped_column(String(120))
    supplier_key: Mapped[str] = mapped_column(String(240))
    supplier_id: Mapped[str | None] = mapped_column(IdType)
    purchase_order_id: Mapped[str | None] = mapped_column(IdType)
    booking: Mapped[int]
    lines: Mapped[ReceiptLines] = mapped_column(stored(ReceiptLines))
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(64))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(64))
    undone_reason: Mapped[str | None] = mapped_column(String(300))

    def refuse_undone(self) -> None:
        """What was undone does not count. Raises Refused("receipt_undone_already")."""
        if self.undone_at is not None:
            raise Refused("receipt_undone_already", reference=self.reference)

    def undo(self, *, at: datetime, by: str, reason: str) -> None:
        """It was entered by mistake: its parts never came."""
        self.undone_at, self.undone_by, self.undone_reason = at, by, reason

    def describe(self) -> receiving.Receipt:
        """The document as it was booked."""
        return receiving.Receipt(
            id=self.id,
            version=self.version,
            reference=self.reference,
            supplier=self.supplier,
            supplier_id=self.supplier_id,
            purchase_order_id=self.purchase_order_id,
            lines=[
                receiving.ReceiptLine(part_number=line.part_number, quantity=line.quantity, unit_cost=line.unit_cost)
                for line in self.lines.items
            ],
            received_at=self.received_at,
            received_by=self.received_by,
            undone_at=self.undone_at,
            undone_by=self.undone_by,
            undone_reason=self.undone_reason,
        )
