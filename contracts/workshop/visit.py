"""What a customer sees of their order by its lasting link, without signing in: the transparent workshop 透明车间 (Rule W17)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Id, Money, Part, Quantity, Query, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.shared import LineKind, Name, Phone, Plate
from contracts.workshop.agreement import EstimateKind, ExpectedPayment, OldParts
from contracts.workshop.evidence import Sha256
from contracts.workshop.linked import LinkedPicture, VisitFinding
from contracts.workshop.progress import ReportKind, ToldHow
from contracts.workshop.promise import PromiseMoved

VisitStage = Literal[
    "received",
    "looked_at",
    "waiting_for_answer",
    "planned",
    "in_repair",
    "waiting_for_parts",
    "parts_here",
    "waiting_for_manufacturer",
    "at_specialist",
    "quality_check",
    "washing",
    "ready",
    "handed_over",
]
"""已接车, 检查中, 等待您的答复, 已排期, 维修中, 等待配件, 配件已到, 等待厂家批准, 外加工中, 质检中, 洗车中, 可以提车, 已交车."""

VisitStepName = Literal["received", "looked_at", "in_repair", "quality_check", "washing", "ready", "handed_over"]
VisitStepState = Literal["done", "now", "to_come"]
VisitUnknown = Literal["part_awaited", "not_known"]
"""等待配件, 暂无法确定: why nobody can say yet when the car is ready."""

VisitLineState = Literal["asked", "to_do", "in_work", "done", "declined"]
"""待您决定, 待做, 进行中, 已完成, 未同意."""


class VisitStep(Part):
    """One step of the way of the car, and when it was reached where that is known."""

    step: VisitStepName
    state: VisitStepState
    at: datetime | None = None


class VisitLine(Part):
    """Work or a part, how far it is, and what the customer pays of it, with tax. Who else pays how much is none of theirs."""

    line_id: Id
    number: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    quantity: Quantity | None = None
    unit: Annotated[str | None, text(10)] = None
    safety: bool
    state: VisitLineState
    you_pay: Money
    others_pay: bool


class VisitRequest(Part):
    """A version of the estimate, or additional work, that was put before the customer, with its lines as they stand now.

    `waiting_line_ids` are decided on, all of them at once: `/linked/approve` and `/linked/decline` take them with the
    `document_hash`. What is agreed with it besides the lines is of the approval, too.
    """

    estimate_version: Annotated[int, whole(1)]
    kind: EstimateKind
    issued_at: datetime
    document_hash: DocumentHash
    lines: list[VisitLine]
    waiting_line_ids: list[Id]
    you_pay: Money
    promised_at: datetime | None = None
    extra_minutes: Annotated[int, whole(0)] = 0
    payment_method: ExpectedPayment | None = None
    old_parts: OldParts | None = None
    free_wash: bool | None = None
    consents_up_to: Money | None = None


class VisitPromise(Part):
    """One time that the customer was promised, what it came with, and when and how they were told."""

    promised_at: datetime
    moved_by: PromiseMoved
    told_at: datetime
    told_how: ToldHow | None = None


class VisitReport(Part):
    """That the customer was told how it goes, and of what. What staff noted of it is theirs."""

    report_kinds: list[ReportKind]
    told_at: datetime
    told_how: ToldHow


class VisitPrice(Part):
    """What the customer pays, with tax: of what they approved, of what they are asked, and of both."""

    approved: Money
    asked: Money
    total: Money


class LinkedVisit(Answer):
    """The customer's order as it stands at `as_of`, in their words. Times are meant on the clock of `time_zone`."""

    dealer_name: Annotated[str, text(120)]
    time_zone: Annotated[str, text(64)]
    phone: Phone | None = None
    advisor_name: Name | None = None
    order_number: Annotated[str, text(20)]
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    complaint: Annotated[str, text(4000)]
    as_of: datetime
    expires_at: datetime
    stage: VisitStage
    steps: list[VisitStep]
    promised_at: datetime | None = None
    first_promised_at: datetime | None = None
    unknown_because: VisitUnknown | None = None
    promises: list[VisitPromise]
    reports: list[VisitReport]
    delivery_at: datetime | None = None
    delivery_overtaken: bool = False
    delivered_at: datetime | None = None
    taken_back_at: datetime | None = None
    requests: list[VisitRequest]
    findings: list[VisitFinding]
    pictures: list[LinkedPicture]
    price: VisitPrice


class GetLinkedVisit(Query, service="workshop", answer=LinkedVisit):
    """Show the order that the customer's link leads to.

    To whoever has its token, without signing in: where it stands, the promised times, what they were told, what was found, with
    photos, what is done and still to be done, what it costs the customer, and what waits for their decision. Nothing of other
    orders, other people, costs, or of what others pay. Refused when the link has expired, was withdrawn or replaced, or the order
    ended without work.
    """

    token_hash: Sha256
