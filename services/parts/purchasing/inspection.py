"""What a delivery brought of a line of a purchase order, as it was inspected (Rule P4)."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Money, Quantity
from contracts.parts import purchasing as contract
from services.parts.model import Base, PartNumberType


class Inspection(Entity, Base):
    """One line of one delivery. Only what is accepted is received; an inspection of an `undone` receipt counts no more."""

    __tablename__ = "inspection"
    __table_args__ = (
        UniqueConstraint("dealer_id", "receipt_id", "line_number", name="inspection_line_key"),
        CheckConstraint("accepted_units >= 0 AND damaged_units >= 0 AND short_units >= 0 AND wrong_units >= 0", name="units"),
        Index("inspection_order", "dealer_id", "purchase_order_id", "id"),
    )

    receipt_id: Mapped[str] = mapped_column(IdType)
    reference: Mapped[str] = mapped_column(String(60))
    received_at: Mapped[datetime]
    undone: Mapped[bool]
    purchase_order_id: Mapped[str] = mapped_column(IdType)
    line_number: Mapped[int]
    part_number: Mapped[str] = mapped_column(PartNumberType)
    accepted_units: Mapped[int]
    damaged_units: Mapped[int]
    short_units: Mapped[int]
    wrong_units: Mapped[int]
    ordered_minor: Mapped[int]
    cost_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))

    def describe(self) -> contract.InspectedPart:
        """The inspection as it is answered."""
        ordered, cost = Money(self.ordered_minor, self.currency), Money(self.cost_minor, self.currency)
        return contract.InspectedPart(
            receipt_id=self.receipt_id,
            reference=self.reference,
            received_at=self.received_at,
            undone=self.undone,
            line_number=self.line_number,
            part_number=self.part_number,
            accepted=Quantity(self.accepted_units),
            damaged=Quantity(self.damaged_units),
            short=Quantity(self.short_units),
            wrong_part=Quantity(self.wrong_units),
            ordered_price=ordered,
            unit_cost=cost,
            price_difference=(cost - ordered).times(Decimal(self.accepted_units) / Quantity.of(1).units),
        )
