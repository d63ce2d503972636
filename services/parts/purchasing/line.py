"""A line of a purchase order: so much of one part; what came of it, what was given up, what is outstanding (Rule P4)."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Money, Quantity, Refused, belongs_to
from contracts.parts import purchasing as contract
from services.parts.model import Base, PartNumberType

ON_ITS_WAY = text("expected_on IS NOT NULL AND quantity_units > received_units + given_up_units")


class PurchaseLine(Entity, Base):
    """One line. Of what was ordered, nothing is lost: it came, it was given up, or it is outstanding.

    `ordered_for`: the special order, or the part of an order, that it was ordered for alone.
    """

    __tablename__ = "purchase_line"
    __table_args__ = (
        belongs_to("purchase_order", "purchase_order_id"),
        UniqueConstraint("dealer_id", "purchase_order_id", "number", name="purchase_line_number_key"),
        CheckConstraint(
            "quantity_units > 0 AND received_units >= 0 AND given_up_units >= 0 "
            "AND received_units + given_up_units <= quantity_units",
            name="units",
        ),
        Index(
            "purchase_line_expected",
            "dealer_id",
            "expected_on",
            "id",
            postgresql_where=ON_ITS_WAY,
            sqlite_where=ON_ITS_WAY,
        ),
        Index("purchase_line_part", "dealer_id", "part_number", postgresql_where=ON_ITS_WAY, sqlite_where=ON_ITS_WAY),
    )

    purchase_order_id: Mapped[str] = mapped_column(IdType)
    number: Mapped[int]
    part_number: Mapped[str] = mapped_column(PartNumberType)
    their_number: Mapped[str | None] = mapped_column(PartNumberType)
    quantity_units: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    lead_time_days: Mapped[int]
    expected_on: Mapped[date | None] = mapped_column(Date)
    received_units: Mapped[int]
    given_up_units: Mapped[int]
    ordered_for: Mapped[str | None] = mapped_column(IdType)

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"received_units": 0, "given_up_units": 0, **values})

    @property
    def outstanding(self) -> int:
        """What has neither come nor been given up."""
        return self.quantity_units - self.received_units - self.given_up_units

    @property
    def price(self) -> Money:
        """What was agreed on for one unit."""
        return Money(self.price_minor, self.currency)

    @property
    def total(self) -> Money:
        """What the line comes to; rounded once."""
        return self.price.times(Decimal(self.quantity_units) / Quantity.of(1).units)

    def become(self, other: "PurchaseLine") -> None:
        """Order that instead; its number stays, and of the same part for whom it is."""
        if self.part_number != other.part_number:
            self.ordered_for = None
        for name in ("part_number", "their_number", "quantity_units", "price_minor", "lead_time_days"):
            setattr(self, name, getattr(other, name))

    def receive(self, units: int) -> None:
        """So much of it came and was accepted. Raises Refused("over_receipt") for more than is outstanding."""
        if units > self.outstanding:
            ordered, quantity = str(Quantity(self.quantity_units)), str(Quantity(self.outstanding))
            raise Refused("over_receipt", part_number=self.part_number, ordered=ordered, quantity=quantity)
        self.received_units += units

    def undo(self, units: int) -> None:
        """So much of it never came: it is outstanding again, also if the rest was given up since."""
        self.received_units -= units

    def describe(self) -> contract.PurchaseOrderLine:
        """The line as it is answered."""
        return contract.PurchaseOrderLine(
            line_number=self.number,
            part_number=self.part_number,
            supplier_part_number=self.their_number,
            quantity=Quantity(self.quantity_units),
            unit_price=self.price,
            lead_time_days=self.lead_time_days,
            expected_on=self.expected_on,
            received=Quantity(self.received_units),
            given_up=Quantity(self.given_up_units),
            outstanding=Quantity(self.outstanding),
            ordered_for=self.ordered_for,
        )
