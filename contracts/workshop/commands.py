"""What workshop can be told to do. Every command on a work order answers the order as it is afterwards."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from chassis.wire import Command, Hours, Id, Money, Part, Quantity, text, whole
from contracts.shared import Name, PartNumber, Payer, Reason
from contracts.workshop.answers import (
    CoefficientEntry,
    ExpectedPayment,
    HoldReason,
    OldParts,
    OperationCode,
    OperationEntry,
    Published,
    WorkOrder,
    WorkshopSettings,
)


class Split(Part):
    """One payer of a split line: a percentage or a fixed amount, the same kind for all payers of the line."""

    payer: Payer
    percent: Annotated[int | None, whole(1, 100)] = None
    amount: Money | None = None


class NewLine(Part):
    """What lines of every kind have. Either `payer` or `split` says who pays; `job` is the complaint the line belongs to."""

    payer: Payer | None = None
    split: list[Split] | None = None
    job: Annotated[int, whole(1, 99)] = 1
    safety: bool = False


class NewLabour(NewLine):
    """A labour line. Hours default to the operation's flat-rate hours, the description to its name."""

    operation_code: OperationCode
    hours: Hours | None = None
    description: Annotated[str | None, text(200)] = None


class NewPart(NewLine):
    """A part line. The description defaults to the part's name; the price is the list price at the estimate."""

    part_number: PartNumber
    quantity: Quantity
    description: Annotated[str | None, text(200)] = None


class NewSublet(NewLine):
    """Work done outside (外加工), at the agreed price."""

    description: Annotated[str, text(200)]
    price: Money


class Decision(Part):
    """How the customer decided: by signature, or on the phone; a call needs its time, a signature is given now."""

    means: Literal["signature", "phone"]
    name: Name
    given_at: datetime | None = None


class OpenWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Open a work order: from an appointment, whose complaint is the default, or for a walk-in with customer and vehicle."""

    appointment_id: Id | None = None
    customer_id: Id | None = None
    vehicle_id: Id | None = None
    complaint: Annotated[str | None, text(4000)] = None
    mileage: Annotated[int | None, whole(0, 9_999_999)] = None


class RecordJob(Command, service="workshop", answer=WorkOrder):
    """Write down a job's complaint, cause or correction; the next free number opens a further job. What is left out stays."""

    work_order_id: Id
    job: Annotated[int, whole(1, 99)]
    complaint: Annotated[str | None, text(4000)] = None
    cause: Annotated[str | None, text(4000)] = None
    correction: Annotated[str | None, text(4000)] = None


class AddLines(Command, service="workshop", answer=WorkOrder):
    """Add lines while the customer has approved nothing yet; afterwards it is additional work. A pending estimate lapses."""

    work_order_id: Id
    labour: list[NewLabour] | None = None
    parts: list[NewPart] | None = None
    sublet: list[NewSublet] | None = None


class RemoveLine(Command, service="workshop", answer=WorkOrder):
    """Take away a line the customer has not decided on. The estimate that quoted it lapses."""

    work_order_id: Id
    line_id: Id


class IssueEstimate(Command, service="workshop", answer=WorkOrder):
    """Put all undecided lines before the customer as the next version of the estimate: their prices are frozen (Rule W6)."""

    work_order_id: Id
    promised_at: datetime | None = None
    payment_method: ExpectedPayment
    old_parts: OldParts
    free_wash: bool
    consents_to_other_damage: bool = False


class ApproveEstimate(Command, service="workshop", answer=WorkOrder):
    """The customer approved the lines of this version that they did not decline."""

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    decision: Decision


class DeclineLines(Command, service="workshop", answer=WorkOrder):
    """The customer does not want these quoted lines; for a safety line they sign that (Rule W8)."""

    work_order_id: Id
    line_ids: list[Id]
    reason: Reason
    decision: Decision


class ProposeAdditionalWork(Command, service="workshop", answer=WorkOrder):
    """Put newly found work before the customer as an estimate version of its own, prices frozen (Rule W8)."""

    work_order_id: Id
    labour: list[NewLabour] | None = None
    parts: list[NewPart] | None = None
    sublet: list[NewSublet] | None = None
    extra_minutes: Annotated[int, whole(0, 100_000)] = 0


class ApproveAdditionalWork(Command, service="workshop", answer=WorkOrder):
    """The customer approved additional work; without a decision it is done under the standing consent (Rule W7).

    The promised time moves by the extra minutes.
    """

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    decision: Decision | None = None


class DispatchWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Give the order to a technician and a bay (派工); an order not yet begun can be given to others."""

    work_order_id: Id
    technician: Annotated[str, text(64)]
    bay: Annotated[str, text(20)]


class ClockOn(Command, service="workshop", answer=WorkOrder):
    """The calling technician starts on an approved labour line; the order takes its bay."""

    work_order_id: Id
    line_id: Id


class ClockOff(Command, service="workshop", answer=WorkOrder):
    """The calling technician stops; `done` finishes the line."""

    work_order_id: Id
    line_id: Id
    done: bool


class RecordInstalled(Command, service="workshop", answer=WorkOrder):
    """Less of a part went onto the car than was approved; the price follows the quantity. None of it drops the line."""

    work_order_id: Id
    line_id: Id
    quantity: Quantity


class HoldWorkOrder(Command, service="workshop", answer=WorkOrder):
    """Work waits: for an approval, for parts, for a warranty authorisation, for outside work. The bay is free again."""

    work_order_id: Id
    reason: HoldReason


class ResumeWorkOrder(Command, service="workshop", answer=WorkOrder):
    """What was waited for is there: the order can be worked on again."""

    work_order_id: Id


class RequestQualityCheck(Command, service="workshop", answer=WorkOrder):
    """All approved labour is done and nothing is undecided: the car goes to the final inspection. The bay is free again."""

    work_order_id: Id


class CheckQuality(Command, service="workshop", answer=WorkOrder):
    """The final inspection (质检) by the caller, who did none of the work. A failed one says what was found and what to redo."""

    work_order_id: Id
    passed: bool
    findings: Annotated[str | None, text(1000)] = None
    rework_line_ids: list[Id] | None = None


class MarkReady(Command, service="workshop", answer=WorkOrder):
    """The car passed and can be handed over: the settlement preview stands."""

    work_order_id: Id


class DeliverWorkOrder(Command, service="workshop", answer=WorkOrder):
    """The customer accepted the work at the car and signed (Rule W13). A mileage below the last known needs a reason."""

    work_order_id: Id
    mileage: Annotated[int, whole(0, 9_999_999)]
    mileage_reason: Annotated[str | None, text(300)] = None
    accepted_by: Name
    next_service_on: date | None = None
    next_service_mileage: Annotated[int | None, whole(0, 9_999_999)] = None
    preferred_follow_up_time: time | None = None
    preferred_phone: Annotated[str | None, text(30)] = None


class ReverseDelivery(Command, service="workshop", answer=WorkOrder):
    """Undo a delivery that was entered by mistake; possible until the gate pass is used (Rule W15)."""

    work_order_id: Id
    reason: Reason


class VoidWorkOrder(Command, service="workshop", answer=WorkOrder):
    """End an order on which no work was begun."""

    work_order_id: Id
    reason: Reason


class SetWorkshopSettings(Command, service="workshop", answer=WorkshopSettings):
    """Set the price of an hour (工时单价) and the amount above which the customer must be asked (Rules W5, W7)."""

    labour_rate: Money
    call_threshold: Money


class SetMenuPrice(Command, service="workshop", answer=WorkshopSettings):
    """Give one operation a package price (套餐价) that overrides the formula."""

    operation_code: OperationCode
    price: Money


class RemoveMenuPrice(Command, service="workshop", answer=WorkshopSettings):
    """Price an operation by the formula again."""

    operation_code: OperationCode


class PublishOperations(Command, service="workshop", answer=Published):
    """Add operations to the group's catalogue or change them; those not named stay."""

    operations: list[OperationEntry]


class PublishCoefficients(Command, service="workshop", answer=Published):
    """Set the complexity coefficients of models for the whole group; those not named stay."""

    coefficients: list[CoefficientEntry]
