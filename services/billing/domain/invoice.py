"""Invoices and credit notes: documents that never change (Rules L1 and L2, docs/domain.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Money, Refused, derived_id, document
from contracts.billing import invoice as invoice_contract
from contracts.billing.events import InvoiceCredited, InvoiceIssued
from contracts.billing.invoice import InvoiceKind, InvoiceLine
from contracts.shared import DeliveredLine, Payer, TaxMode
from contracts.workshop.events import WorkOrderDelivered
from services.billing.domain.model import Base
from services.billing.domain.numbers import NumberSeries
from services.billing.domain.tax import percent, taxed


@dataclass
class Bill:
    """What one payer of a delivered order is to be billed: printed lines and their sums in minor units."""

    currency: str
    lines: list[InvoiceLine] = field(default_factory=list)
    net: int = 0
    tax: int = 0
    gross: int = 0

    def add(self, line: DeliveredLine, amount: Money, mode: TaxMode, rate: int) -> None:
        """Print this payer's share of a line. Tax is rounded per line: the printed lines must add up."""
        net, tax, gross = taxed(amount.minor, mode, rate)
        self.net += net
        self.tax += tax
        self.gross += gross
        self.lines.append(
            InvoiceLine(
                number=line.number,
                kind=line.kind,
                description=line.description,
                operation_code=line.operation_code,
                hours=line.hours,
                part_number=line.part_number,
                quantity=line.quantity,
                net=Money(net, self.currency),
                tax=Money(tax, self.currency),
                gross=Money(gross, self.currency),
            )
        )


def bills(lines: Iterable[DeliveredLine], currency: str, mode: TaxMode, rate: int) -> dict[Payer, Bill]:
    """The bill of every payer that has a share, sorted by payer; also of one whose shares come to nothing.

    Billing never re-prices (Rule L1). Raises Refused for a line whose shares are not its amount or that has another currency.
    """
    found: dict[Payer, Bill] = {}
    for line in lines:
        if any(amount.currency != currency for amount in (line.amount, *(share.amount for share in line.shares))):
            raise Refused("currency_differs", line=line.number, currency=currency)
        if sum(share.amount.minor for share in line.shares) != line.amount.minor:
            raise Refused("shares_do_not_add_up", line=line.number)
        for share in line.shares:
            found.setdefault(share.payer, Bill(currency)).add(line, share.amount, mode, rate)
    return dict(sorted(found.items()))


class Invoice(Aggregate, Base):
    """An invoice or a credit note. Once issued it is never changed or deleted; the database refuses it too."""

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("dealer_id", "work_order_id", "payer", "revision", "kind", name="invoice_payer_revision_key"),
        UniqueConstraint("dealer_id", "series", "year", "sequence_number", name="invoice_number_key"),
        Index("invoice_issued_on_ix", "dealer_id", "issued_on"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    series: Mapped[str] = mapped_column(String(3))
    year: Mapped[int]
    sequence_number: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    credits: Mapped[str | None] = mapped_column(IdType)
    reason: Mapped[str | None] = mapped_column(String(300))
    work_order_id: Mapped[str] = mapped_column(IdType)
    work_order_number: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    payer: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[str] = mapped_column(IdType)
    customer_name: Mapped[str] = mapped_column(String(120))
    plate: Mapped[str] = mapped_column(String(16))
    vin: Mapped[str] = mapped_column(String(17))
    mileage: Mapped[int]
    delivered_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    issued_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    tax_mode: Mapped[str] = mapped_column(String(10))
    tax_rate: Mapped[int]
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    total_minor: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(document)

    @classmethod
    def issue(
        cls,
        fact: WorkOrderDelivered,
        payer: Payer,
        bill: Bill,
        series: NumberSeries,
        *,
        rate: int,
        at: datetime,
        on: date,
        visit_id: str | None,
    ) -> "Invoice":
        """Issue the invoice of one payer. Numbers are gapless, so issuing cannot be undone; see credit()."""
        number = series.next()
        invoice = cls(
            id=invoice_id(fact.work_order_id, payer, fact.revision),
            visit_id=visit_id,
            kind="invoice",
            series=series.series,
            year=series.year,
            sequence_number=number,
            number=series.text(number),
            work_order_id=fact.work_order_id,
            work_order_number=fact.number,
            revision=fact.revision,
            payer=payer,
            customer_id=fact.customer.customer_id,
            customer_name=fact.customer.name,
            plate=fact.vehicle.plate,
            vin=fact.vehicle.vin,
            mileage=fact.mileage,
            delivered_at=fact.delivered_at,
            issued_at=at,
            issued_on=on,
            currency=fact.currency,
            tax_mode=fact.tax_mode,
            tax_rate=rate,
            net_minor=bill.net,
            tax_minor=bill.tax,
            total_minor=bill.gross,
            lines=[line.dump() for line in bill.lines],
        )
        invoice.announce(
            InvoiceIssued(
                invoice_id=invoice.id,
                number=invoice.number,
                work_order_id=fact.work_order_id,
                revision=fact.revision,
                payer=payer,
                net=invoice.net,
                tax=invoice.tax,
                total=invoice.total,
            )
        )
        return invoice

    def credit(self, series: NumberSeries, *, reason: str, at: datetime, on: date) -> "Invoice":
        """A credit note that takes this invoice back in full: the same lines, every amount negative."""
        number = series.next()
        payer = cast(Payer, self.payer)
        kept = (
            "visit_id",
            "work_order_id",
            "work_order_number",
            "revision",
            "payer",
            "customer_id",
            "customer_name",
            "plate",
            "vin",
            "mileage",
            "delivered_at",
            "currency",
            "tax_mode",
            "tax_rate",
        )
        note = Invoice(
            id=credit_note_id(self.work_order_id, self.payer, self.revision),
            kind="credit_note",
            series=series.series,
            year=series.year,
            sequence_number=number,
            number=series.text(number),
            credits=self.id,
            reason=reason,
            issued_at=at,
            issued_on=on,
            net_minor=-self.net_minor,
            tax_minor=-self.tax_minor,
            total_minor=-self.total_minor,
            lines=[replace(line, net=-line.net, tax=-line.tax, gross=-line.gross).dump() for line in self._printed()],
            **{name: getattr(self, name) for name in kept},
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

    def describe(self) -> invoice_contract.Invoice:
        """The document; what is attached later is not part of it."""
        return invoice_contract.Invoice(
            id=self.id,
            version=self.version,
            kind=cast(InvoiceKind, self.kind),
            number=self.number,
            credits=self.credits,
            reason=self.reason,
            work_order_id=self.work_order_id,
            work_order_number=self.work_order_number,
            revision=self.revision,
            payer=cast(Payer, self.payer),
            customer_id=self.customer_id,
            customer_name=self.customer_name,
            plate=self.plate,
            vin=self.vin,
            mileage=self.mileage,
            delivered_at=self.delivered_at,
            issued_at=self.issued_at,
            issued_on=self.issued_on,
            tax_mode=cast(TaxMode, self.tax_mode),
            tax_rate=percent(self.tax_rate),
            lines=self._printed(),
            net=self.net,
            tax=self.tax,
            total=self.total,
        )

    def _printed(self) -> list[InvoiceLine]:
        return [InvoiceLine.load(line) for line in self.lines]


def invoice_id(work_order_id: str, payer: str, revision: int) -> str:
    """The id of the one invoice of a payer for a delivery revision: the effect stays single for ever."""
    return derived_id(work_order_id, payer, revision)


def credit_note_id(work_order_id: str, payer: str, revision: int) -> str:
    """The id of the one credit note that takes that invoice back."""
    return derived_id(work_order_id, payer, revision, "credit_note")
