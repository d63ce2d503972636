"""The tax authority's number of an invoice (发票号): known later, and no part of the document (Rule L2, docs/domain.md)."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, Refused, Work
from contracts.billing import invoice as invoice_contract
from contracts.billing.invoice import AttachTaxNumber
from services.billing.domain.invoice import Invoice
from services.billing.domain.model import Base, locked


class TaxNumber(Entity, Base):
    """One number per invoice, whose id it has; one invoice per number."""

    __tablename__ = "tax_number"
    __table_args__ = (UniqueConstraint("dealer_id", "tax_number", name="tax_number_key"),)

    tax_number: Mapped[str] = mapped_column(String(30))
    attached_at: Mapped[datetime]
    attached_by: Mapped[str] = mapped_column(String(64))

    def describe(self) -> invoice_contract.TaxNumber:
        """The number with who attached it."""
        return invoice_contract.TaxNumber(
            invoice_id=self.id, tax_number=self.tax_number, attached_at=self.attached_at, attached_by=self.attached_by
        )


def attach(work: Work, command: AttachTaxNumber) -> invoice_contract.TaxNumber:
    """Attach the number; the same again changes nothing. Raises Refused for a second number, or for another invoice's."""
    invoice = work.get(Invoice, command.invoice_id)
    # Nothing conflicts silently but another invoice that has the number: then there is no row for this one.
    try:
        row = locked(
            work, TaxNumber, {"id": invoice.id}, tax_number=command.tax_number, attached_at=work.now, attached_by=work.actor
        )
    except NoResultFound:
        raise Refused("tax_number_used", tax_number=command.tax_number) from None
    if row.tax_number != command.tax_number:
        raise Refused("tax_number_attached", tax_number=row.tax_number)
    return row.describe()
