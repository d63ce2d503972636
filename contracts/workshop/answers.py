"""What workshop answers."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from marshmallow import fields, validate

from chassis.wire import Answer, Hours, Id, Money, Part, Quantity, text, whole
from contracts.shared import (
    CustomerFacts,
    DeclinedLine,
    DeliveredLine,
    LineKind,
    Name,
    Share,
    TaxMode,
    VehicleFacts,
)

WorkOrderStatus = Literal["open", "dispatched", "in_progress", "on_hold", "quality_check", "ready", "delivered", "closed", "void"]
LineState = Literal["draft", "quoted", "approved", "declined"]
HoldReason = Literal["approval", "parts", "warranty_authorisation", "sublet"]
EstimateKind = Literal["estimate", "additional_work"]
ExpectedPayment = Literal["cash", "card", "transfer", "wechat_pay", "alipay", "on_account"]
OldParts = Literal["return_to_customer", "dispose", "keep_for_claim"]
DecisionKind = Literal["approved", "declined"]
DecisionMeans = Literal["signature", "phone", "standing_consent"]


class _OperationCodeField(fields.String):
    """Fit for a path: an operation is addressed by its code."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **given,
            validate=validate.Regexp(
                r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z", error="Letters, digits, dots, hyphens and underscores, at most 40."
            ),
        )


class _CoefficientField(fields.String):
    """A decimal string, because a coefficient is a factor of money."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            **given,
            validate=validate.Regexp(
                r"^(?!0+(\.0+)?\Z)\d{1,2}(\.\d{1,3})?\Z", error="A positive decimal string below 100 with at most 3 decimals."
            ),
        )


OperationCode = Annotated[str, _OperationCodeField]
Coefficient = Annotated[str, _CoefficientField]
"""How much more a model takes than the flat rate says (车型技术复杂系数)."""


class Job(Part):
    """Why the car came in, what was found and what was done about it: complaint - cause - correction (Rule W4)."""

    number: Annotated[int, whole(1)]
    complaint: Annotated[str, text(4000)]
    cause: Annotated[str | None, text(4000)] = None
    correction: Annotated[str | None, text(4000)] = None


class WorkOrderLine(Part):
    """A line as it stands. `amount` and `shares` are there once an estimate froze them; `installed` where it was lowered."""

    line_id: Id
    number: Annotated[int, whole(1)]
    job: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    operation_code: Annotated[str | None, text(40)] = None
    hours: Hours | None = None
    part_number: Annotated[str | None, text(40)] = None
    quantity: Quantity | None = None
    installed: Quantity | None = None
    safety: bool
    state: LineState
    estimate_version: Annotated[int | None, whole(1)] = None
    amount: Money | None = None
    shares: list[Share]
    declined_reason: Annotated[str | None, text(300)] = None
    done_at: datetime | None = None


class WorkOrder(Answer):
    """A work order (任务委托书). `version` is its ETag, `revision` the number of its deliveries, `total` its approved lines."""

    id: Id
    version: Annotated[int, whole(1)]
    number: Annotated[str, text(20)]
    status: WorkOrderStatus
    visit_id: Id
    appointment_id: Id | None = None
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: Annotated[str, text(4000)]
    advisor: Annotated[str, text(64)]
    opened_at: datetime
    promised_at: datetime | None = None
    estimate_version: Annotated[int, whole(0)]
    technician: Annotated[str | None, text(64)] = None
    bay: Annotated[str | None, text(20)] = None
    hold_reason: HoldReason | None = None
    quality_passed_by: Annotated[str | None, text(64)] = None
    quality_findings: Annotated[str | None, text(1000)] = None
    rework_count: Annotated[int, whole(0)]
    mileage: Annotated[int | None, whole(0)] = None
    delivered_at: datetime | None = None
    revision: Annotated[int, whole(0)]
    total: Money
    jobs: list[Job]
    lines: list[WorkOrderLine]


class WorkOrderSummary(Part):
    """A work order as lists show it."""

    id: Id
    version: Annotated[int, whole(1)]
    number: Annotated[str, text(20)]
    status: WorkOrderStatus
    plate: Annotated[str, text(16)]
    customer_name: Name
    advisor: Annotated[str, text(64)]
    technician: Annotated[str | None, text(64)] = None
    bay: Annotated[str | None, text(20)] = None
    opened_at: datetime
    promised_at: datetime | None = None


class WorkOrders(Answer):
    """One page of work orders, newest first."""

    items: list[WorkOrderSummary]
    next_cursor: str | None = None


class QuotedLine(Part):
    """A line of an estimate at its frozen price."""

    line_id: Id
    number: Annotated[int, whole(1)]
    kind: LineKind
    description: Annotated[str, text(200)]
    operation_code: Annotated[str | None, text(40)] = None
    hours: Hours | None = None
    part_number: Annotated[str | None, text(40)] = None
    quantity: Quantity | None = None
    unit_price: Money | None = None
    safety: bool
    amount: Money
    shares: list[Share]


class Estimate(Answer):
    """One version of the estimate (估价单), or of additional work (增项), as it was put before the customer; it never changes.

    `call_threshold` is the amount up to which, if the customer `consents_to_other_damage`, further damage may be repaired
    without asking again (Rule W7).
    """

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    kind: EstimateKind
    currency: Annotated[str, text(3)]
    tax_mode: TaxMode
    lines: list[QuotedLine]
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    extra_minutes: Annotated[int, whole(0)] = 0
    promised_at: datetime | None = None
    payment_method: ExpectedPayment | None = None
    old_parts: OldParts | None = None
    free_wash: bool | None = None
    call_threshold: Money | None = None
    consents_to_other_damage: bool = False
    issued_at: datetime


class Authorisation(Part):
    """One entry of the authorisation ledger: who decided on which lines, how and when, and who wrote it down."""

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


class Authorisations(Answer):
    """The whole ledger of one work order, oldest entry first."""

    items: list[Authorisation]


class Settlement(Answer):
    """The settlement statement (结算单): a preview until the delivery, then the document that was signed (Rule L3).

    Amounts are quoted with tax when `tax_mode` is inclusive, without when it is exclusive; tax itself is billing's.
    """

    work_order_id: Id
    number: Annotated[str, text(20)]
    revision: Annotated[int, whole(1)]
    final: bool
    reversed: bool = False
    currency: Annotated[str, text(3)]
    tax_mode: TaxMode
    lines: list[DeliveredLine]
    declined: list[DeclinedLine]
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    payers: list[Share]
    mileage: Annotated[int | None, whole(0)] = None
    accepted_by: Annotated[str | None, text(120)] = None
    delivered_at: datetime | None = None
    next_service_on: date | None = None
    next_service_mileage: Annotated[int | None, whole(0)] = None
    preferred_follow_up_time: time | None = None
    preferred_phone: Annotated[str | None, text(30)] = None


class TechnicianLoad(Part):
    """What lies on one technician: orders given to them, approved hours not yet done, and the order they are clocked on to."""

    technician: Annotated[str, text(64)]
    orders: Annotated[int, whole(0)]
    hours_left: Hours
    working_on: Id | None = None


class BayLoad(Part):
    """What lies on one bay: orders sent to it, approved hours not yet done, and the order that stands in it."""

    bay: Annotated[str, text(20)]
    orders: Annotated[int, whole(0)]
    hours_left: Hours
    occupied_by: Id | None = None


class ShopLoad(Answer):
    """The shop's visible load (Rule W9): dispatched, in progress and on hold."""

    technicians: list[TechnicianLoad]
    bays: list[BayLoad]


class MenuPrice(Part):
    """A package price (套餐价) that overrides the labour price formula for one operation."""

    operation_code: OperationCode
    price: Money


class WorkshopSettings(Answer):
    """The dealer's own settings: price of an hour (None until set), call threshold, menu prices. `version` is the ETag."""

    id: Id
    version: Annotated[int, whole(1)]
    labour_rate: Money | None = None
    call_threshold: Money
    menu_prices: list[MenuPrice]


class OperationEntry(Part):
    """A catalogued job (工时项目) with its flat-rate hours (工时定额)."""

    operation_code: OperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    hours: Hours


class CoefficientEntry(Part):
    """The complexity coefficient of one model; a model without an entry has coefficient 1."""

    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    coefficient: Coefficient


class Operations(Answer):
    """One page of the group's operations."""

    items: list[OperationEntry]
    next_cursor: str | None = None


class Published(Answer):
    """How many entries the group's catalogue took over."""

    count: Annotated[int, whole(0)]
