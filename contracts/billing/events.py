"""What billing announces."""

from typing import Annotated, Literal

from chassis.messages import Event, Id, text, whole
from chassis.values import Money
from contracts.shared import Payer

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
    """A credit note took an invoice back in full, because the delivery was reversed."""

    invoice_id: Id
    number: Annotated[str, text(40)]
    credited_invoice_id: Id
    credited_number: Annotated[str, text(40)]
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    payer: Payer
    total: Money


class PaymentReceived(Event, type="billing.payment.received"):
    """Money came in for an order."""

    payment_id: Id
    work_order_id: Id
    method: PaymentMethod
    amount: Money
    open_amount: Money


class ShareAuthorised(Event, type="billing.authorisation.recorded"):
    """A payer other than the customer stands for its share."""

    authorisation_id: Id
    work_order_id: Id
    payer: Payer
    reference: Annotated[str, text(80)]


class GatePassIssued(Event, type="billing.gate_pass.issued"):
    """The car may leave: quality passed, delivered, every share paid or authorised (Rule L5)."""

    gate_pass_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]
    code: Annotated[str, text(40)]


class GatePassUsed(Event, type="billing.gate_pass.used", subscribers=("workshop.close_work_order",)):
    """The car has left through the gate; the pass cannot be used again."""

    gate_pass_id: Id
    work_order_id: Id
    revision: Annotated[int, whole(1)]
