"""What billing announces."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Event, Id, Money, text, whole
from contracts.shared import Name, Payer, Reason, Reference
from contracts.tax import Percent

TenderMethod = Literal["cash", "card", "transfer", "wechat_pay", "alipay"]
PaymentMethod = Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account", "deposit", "customer_credit"]


class InvoiceIssued(Event, type="billing.invoice.issued"):
    """One payer of a delivered order was billed (Rule L1)."""

    invoice_id: Id
    number: Annotated[str, text(40)]
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    payer: Payer
    net: Money
    tax: Money
    total: Money


class InvoiceCredited(Event, type="billing.invoice.credited"):
    """A credit note took an invoice back: what was left of it when its delivery was reversed, or core charges of old parts."""

    invoice_id: Id
    number: Annotated[str, text(40)]
    credited_invoice_id: Id
    credited_number: Annotated[str, text(40)]
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    payer: Payer
    total: Money


class PaymentReceived(Event, type="billing.payment.received"):
    """Money came in for a share of a delivered order; `open_amount` is what the share owes afterwards (Rule L4)."""

    payment_id: Id
    work_order_id: Id
    payer: Payer
    payment_method: TenderMethod
    amount: Money
    open_amount: Money


class OnAccountGranted(Event, type="billing.on_account.granted"):
    """So much of the customer's share is owed within the approved limit (挂账): no money came in (Rule L4).

    `open_amount` is what is neither paid nor on account afterwards.
    """

    payment_id: Id
    work_order_id: Id
    payer: Payer
    amount: Money
    open_amount: Money


class OnAccountWithdrawn(Event, type="billing.on_account.withdrawn"):
    """So much of what was on account is open again: no money went out (Rule L4)."""

    payment_id: Id
    withdrawn_payment_id: Id
    work_order_id: Id
    payer: Payer
    amount: Money
    reason: Reason


class CreditApplied(Event, type="billing.credit.applied"):
    """Customer credit paid a share, or part of it (Rule L4): that of the order itself, or of another one of the customer's.

    The money came in earlier, for `credit_of`; `open_amount` is what the share owes afterwards.
    """

    payment_id: Id
    work_order_id: Id
    credit_of: Id
    payer: Payer
    amount: Money
    open_amount: Money


class CreditTransferred(Event, type="billing.credit.transferred"):
    """Customer credit of an order became a payment of another order of the same customer (Rule L4)."""

    work_order_id: Id
    paid_work_order_id: Id
    payer: Payer
    amount: Money


class PaymentRefunded(Event, type="billing.payment.refunded", subscribers=("booking.record_refund",)):
    """A payment or deposit was given back, or part of it: money went out (Rule L4)."""

    payment_id: Id
    refunded_payment_id: Id
    work_order_id: Id | None = None
    appointment_id: Id | None = None
    payer: Payer
    payment_method: TenderMethod
    amount: Money
    reason: Reason


class DepositTaken(Event, type="billing.deposit.taken", subscribers=("booking.record_deposit",)):
    """The customer put money down before the delivery (定金), for an order or, before that is opened, for an appointment."""

    payment_id: Id
    work_order_id: Id | None = None
    appointment_id: Id | None = None
    payment_method: TenderMethod
    amount: Money


class DepositTransferred(Event, type="billing.deposit.transferred"):
    """An appointment's order was opened: what was put down for the appointment is the order's deposit from now on."""

    appointment_id: Id
    work_order_id: Id
    amount: Money


class DepositReturned(Event, type="billing.deposit.returned"):
    """An appointment's order was voided: its unused deposits are held for the appointment again, and its next order."""

    work_order_id: Id
    appointment_id: Id
    amount: Money


class CreditLimitApproved(Event, type="billing.credit_limit.approved"):
    """A customer may owe the dealer so much on account, over all orders (Rule L4)."""

    customer_id: Id
    limit: Money
    reason: Reason


class DepositApplied(Event, type="billing.deposit.applied"):
    """Deposits became a payment of the customer's invoice; `open_amount` is what the share owes afterwards."""

    work_order_id: Id
    revision: Annotated[int, whole(1)]
    amount: Money
    open_amount: Money


class DepositApproved(Event, type="billing.deposit.approved"):
    """The car may leave on the deposit, the rest of the customer's share is open (Rules L5, W16)."""

    work_order_id: Id
    revision: Annotated[int, whole(1)]
    open_amount: Money
    reason: Reason


class ShareAuthorised(Event, type="billing.authorisation.recorded"):
    """A payer other than the customer stands for its share."""

    authorisation_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    payer: Payer
    reference: Reference
    authorised_by: Name


class GatePassIssued(Event, type="billing.gate_pass.issued"):
    """The car may leave: quality passed, delivered, every share paid or authorised (Rule L5). Its code is not announced."""

    gate_pass_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]


class GatePassRevoked(Event, type="billing.gate_pass.revoked"):
    """The delivery the pass was issued for was reversed before the car left."""

    gate_pass_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]


class GatePassUsed(Event, type="billing.gate_pass.used", subscribers=("workshop.close_work_order",)):
    """The car has left through the gate; the pass cannot be used again."""

    gate_pass_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    document_hash: Annotated[str | None, text(64)] = None
    signed_by: Annotated[str | None, text(120)] = None
    signed_at: datetime | None = None


class ReversalConfirmed(Event, type="billing.reversal.confirmed", subscribers=("workshop.apply_reversal",)):
    """A delivery may be reversed: its gate pass opens nothing any more, its invoices are credited, what was paid is credit."""

    work_order_id: Id
    revision: Annotated[int, whole(1)]


class ReversalRefused(Event, type="billing.reversal.refused", subscribers=("workshop.note_reversal_refusal",)):
    """A delivery stays as it is: its gate pass was used, the car has left (Rule W15)."""

    work_order_id: Id
    revision: Annotated[int, whole(1)]
    refusal: Literal["gate_pass_used"]


class TaxRateSet(Event, type="billing.tax_rate.set", subscribers=("workshop.record_tax_rate",)):
    """Deliveries from a local day on are taxed at this rate, until the day of the next one (Rule L1)."""

    tax_rate_id: Id
    effective_on: date
    rate: Percent


class BillingTaskRaised(Event, type="billing.task.raised"):
    """Something happened that a person must look into."""

    task_id: Id
    kind: Annotated[str, text(40)]
    work_order_id: Id
    revision: Annotated[int, whole(0)]
