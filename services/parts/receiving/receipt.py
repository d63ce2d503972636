"""The receipt (入库单): a supplier's document, booked once."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Document, Money, Quantity, stored
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
    """Parts that came in under one document of the supplier's; it never changes."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("dealer_id", "reference", name="receipt_reference_key"),)

    reference: Mapped[str] = mapped_column(String(60))
    supplier: Mapped[str] = mapped_column(String(120))
    lines: Mapped[ReceiptLines] = mapped_column(stored(ReceiptLines))
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(64))

    def describe(self) -> receiving.Receipt:
        """The document as it was booked."""
        return receiving.Receipt(
            id=self.id,
            version=self.version,
            reference=self.reference,
            supplier=self.supplier,
            lines=[
                receiving.ReceiptLine(part_number=line.part_number, quantity=line.quantity, unit_cost=line.unit_cost)
                for line in self.lines.items
            ],
            received_at=self.received_at,
            received_by=self.received_by,
        )
