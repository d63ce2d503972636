"""The work order itself: its status, its jobs, its lines and parts."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Hours, Id, Money, Part, Quantity, Query, text, whole
from contracts.shared import (
    WHOLE_LINE,
    Amount,
    Bay,
    CustomerFacts,
    LineKind,
    Login,
    Name,
    OperationCode,
    PartNumber,
    Party,
    Payer,
    PayerParty,
    Price,
    Reason,
    Reference,
    Share,
    SoldHours,
    VehicleFacts,
)
from contracts.workshop.comeback import Comeback, Priority, TestDriveOutcome
from contracts.workshop.damage import CarAcceptance, Damage, Panel
from contracts.workshop.isolation import HighVoltage
from contracts.workshop.readiness import PreDeliveryCheck, Recommendation, Reversal

WorkOrderStatus = Literal["open", "dispatched", "in_progress", "on_hold", "quality_check", "ready", "delivered", "closed", "void"]
LineState = Literal["draft", "quoted", "approved", "declined", "taken_up"]
"""`taken_up`: it was declined, and another line with the same work was approved after all."""

Coverage = Literal["covered", "not_covered", "undetermined"]  # 在保, 不在保, 待判定
HoldReason = Literal["approval", "parts", "warranty_authorisation", "sublet"]


class Job(Part):
    """Why the car came in, what was found and what was done about it: complaint - cause - correction (Rule W4).

    Whether the fault showed itself, and who covers it (Rule W25). `payer_to_change`: lines that warranty would pay and must not.
    """

    number: Annotated[int, whole(1)]
    complaint: Annotated[str, text(4000)]
    cause: Annotated[str | None, text(4000)] = None
    correction: Annotated[str | None, text(4000)] = None
    reproduced: bool | None = None
    coverage: Coverage | None = None
    customer_told_at: datetime | None = None
    payer_to_change: list[int]


class Split(Part):
    """One payer of a split line: basis points (3333 is 33.33 %) or a fixed amount, the same kind for all payers of the line.

    Fixed amounts make the line's price exactly; they are never scaled.
    """

    payer: Payer
    basis_points: Annotated[int | None, whole(1, WHOLE_LINE)] = None
    amount: Price | None = None


class WorkOrderLine(Part):
    """A line as it stands. `payers` is what was agreed; `amount` and `shares` are there once an estimate froze them.

    `installed` is there where it was lowered. What the catalogue calls it is `name_zh` and `name_en`; what was typed has neither.
    """

    line_id: Id
    number: Annotated[int, whole(1)]
    job: Annotated[int, whole(1)]
    kind: LineKind
    core_of: Id | None = None
    description: Annotated[str, text(200)]
    name_zh: Annotated[str | None, text(120)] = None
    name_en: Annotated[str | None, text(120)] = None
    operation_code: OperationCode | None = None
    technician: Login | None = None
    hours: Hours | None = None
    part_number: PartNumber | None = None
    quantity: Quantity | None = None
    unit: Annotated[str | None, text(10)] = None
    installed: Quantity | None = None
    returned: Quantity | None = None
    panel: Panel | None = None
    area_dm2: Annotated[int | None, whole(1)] = None
    instruction_version: Annotated[int | None, whole(1)] = None
    safety: bool
    high_voltage: bool = False
    state: LineState
    estimate_version: Annotated[int | None, whole(1)] = None
    payers: list[Split]
    amount: Money | None = None
    shares: list[Share]
    declined_reason: Annotated[str | None, text(300)] = None
    done_at: datetime | None = None


class StandingConsent(Part):
    """The customer wants to be spared a call for further damage, up to this amount in all (Rule W7)."""

    name: Name
    limit: Money


class WorkOrder(Answer):
    """A work order (任务委托书). `version` is its ETag, `revision` the number of its deliveries, `total` its approved lines."""

    id: Id
    version: Annotated[int, whole(1)]
    updated_at: datetime
    number: Annotated[str, text(20)]
    status: WorkOrderStatus
    visit_id: Id
    appointment_id: Id | None = None
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: Annotated[str, text(4000)]
    advisor: Login
    opened_at: datetime
    promised_at: datetime | None = None
    estimate_version: Annotated[int, whole(0)]
    technician: Login | None = None
    team_name: Annotated[str | None, text(60)] = None
    bay: Bay | None = None
    hold_reason: HoldReason | None = None
    team_checked_by: Login | None = None
    quality_passed_by: Annotated[str | None, text(64)] = None
    quality_findings: Annotated[str | None, text(1000)] = None
    rework_count: Annotated[int, whole(0)]
    opening_mileage: Annotated[int | None, whole(0)] = None
    mileage: Annotated[int | None, whole(0)] = None
    delivered_at: datetime | None = None
    delivery_at: datetime | None = None
    revision: Annotated[int, whole(0)]
    reversal: Reversal | None = None
    standing_consent: StandingConsent | None = None
    total: Money
    quoted: Money
    payer_parties: list[PayerParty]
    walk_around_version: Annotated[int, whole(0)]
    priority: Priority
    comeback: Comeback | None = None
    acceptance: CarAcceptance | None = None
    to_compare: list[Panel]
    new_damages: list[Damage]
    recommendations: list[Recommendation]
    pre_delivery: PreDeliveryCheck | None = None
    test_drive: TestDriveOutcome | None = None
    answered_at: datetime | None = None
    high_voltage: HighVoltage | None = None
    jobs: list[Job]
    lines: list[WorkOrderLine]


class Paying(Part):
    """Who pays a line: either one `payer`, or several in a `split`."""

    payer: Payer | None = None
    split: list[Split] | None = None


class NewLine(Paying):
    """What lines of every kind have; `job` is the complaint the line belongs to.

    What is a comeback is paid internally, unless that is overruled: there the payer may be left out (Rule W2).
    """

    job: Annotated[int, whole(1, 99)] = 1
    safety: bool = False


class NewLabour(NewLine):
    """A labour line. Hours default to the operation's flat-rate hours, the description to its name.

    Painting (喷漆) names the panel and its area, other work neither (Rule W27).
    """

    operation_code: OperationCode
    hours: SoldHours | None = None
    description: Annotated[str | None, text(200)] = None
    panel: Panel | None = None
    area_dm2: Annotated[int | None, whole(1, 10_000)] = None


class NewPart(NewLine):
    """A part line. The description defaults to the part's name; the price is the list price at the estimate."""

    part_number: PartNumber
    quantity: Amount
    description: Annotated[str | None, text(200)] = None


class NewSublet(NewLine):
    """Work done outside (外加工), at the agreed price."""

    description: Annotated[str, text(200)]
    price: Price


class NewLines(Part):
    """Lines to be added to an order: at least one, of any kind."""

    labour: list[NewLabour] | None = None
    parts: list[NewPart] | None = None
    sublet: list[NewSublet] | None = None


class RecordJob(Command, service="workshop", answer=WorkOrder):
    """Record complaint, cause and correction.

    The next free number opens a further job; what is left out stays. Also whether the fault was reproduced, and whether it is
    covered, which the customer is told (Rule W25): while that is undetermined, no line of the job is paid by warranty.
    """

    work_order_id: Id
    job: Annotated[int, whole(1, 99)]
    complaint: Annotated[str | None, text(4000)] = None
    cause: Annotated[str | None, text(4000)] = None
    correction: Annotated[str | None, text(4000)] = None
    reproduced: bool | None = None
    coverage: Coverage | None = None
    customer_told: bool = False


class AddLines(Command, NewLines, service="workshop", answer=WorkOrder):
    """Add lines.

    Only while the customer has approved nothing yet; afterwards it is additional work. A pending estimate lapses.
    """

    work_order_id: Id


class RemoveLine(Command, service="workshop", answer=WorkOrder):
    """Remove an undecided line.

    The estimate that quoted it lapses.
    """

    work_order_id: Id
    line_id: Id


class NamePayer(Command, service="workshop", answer=WorkOrder):
    """Name the party behind a payer.

    To whom this payer's invoice of the order is made out (insurer, manufacturer, a company that pays for its driver), with the
    number of their claim. A payer that is not named is the customer, or the party of the dealer's billing settings.
    """

    work_order_id: Id
    payer: Payer
    party: Party
    claim_number: Reference | None = None


class UnnamePayer(Command, service="workshop", answer=WorkOrder):
    """Take back the party behind a payer.

    Its invoice is made out to the customer, or to the party of the dealer's billing settings.
    """

    work_order_id: Id
    payer: Payer


class VoidWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Void a work order.

    End an order on which nothing was done, dispatched or not; bay and reserved parts are free, issued ones come back. Its
    appointment may open another order. What the customer left is given back first (Rule W24).
    """

    work_order_id: Id
    reason: Reason


class OverruleComeback(Command, service="workshop", answer=WorkOrder):
    """Overrule a comeback.

    It is another fault after all: the order loses its priority, and its work may be paid by whoever ought to. What is on the
    order keeps its payer until that is changed.
    """

    work_order_id: Id
    reason: Reason


class GetWorkOrder(Query, service="workshop", answer=WorkOrder):
    """Show a work order.

    With its lines and jobs.
    """

    work_order_id: Id
