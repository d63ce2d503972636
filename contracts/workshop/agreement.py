"""What advisor and customer agree on: estimates, approvals, declined work."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Hours, Id, Money, Part, Quantity, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import LineKind, LineRef, Name, OperationCode, PartNumber, Payer, Price, Reason, Share, TaxMode
from contracts.signing import Signature, Signing
from contracts.tax import Percent, TaxedShare
from contracts.workshop.order import NewLines, Paying, WorkOrder
from contracts.workshop.pricing import Coefficient
from contracts.workshop.promise import FoundPromise
from contracts.workshop.signing_link import SigningLink

EstimateKind = Literal["estimate", "additional_work"]
ExpectedPayment = Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account"]
OldParts = Literal["return_to_customer", "dispose", "keep_for_claim"]
DecisionKind = Literal["approved", "declined", "withdrawn", "payer_changed", "price_corrected"]
DecisionMeans = Literal["drawn", "typed", "phone", "link", "standing_consent", "authorisation"]


class QuotedLine(Part):
    """A line of an estimate at its frozen price.

    What the catalogue calls it, in both languages, is `name_zh` and `name_en`; what was typed has neither.
    """

    line_id: Id
    number: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    unit: Annotated[str | None, text(10)] = None
    operation_code: OperationCode | None = None
    hours: Hours | None = None
    part_number: PartNumber | None = None
    quantity: Quantity | None = None
    unit_price: Money | None = None
    safety: bool
    amount: Money
    net: Money
    tax: Money
    gross: Money
    shares: list[TaxedShare]


class Estimate(Answer):
    """One version of the estimate (估价单), or of additional work (增项), as it was put before the customer; it never changes.

    `amount`, `labour`, `parts`, `sublet` and `total` are as the dealer quotes: with tax when `tax_mode` is inclusive, without
    when it is exclusive. Net, tax and gross are those that the invoices will print, at the rate of the promised day.

    `coefficient` is the model's (车型技术复杂系数, Rule W5); where `model_known` is false, the group has published none for this
    make and model, and labour is priced with 1.

    `call_threshold` is the amount up to which, if the customer `consents_to_other_damage`, further damage may be repaired
    without asking again (Rule W7).
    """

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    kind: EstimateKind
    currency: Annotated[str, text(3)]
    tax_mode: TaxMode
    tax_rate: Percent
    coefficient: Coefficient
    model_known: bool
    lines: list[QuotedLine]
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    net: Money
    tax: Money
    gross: Money
    extra_minutes: Annotated[int, whole(0)] = 0
    promised_at: datetime | None = None
    promise_reason: Reason | None = None
    found: FoundPromise | None = None
    payment_method: ExpectedPayment | None = None
    old_parts: OldParts | None = None
    free_wash: bool | None = None
    call_threshold: Money | None = None
    consents_to_other_damage: bool = False
    issued_at: datetime
    document_hash: DocumentHash


class DecidedLine(Part):
    """A line as it stood when it was decided on."""

    number: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    amount: Money | None = None
    shares: list[Share]
    safety: bool


class Authorisation(Part):
    """One entry of the authorisation ledger: who decided on which lines, how and when, and who wrote it down.

    `signature` is the customer's, over the `lines` with their prices, the reason, and the hash of the estimate that they saw;
    there is none where the customer was not asked: under the standing consent, or by somebody else's authority.
    """

    id: Id
    decision: DecisionKind
    estimate_version: Annotated[int | None, whole(1)] = None
    line_numbers: list[int]
    means: DecisionMeans
    name: Name
    given_at: datetime
    reason: Annotated[str | None, text(300)] = None
    recorded_by: Annotated[str, text(64)]
    recorded_at: datetime
    lines: list[DecidedLine]
    estimate_hash: DocumentHash | None = None
    signature: Signature | None = None


class Authorisations(Answer):
    """The whole ledger of one work order, oldest entry first; and the last one-time links by which decisions were asked for."""

    items: list[Authorisation]
    links: list[SigningLink]


class IssueEstimate(Command, service="workshop", answer=WorkOrder):
    """Issue an estimate.

    Put all undecided lines before the customer as the next version of the estimate: their prices are frozen (Rule W6). The
    promised time is worked out, and said how; without `promised_at` that is promised, unless a time was promised before. A time
    that is earlier than people's shifts allow needs `promise_reason`.
    """

    work_order_id: Id
    promised_at: datetime | None = None
    promise_reason: Reason | None = None
    payment_method: ExpectedPayment
    old_parts: OldParts
    free_wash: bool
    consents_to_other_damage: bool = False


class ApproveEstimate(Command, service="workshop", answer=WorkOrder):
    """Record the approval of an estimate.

    The customer approved the lines of this version that they did not decline: by signature, or on the phone. Refused if the
    estimate they saw (`decision.document_hash`) is not this one.
    """

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    decision: Signing


class DeclineLines(Command, service="workshop", answer=WorkOrder):
    """Record declined work.

    The customer does not want these quoted lines; for a safety line they sign that (Rule W8).
    """

    work_order_id: Id
    line_ids: list[LineRef]
    reason: Reason
    decision: Signing


class WithdrawApproval(Command, service="workshop", answer=WorkOrder):
    """Record that the customer withdraws approved work.

    By signature, and only while nothing of it was done or issued; it counts as declined from then on (Rule W8).
    """

    work_order_id: Id
    line_ids: list[LineRef]
    reason: Reason
    signature: Signing


class ChangePayer(Command, Paying, service="workshop", answer=WorkOrder):
    """Change who pays a line.

    With the name of whoever authorises it, also after the approval, until the delivery. Whatever makes the customer pay more of
    an approved line is the customer's own decision. A quoted line wants a new estimate.
    """

    work_order_id: Id
    line_id: Id
    reason: Reason
    authorised_by: Name | None = None
    decision: Signing | None = None


class CorrectSubletPrice(Command, Paying, service="workshop", answer=WorkOrder):
    """Correct the price of outside work.

    It cost more or less than agreed. Payers that agreed to amounts need new ones. Whatever makes the customer pay more of an
    approved line is the customer's own decision. A quoted line wants a new estimate.
    """

    work_order_id: Id
    line_id: Id
    price: Price
    reason: Reason
    decision: Signing | None = None


class ProposeBookedWork(Command, service="workshop", answer=WorkOrder):
    """Propose the booked work.

    Make lines of the operations and parts of the appointment that are not on the order yet, and put them before the customer with
    all undecided ones, at the prices of today (Rule B6). All of them or, if one is unknown, none. The time is promised as with
    any estimate.
    """

    work_order_id: Id
    payer: Payer = "customer_pay"
    promised_at: datetime | None = None
    promise_reason: Reason | None = None
    payment_method: ExpectedPayment
    old_parts: OldParts
    free_wash: bool
    consents_to_other_damage: bool = False


class ProposeAdditionalWork(Command, NewLines, service="workshop", answer=WorkOrder):
    """Propose additional work.

    Put newly found work before the customer as an estimate version of its own, prices frozen (Rule W8).
    """

    work_order_id: Id
    extra_minutes: Annotated[int, whole(0, 100_000)] = 0


class ApproveAdditionalWork(Command, service="workshop", answer=WorkOrder):
    """Record the approval of additional work.

    Without a decision it is done under the standing consent (Rule W7). The promised time moves by the extra minutes.
    """

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    decision: Signing | None = None


class GetEstimate(Query, service="workshop", answer=Estimate):
    """Show an estimate version.

    The newest, if none is named.
    """

    work_order_id: Id
    estimate_version: Annotated[int | None, whole(1)] = None


class ListAuthorisations(Query, service="workshop", answer=Authorisations):
    """Show the authorisation ledger.

    Who decided on which lines, how and when, and the last one-time links that were made, newest first.
    """

    work_order_id: Id
