"""What billing answers."""

from datetime import date, datetime
from typing import Annotated, Literal

from marshmallow import fields, validate

from chassis.wire import Answer, Hours, Id, Money, Part, Quantity
from contracts.billing.events import PaymentMethod
from contracts.shared import LineKind, Page, Payer, TaxMode

InvoiceKind = Literal["invoice", "credit_note"]
"""发票, 红字发票."""

PaymentKind = Literal["deposit", "payment", "refund"]
"""定金, 收款, 退款. A deposit is money before delivery; what of it pays an invoice is a payment with the method `deposit`."""

SettlementState = Literal["open", "paid", "authorised", "reversed"]

TaskKind = Literal["reversed_after_gate_pass"]

Percent = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"^\d{1,2}(\.\d{1,3})?\Z", error="A percentage below 100 with at most three decimals.")
    ),
]
"""A percentage as a decimal string: "13" or "8.875"."""


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


class InvoiceEntry(Part):
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
    """An invoice, or a credit note that takes one back in full (then amounts are negative and `credits` names it).

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


class AccountShare(Part):
    """What one payer owes of one delivery revision; an order without lines has a customer's share of nothing and no invoice."""

    payer: Payer
    revision: int
    invoice_id: Id | None = None
    total: Money
    paid: Money
    open: Money
    state: SettlementState
    authorised_by: str | None = None
    authorised_at: datetime | None = None
    reference: str | None = None


class CreditBalance(Part):
    """Money of a payer from a reversed delivery, to be used for the order's next one or given back."""

    payer: Payer
    amount: Money


class OrderAccount(Answer):
    """Who owes what for a work order; its id is the work order's.

    `revision` is the newest billed delivery (0: none yet), `settled` whether each of its shares is paid or authorised, so that a
    gate pass may be issued (Rule L5). `deposit` is what of the deposits is still unused.
    """

    id: Id
    version: int
    work_order_id: Id
    work_order_number: str | None = None
    revision: int
    settled: bool
    shares: list[AccountShare]
    deposit: Money
    credits: list[CreditBalance]


class Payment(Answer):
    """Money that came in or (a refund, negative) went out; `of` is the deposit it was taken from or the payment it gives back.

    A deposit belongs to no delivery yet and has no `revision`.
    """

    id: Id
    kind: PaymentKind
    work_order_id: Id
    revision: int | None = None
    payer: Payer
    payment_method: PaymentMethod
    amount: Money
    provider_reference: str | None = None
    of: Id | None = None
    reason: str | None = None
    received_at: datetime
    received_on: date
    received_by: str


class Payments(Answer, Page):
    """A page of payments, the newest first."""

    items: list[Payment]


class GatePass(Answer):
    """The authority to leave (出门证), for one delivery of an order, used once. Whoever has `code` can leave with it."""

    id: Id
    version: int
    work_order_id: Id
    revision: int
    code: str
    issued_at: datetime
    issued_by: str
    used_at: datetime | None = None
    used_by: str | None = None
    revoked_at: datetime | None = None


class TaxRate(Answer):
    """The dealer's tax rate in percent for deliveries from a local day on."""

    effective_on: date
    rate: Percent


class TaxRates(Answer):
    """The dealer's tax rates, the latest first; before the first of them `default` holds."""

    items: list[TaxRate]
    default: Percent


class BillingTask(Answer):
    """Something the cashier must look into, because the system may not decide it."""

    id: Id
    version: int
    kind: TaskKind
    work_order_id: Id
    revision: int
    raised_at: datetime
    completed_at: datetime | None = None
    completed_by: str | None = None
    note: str | None = None


class BillingTasks(Answer, Page):
    """A page of tasks, the newest first."""

    items: list[BillingTask]
