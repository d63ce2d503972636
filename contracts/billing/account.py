"""Who owes what for a work order: payments, deposits, refunds and authorisations."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Money, Part, Query, text
from contracts.billing.events import PaymentMethod, TenderMethod
from contracts.billing.naming import NamedOrder
from contracts.shared import Listing, Name, Page, Payer, Price, Reason, Reference

PaymentKind = Literal["deposit", "payment", "refund", "transfer"]
"""定金, 收款, 退款, 定金转入工单. A deposit is money before delivery; what pays an invoice of it has the method `deposit`."""

SettlementState = Literal["open", "paid", "on_account", "authorised", "reversed"]
"""未结, 已付, 挂账, 已授权, 已撤销."""

AccountWant = Literal["gate_pass", "payment", "authorisation", "delivery", "exit", "refund"]
"""待开出门证, 待收款, 待授权, 待交车, 待出门, 待退款: what an account wants next; in this order somebody waits for it."""


class Tendered(Part):
    """How the provider of a payment method names the transaction.

    `provider` is the bank or acquirer, for a dealer with several: each has references of its own. A transfer that pays several
    orders is recorded part by part with its `reference_total`, the same in every part; without it the reference is this part's.
    """

    provider: Reference | None = None
    provider_reference: Reference | None = None
    reference_total: Price | None = None


class AccountShare(Part):
    """What one payer owes of one delivery revision; an order without lines has a customer's share of nothing and no invoice.

    `total` is `paid`, `on_account` and `open` together: what is on account is owed within the customer's approved limit. Of a
    delivery that was reversed, at `reversed_at`, nothing is paid or owed: its invoice is credited, and so is what was paid.
    """

    payer: Payer
    revision: int
    invoice_id: Id | None = None
    total: Money
    paid: Money
    on_account: Money
    open: Money
    state: SettlementState
    authorised_by: str | None = None
    authorised_at: datetime | None = None
    reference: str | None = None
    reversed_at: datetime | None = None


class CreditBalance(Part):
    """Money of a payer from a reversed delivery, or paid too much: to be used or given back.

    It pays the payer's share of the order's next delivery; the customer's pays other orders of the same customer too.
    """

    payer: Payer
    amount: Money


class AccountStanding(Part):
    """What an account wants next, and where its car is: ready, with a gate pass, or gone."""

    wants: AccountWant | None = None
    waiting_since: datetime | None = None
    ready_total: Money | None = None
    pass_issued_at: datetime | None = None
    left_at: datetime | None = None


class OrderAccount(Answer, NamedOrder, AccountStanding):
    """Who owes what for a work order; its id is the work order's.

    `revision` is the newest billed delivery (0: none yet), `settled` whether each of its shares is paid, on account or
    authorised, so that a gate pass may be issued (Rule L5). `deposit` is what of the deposits is still unused. `wants` is what is
    to be done next, none while nobody waits for anything.
    """

    id: Id
    version: int
    work_order_id: Id
    customer_id: Id | None = None
    void: bool
    revision: int
    settled: bool
    shares: list[AccountShare]
    deposit: Money
    credits: list[CreditBalance]


class Payment(Answer, NamedOrder):
    """Money that came in or (a refund, negative) went out; `of` is the deposit it was taken from or the payment it gives back.

    A deposit belongs to no delivery yet and has no `revision`; while its appointment has no order it belongs to that. When an
    order is opened, a `transfer` takes it from there, and it is a deposit of the order; when that is voided, back again. Credit
    that pays another order is a `transfer` there, too; `counterpart` is the other order or appointment.
    """

    id: Id
    kind: PaymentKind
    work_order_id: Id | None = None
    appointment_id: Id | None = None
    revision: int | None = None
    payer: Payer
    payment_method: PaymentMethod
    amount: Money
    provider: str | None = None
    provider_reference: str | None = None
    of: Id | None = None
    counterpart: Id | None = None
    reason: str | None = None
    received_at: datetime
    received_on: date
    received_by: str


class Payments(Answer, Page):
    """A page of payments, the newest first."""

    items: list[Payment]


class RecordPayment(Command, Tendered, service="billing", answer=Payment):
    """Record a payment.

    Money came in for a share of the order's billed delivery, or part of it (Rule L4).

    The same reference with the same order, payer and amount again answers the first payment; only cash, on account and customer
    credit need none. On account is for the customer's share, within the limit that was approved: it is owed, not paid. Customer
    credit is the payer's on this order; the customer's own may be that of another order of theirs, `credit_of`.
    """

    work_order_id: Id
    payer: Payer = "customer_pay"
    payment_method: Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account", "customer_credit"]
    amount: Price
    credit_of: Id | None = None


class TakeDeposit(Command, Tendered, service="billing", answer=Payment):
    """Take a deposit before delivery.

    The customer puts money down before the delivery (定金); it pays the customer's invoice as soon as that is issued.
    """

    work_order_id: Id
    payment_method: TenderMethod
    amount: Price


class TakeAppointmentDeposit(Command, Tendered, service="billing", answer=Payment):
    """Take a deposit for an appointment.

    The customer puts money down before the car is here (定金); it becomes the order's deposit as soon as that is opened.
    """

    appointment_id: Id
    payment_method: TenderMethod
    amount: Price


class RefundPayment(Command, Tendered, service="billing", answer=Payment):
    """Refund a payment or deposit.

    All of it or a part: a negative payment, on the cash side (Rule L4). Never more than that payment gave; its reference may be
    the payment's own.
    """

    payment_id: Id
    payment_method: Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account"]
    amount: Price
    reason: Reason


class RecordAuthorisation(Command, service="billing", answer=OrderAccount):
    """Record who stands for a share.

    A payer other than the customer stands for its share of the billed delivery (Rule L5).
    """

    work_order_id: Id
    payer: Literal["warranty", "three_guarantees", "internal", "insurer", "goodwill"]
    reference: Reference
    authorised_by: Name


class ApproveDeposit(Command, service="billing", answer=OrderAccount):
    """Let the car leave on the deposit.

    The rest of the customer's share stays open (Rules L5, W16). Approved again with another reason, that one is kept.
    """

    work_order_id: Id
    reason: Annotated[str, text(80)]


class GetOrderAccount(Query, service="billing", answer=OrderAccount):
    """Who owes what for a work order.

    Each payer's share, delivery by delivery; what of deposits and of credits is unused. It is there as soon as money is.
    """

    work_order_id: Id


class ListPayments(Query, Listing, service="billing", answer=Payments):
    """Payments, deposits and refunds.

    Of an order, of an appointment, of a local day; all criteria hold.
    """

    work_order_id: Id | None = None
    appointment_id: Id | None = None
    day: date | None = None
