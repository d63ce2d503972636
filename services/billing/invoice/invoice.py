"""Invoices and credit notes: documents that never change (Rules L1 and L2, docs/domain.md)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Money, derived_id, stored
from contracts.billing import invoice as contract
from contracts.billing.events import InvoiceCredited, InvoiceIssued
from contracts.billing.invoice import InvoiceKind
from contracts.shared import Payer, PayerParty
from contracts.workshop.events import WorkOrderDelivered
from services.billing.invoice.bill import Bill
from services.billing.invoice.document import DocumentLine, InvoiceDocument
from services.billing.invoice.number_series import Issue
from services.billing.model import Base


class Invoice(Aggregate, Base):
    """An invoice or a credit note. Once issued it is never changed or deleted; the database refuses it too.

    `receipt` is which old parts a `core_credit` is for; others have none.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "payer", "revision", "kind", "receipt", name="invoice_payer_revision_key"),
        UniqueConstraint("dealer_id", "series", "year", "sequence_number", name="invoice_number_key"),
        Index("invoice_issued_on_ix", "dealer_id", "issued_on"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    series: Mapped[str] = mapped_column(String(3))
    year: Mapped[int]
    sequence_number: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    credits: Mapped[str | None] = mapped_column(IdType)
    receipt: Mapped[str] = mapped_column(String(36), default="")
    reason: Mapped[str | None] = mapped_column(String(300))
    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    payer: Mapped[str] = mapped_column(String(20))
    delivered_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    total_minor: Mapped[int]
    document: Mapped[InvoiceDocument] = mapped_column(stored(InvoiceDocument))

    @classmethod
    def issue(
        cls,
        event: WorkOrderDelivered,
        payer: Payer,
        bill: Bill,
        issue: Issue,
        buyer: PayerParty,
        *,
        visit_id: str | None,
    ) -> "Invoice":
        """Issue the invoice of one payer. Numbers are gapless, so issuing cannot be undone; see credit()."""
        series = issue.numbers
        number = series.next()
        invoice = cls(
            id=invoice_id(event.work_order_id, payer, event.revision),
            visit_id=visit_id,
            kind="invoice",
            series=series.series,
            year=series.year,
            sequence_number=number,
            number=series.text(number),
            work_order_id=event.work_order_id,
            revision=event.revision,
            payer=payer,
            delivered_at=event.delivered_at,
            issued_at=issue.at,
            issued_on=issue.on,
            currency=event.currency,
            net_minor=bill.net,
            tax_minor=bill.tax,
            total_minor=bill.gross,
            document=InvoiceDocument(
                work_order_number=event.number,
                customer_id=event.customer.customer_id,
                customer_name=event.customer.name,
                buyer=buyer.party,
                claim_number=buyer.claim_number,
                plate=event.vehicle.plate,
                vin=event.vehicle.vin,
                mileage=event.mileage,
                tax_mode=event.tax_mode,
                tax_rate=event.tax_rate,
                lines=bill.lines,
            ),
        )
        invoice.announce(
            InvoiceIssued(
                invoice_id=invoice.id,
                number=invoice.number,
                work_order_id=event.work_order_id,
                revision=event.revision,
                payer=payer,
                net=invoice.net,
                tax=invoice.tax,
                total=invoice.total,
            )
        )
        return invoice

    def credit(self, issue: Issue, before: Sequence["Invoice"] = (), *, reason: str) -> "Invoice":
        """A credit note that takes back what the notes `before` it left of this invoice: every amount negative."""
        lines = self.document.less([line for note in before for line in note.document.lines])
        identity = credit_note_id(self.work_order_id, self.payer, self.revision)
        return self._credit(issue, lines, identity, kind="credit_note", reason=reason)

    def credit_core(self, issue: Issue, line: DocumentLine, receipt: str) -> "Invoice":
        """A credit note for old parts that came back: this much of a core charge's line."""
        identity = core_credit_id(self.id, receipt)
        return self._credit(issue, [line], identity, kind="core_credit", receipt=receipt)

    def _credit(self, issue: Issue, taken_back: Sequence[DocumentLine], identity: str, **about: str) -> "Invoice":
        series = issue.numbers
        number = series.next()
        payer = cast(Payer, self.payer)
        lines = [line.negative() for line in taken_back]
        note = Invoice(
            id=identity,
            visit_id=self.visit_id,
            series=series.series,
            year=series.year,
            sequence_number=number,
            number=series.text(number),
            credits=self.id,
            work_order_id=self.work_order_id,
            revision=self.revision,
            payer=payer,
            delivered_at=self.delivered_at,
            issued_at=issue.at,
            issued_on=issue.on,
            currency=self.currency,
            net_minor=sum(line.net.minor for line in lines),
            tax_minor=sum(line.tax.minor for line in lines),
            total_minor=sum(line.gross.minor for line in lines),
            document=replace(self.document, lines=lines),
            **about,
        )
        note.announce(
            InvoiceCredited(
                invoice_id=note.id,
                number=note.number,
                credited_invoice_id=self.id,
                credited_number=self.number,
                work_order_id=self.work_order_id,
                revision=self.revision,
                payer=payer,
                total=note.total,
            )
        )
        return note

    @property
    def net(self) -> Money:
        """The amount without tax."""
        return Money(self.net_minor, self.currency)

    @property
    def tax(self) -> Money:
        """The tax."""
        return Money(self.tax_minor, self.currency)

    @property
    def total(self) -> Money:
        """What the payer owes for it: net + tax."""
        return Money(self.total_minor, self.currency)

    def describe(self) -> contract.Invoice:
        """The document; what is attached later is not part of it."""
        document = self.document
        return contract.Invoice(
            id=self.id,
            version=self.version,
            kind=cast(InvoiceKind, self.kind),
            number=self.number,
            credits=self.credits,
            reason=self.reason,
            work_order_id=self.work_order_id,
            work_order_number=document.work_order_number,
            revision=self.revision,
            payer=cast(Payer, self.payer),
            customer_id=document.customer_id,
            customer_name=document.customer_name,
            buyer=document.buyer,
            claim_number=document.claim_number,
            plate=document.plate,
            vin=document.vin,
            mileage=document.mileage,
            delivered_at=self.delivered_at,
            issued_at=self.issued_at,
            issued_on=self.issued_on,
            tax_mode=document.tax_mode,
            tax_rate=document.tax_rate,
            lines=[contract.InvoiceLine(**vars(line)) for line in document.lines],
            net=self.net,
            tax=self.tax,
            total=self.total,
        )


def invoice_id(work_order_id: str, payer: str, revision: int) -> str:
    """The id of the one invoice of a payer for a delivery revision: the effect stays single for ever."""
    return derived_id(work_order_id, payer, revision)


def credit_note_id(work_order_id: str, payer: str, revision: int) -> str:
    """The id of the one credit note that takes that invoice back."""
    return derived_id(work_order_id, payer, revision, "credit_note")


def core_credit_id(invoice: str, receipt: str) -> str:
    """The id of the one credit note of that invoice for old parts that came back."""
    return derived_id(invoice, "core_credit", receipt)
