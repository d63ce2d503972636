"""What billing can be told to do."""

from datetime import date
from typing import Annotated, Literal

from chassis.wire import Command, Id, Money, text
from contracts.billing import answers
from contracts.billing.answers import Percent
from contracts.shared import Name, Payer, Reason

TenderMethod = Literal["cash", "card", "transfer", "wechat_pay", "alipay"]
ProviderReference = Annotated[str | None, text(80)]


class RecordPayment(Command, service="billing", answer=answers.Payment):
    """Money came in for a share of the order's billed delivery, or part of it (Rule L4).

    The same `payment_method` and `provider_reference` again answers the first payment; only cash, on account and customer credit
    need none.
    """

    work_order_id: Id
    payer: Payer = "customer_pay"
    payment_method: Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account", "customer_credit"]
    amount: Money
    provider_reference: ProviderReference = None


class TakeDeposit(Command, service="billing", answer=answers.Payment):
    """The customer puts money down before the delivery (定金); it pays the customer's invoice as soon as that is issued."""

    work_order_id: Id
    payment_method: TenderMethod
    amount: Money
    provider_reference: ProviderReference = None


class RefundPayment(Command, service="billing", answer=answers.Payment):
    """Give back a payment or a deposit, or part of it: a negative payment, on the cash side (Rule L4)."""

    payment_id: Id
    payment_method: Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account"]
    amount: Money
    provider_reference: ProviderReference = None
    reason: Reason


class RecordAuthorisation(Command, service="billing", answer=answers.OrderAccount):
    """A payer other than the customer stands for its share of the billed delivery (Rule L5)."""

    work_order_id: Id
    payer: Literal["warranty", "three_guarantees", "internal", "insurer", "goodwill"]
    reference: Annotated[str, text(80)]
    authorised_by: Name


class ApproveDeposit(Command, service="billing", answer=answers.OrderAccount):
    """Let the car leave on the customer's deposit although the rest of the share is open (Rules L5, W16)."""

    work_order_id: Id
    reason: Annotated[str, text(80)]


class IssueGatePass(Command, service="billing", answer=answers.GatePass):
    """Let the car leave, once every share of the billed delivery is paid, authorised or covered (Rule L5)."""

    work_order_id: Id


class UseGatePass(Command, service="billing", answer=answers.GatePass):
    """The car leaves through the gate; the pass works once (Rule L5)."""

    code: Annotated[str, text(40)]


class AttachTaxNumber(Command, service="billing", answer=answers.TaxNumber):
    """The tax authority's number (发票号) of an invoice became known (Rule L2)."""

    invoice_id: Id
    tax_number: Annotated[str, text(30)]


class SetTaxRate(Command, service="billing", answer=answers.TaxRate):
    """Deliveries from that local day on are taxed at this rate (Rule L1); today at the earliest."""

    effective_on: date
    rate: Percent


class CompleteBillingTask(Command, service="billing", answer=answers.BillingTask):
    """Someone looked into it; the note says what was done."""

    task_id: Id
    note: Reason
