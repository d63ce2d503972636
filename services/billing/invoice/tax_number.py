"""The tax authority's number of an invoice (发票号): known later, and no part of the document (Rule L2, docs/domain.md)."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity
from contracts.billing import invoice as contract
from services.billing.model import Base


class TaxNumber(Entity, Base):
    """One number per invoice, whose id it has; one invoice per number. Once attached it is never changed.

    `number_key` is what two spellings of the number have in common (ADR 0021).
    """

    __tablename__ = "tax_number"
    __table_args__ = (UniqueConstraint("dealer_id", "number_key", name="tax_number_key"),)

    tax_number: Mapped[str] = mapped_column(String(30))
    number_key: Mapped[str] = mapped_column(String(30))
    attached_at: Mapped[datetime]
    attached_by: Mapped[str] = mapped_column(String(64))

    def describe(self) -> contract.TaxNumber:
        """The number with who attached it."""
        return contract.TaxNumber(
            invoice_id=self.id, tax_number=self.tax_number, attached_at=self.attached_at, attached_by=self.attached_by
        )
