"""Invoices and credit notes, tax rates, and the tax authority's numbers."""

from dataclasses import field
from datetime import date, datetime
from typing import Literal

from chassis.wire import Answer, Command, Hours, Id, Money, Part, Quantity, Query
from contracts.billing.naming import NamedOrder
from contracts.shared import LineKind, Listing, OwnNumber, Page, Party, Payer, TaxAuthorityNumber, TaxMode, at_most
from contracts.tax import Percent

InvoiceKind = Literal["invoice", "credit_note", "core_credit"]
"""发票, 红字发票, 旧件押金红字发票."""


class InvoiceLine(Part):
    """One payer's share of a delivered line, as it is printed: net + tax = gross."""

    number: int
    kind: LineKind
    description: str
    operation_code: str | None = None
    hours: Hours | None = None
    part_number: str | None = None
    quantity: Quantity | None = None
    net: Money
    tax: Money
    gross: Money


class InvoiceEntry(NamedOrder):
    """An invoice or credit note in a list."""

    id: Id
    kind: InvoiceKind
    number: str
    work_order_id: Id
    revision: int
    payer: Payer
    issued_at: datetime
    total: Money


class DeliveryInvoice(Part):
    """An invoice as the proof of a delivery needs it; a credit note `credits` an invoice, and its total is negative."""

    id: Id
    kind: InvoiceKind
    work_order_id: Id
    revision: int
    payer: Payer
    credits: Id | None = None
    total: Money


class DeliveryInvoices(Answer):
    """What the deliveries of some work orders were billed, and what was credited."""

    items: list[DeliveryInvoice]


class Invoice(Answer):
    """An invoice, or a credit note that takes one back (then amounts are negative and `credits` names it).

    A `core_credit` takes back core charges whose old parts came, a `credit_note` all that is left when the delivery is reversed.

    It never changes after it is issued; `credited_by` and `tax_number` (发票号) are known later and are not part of the document.
    """

    id: Id
    version: int
    kind: InvoiceKind
    number: str
    credits: Id | None = None
    credited_by: Id | None = None
    reason: str | None = None
    tax_number: str | None = None
    work_order_id: Id
    work_order_number: str
    revision: int
    payer: Payer
    customer_id: Id
    customer_name: str
    buyer: Party
    claim_number: str | None = None
    plate: str
    vin: str
    mileage: int
    delivered_at: datetime
    issued_at: datetime
    issued_on: date
    tax_mode: TaxMode
    tax_rate: Percent
    lines: list[InvoiceLine]
    net: Money
    tax: Money
    total: Money


class Invoices(Answer, Page):
    """A page of invoices and credit notes, the newest numbers first."""

    items: list[InvoiceEntry]


class TaxNumber(Answer):
    """The tax authority's number (发票号) of an invoice."""

    invoice_id: Id
    tax_number: str
    attached_at: datetime
    attached_by: str


class TaxRate(Answer):
    """The dealer's tax rate in percent for deliveries from a local day on."""

    version: int
    effective_on: date
    rate: Percent


class TaxRates(Answer):
    """The dealer's tax rates, the latest first; before the first of them `default` holds."""

    items: list[TaxRate]
    default: Percent


class AttachTaxNumber(Command, service="billing", answer=TaxNumber):
    """Attach the tax authority's number.

    The number (发票号) of an invoice became known (Rule L2).
    """

    invoice_id: Id
    tax_number: TaxAuthorityNumber


class SetTaxRate(Command, service="billing", answer=TaxRate):
    """Set the tax rate from a day on.

    Deliveries from that local day on are taxed at this rate (Rule L1); today at the earliest. A rate that is set already is
    replaced only by who has seen it.
    """

    effective_on: date
    rate: Percent


class GetTaxRate(Query, service="billing", answer=TaxRate):
    """The tax rate that was set from a day on.

    There is none for a day on which nothing changed: the one of an earlier day holds.
    """

    effective_on: date


class GetInvoice(Query, service="billing", answer=Invoice):
    """An invoice or credit note.

    With its lines, as it was issued; whether it was credited, and its tax number, as they are now.
    """

    invoice_id: Id


class ListInvoices(Query, Listing, service="billing", answer=Invoices):
    """Invoices and credit notes.

    Those that meet all conditions: of an order, of payers (`payer` may be given several times), with any piece of a number,
    however it is typed, issued from one local day to another, both included.
    """

    work_order_id: Id | None = None
    number: OwnNumber | None = None
    payer: list[Payer] = field(default_factory=list)
    from_day: date | None = None
    to_day: date | None = None


class FindDeliveryInvoices(Query, service="billing", answer=DeliveryInvoices):
    """The invoices and credit notes of some work orders, as short as can be; for the gateway's reconciliation."""

    work_order_ids: list[Id] = at_most(200)


class ListTaxRates(Query, service="billing", answer=TaxRates):
    """The dealer's tax rates.

    The latest first; each holds for deliveries from its day on.
    """
