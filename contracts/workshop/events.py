"""What workshop announces: the life of a work order. `visit` facts travel in the envelope's correlation id."""

from datetime import date, datetime, time
from typing import Annotated

from chassis.wire import Event, Id, Money, Part, Quantity, text, whole
from contracts.shared import (
    Bay,
    CustomerFacts,
    DeclinedLine,
    DeliveredLine,
    Login,
    NextAppointment,
    OperationCode,
    PartRequest,
    PayerParty,
    Phone,
    Reason,
    TaxMode,
    VehicleFacts,
)
from contracts.tax import Percent
from contracts.workshop.comeback import ComebackCause
from contracts.workshop.core_charge import CoreCredit
from contracts.workshop.damage import Damage
from contracts.workshop.evidence import AttachmentKind, FileType, Sha256
from contracts.workshop.order import HoldReason


class WorkOrderEvent(Event):
    """Something happened to a work order."""

    work_order_id: Id


class WorkOrderOpened(
    WorkOrderEvent,
    type="workshop.work_order.opened",
    subscribers=(
        "billing.open_account",
        "booking.fulfil_appointment",
        "booking.record_order",
        "parts.follow_work_order",
        "crm.record_mileage",
    ),
):
    """A work order (任务委托书) was opened from an appointment or for a walk-in."""

    number: Annotated[str, text(20)]
    appointment_id: Id | None = None
    customer: CustomerFacts
    vehicle: VehicleFacts
    complaint: Annotated[str, text(4000)]
    mileage: Annotated[int | None, whole(0)] = None
    mileage_reason: Reason | None = None


class EstimateIssued(WorkOrderEvent, type="workshop.work_order.estimate_issued"):
    """An estimate (估价) was put before the customer; its prices are frozen."""

    estimate_version: Annotated[int, whole(1)]
    labour: Money
    parts: Money
    sublet: Money
    total: Money
    promised_at: datetime | None = None


class WorkApproved(WorkOrderEvent, type="workshop.work_order.work_approved", subscribers=("parts.follow_work_order",)):
    """The customer approved an estimate or additional work. `parts` are ALL approved part lines of the order as they are now."""

    appointment_id: Id | None = None
    approved_by: Annotated[str, text(120)]
    parts: list[PartRequest]
    promised_at: datetime | None = None


class AdditionalWorkProposed(WorkOrderEvent, type="workshop.work_order.additional_work_proposed"):
    """Additional work (增项) was found; it waits for the customer's approval."""

    lines: list[Id]
    amount: Money
    extra_minutes: Annotated[int, whole(0)]


class WorkDeclined(WorkOrderEvent, type="workshop.work_order.work_declined", subscribers=("parts.follow_work_order",)):
    """The customer did not want some lines.

    `not_wanted` are ALL part lines of the order that are declined by now; `parts` ALL that are approved, null while no line is.
    """

    appointment_id: Id | None = None
    declined: list[DeclinedLine]
    not_wanted: list[PartRequest]
    parts: list[PartRequest] | None = None


class WorkWithdrawn(WorkOrderEvent, type="workshop.work_order.work_withdrawn", subscribers=("parts.follow_work_order",)):
    """The customer no longer wants some approved lines. `parts` are ALL part lines that are still approved."""

    withdrawn_by: Annotated[str, text(120)]
    declined: list[DeclinedLine]
    parts: list[PartRequest]
    promised_at: datetime | None = None


class WorkOrderDispatched(WorkOrderEvent, type="workshop.work_order.dispatched"):
    """The work was given to a technician and a bay (派工); to a team, if it is named, whose leader the technician is."""

    technician: Login
    bay: Bay
    team_id: Id | None = None


class CarAccepted(WorkOrderEvent, type="workshop.work_order.car_accepted"):
    """The team took the car over for work, as the walk-around has it or with what it does not have (Rule W24)."""

    accepted_by: Login
    accepted_at: datetime
    new_damages: list[Damage]


class WorkStarted(WorkOrderEvent, type="workshop.work_order.work_started"):
    """A technician clocked on to a line. The subject is this clocking, not the order: several can run at once."""

    line_id: Id
    technician: Login
    started_at: datetime


class WorkStopped(WorkOrderEvent, type="workshop.work_order.work_stopped"):
    """A technician clocked off a line; `done` when the line is finished. The subject is the clocking that WorkStarted began.

    A `forgotten` one was ended by the end of the shift; when it really ended is another one of the same subject, which counts.
    """

    line_id: Id
    technician: Login
    done: bool
    stopped_at: datetime
    worked_minutes: Annotated[int, whole(0)]
    stopped_by: Login | None = None
    reason: Reason | None = None
    forgotten: bool = False


class WorkOrderHeld(WorkOrderEvent, type="workshop.work_order.held"):
    """Work waits for something; the bay is free for others."""

    hold_reason: HoldReason


class WorkOrderResumed(WorkOrderEvent, type="workshop.work_order.resumed"):
    """What the work was waiting for is there."""


class QualityCheckRequested(WorkOrderEvent, type="workshop.work_order.quality_check_requested"):
    """All work is done: the car waits for its final inspection (质检), and its bay is free for others."""


class QualityChecked(WorkOrderEvent, type="workshop.work_order.quality_checked"):
    """The final inspection (质检) was done by someone who did not do the work."""

    passed: bool
    inspector: Annotated[str, text(64)]
    findings: Annotated[str | None, text(1000)] = None
    rework_cause: ComebackCause | None = None
    new_damages: list[Damage] | None = None


class WorkOrderReturned(WorkOrderEvent, type="workshop.work_order.returned_to_work", subscribers=("billing.follow_readiness",)):
    """A car that was in inspection or ready is worked on again; it is inspected anew. `lines` are to be redone."""

    reason: Reason
    lines: list[Id]


class WorkOrderReady(WorkOrderEvent, type="workshop.work_order.ready", subscribers=("billing.follow_readiness",)):
    """The car is ready for delivery; the settlement preview can be shown."""

    revision: Annotated[int, whole(1)]
    total: Money


class WorkOrderDelivered(
    WorkOrderEvent,
    type="workshop.work_order.delivered",
    subscribers=("billing.issue_invoices", "parts.deduct_stock", "crm.schedule_follow_up"),
):
    """The customer accepted the work at the car and signed the settlement: authority to bill, deduct and follow up.

    `lines` are the approved and installed lines; each payer's share of each is taxed by itself, at `tax_rate`. `revision` counts
    the deliveries of this order (Rule W15). `payer_parties` name who stands behind a payer on this order; of a payer that is not
    among them billing takes the dealer's own setting.
    """

    number: Annotated[str, text(20)]
    revision: Annotated[int, whole(1)]
    customer: CustomerFacts
    vehicle: VehicleFacts
    mileage: Annotated[int, whole(0)]
    currency: Annotated[str, text(3)]
    tax_mode: TaxMode
    tax_rate: Percent
    lines: list[DeliveredLine]
    declined: list[DeclinedLine]
    advisor: Login
    accepted_by: Annotated[str, text(120)]
    delivered_at: datetime
    next_service_on: date | None = None
    next_service_mileage: Annotated[int | None, whole(0)] = None
    preferred_follow_up_time: time | None = None
    preferred_phone: Phone | None = None
    next_appointment: NextAppointment | None = None
    payer_parties: list[PayerParty] | None = None


class OldPartReceived(WorkOrderEvent, type="workshop.work_order.old_part_received", subscribers=("billing.credit_core_charge",)):
    """Old parts came back after the delivery: authority to credit the core charge that `line_number` billed (Rule P1).

    `returned` are all that came back for the line, `quantity` of them now.
    """

    revision: Annotated[int, whole(1)]
    line_id: Id
    line_number: Annotated[int, whole(1)]
    quantity: Quantity
    returned: Quantity
    credits: list[CoreCredit]


class ReversalRequested(WorkOrderEvent, type="workshop.work_order.reversal_requested", subscribers=("billing.decide_reversal",)):
    """A delivery was entered by mistake and is to be undone, if its gate pass is not used yet: billing decides (Rule W15)."""

    revision: Annotated[int, whole(1)]
    reason: Reason


class DeliveryReversed(
    WorkOrderEvent,
    type="workshop.work_order.delivery_reversed",
    subscribers=("parts.undo_deduction", "crm.cancel_follow_up"),
):
    """A delivery entered by mistake was undone, as billing confirmed; `revision` is the one that no longer counts (Rule W15)."""

    revision: Annotated[int, whole(1)]
    reason: Reason


class WorkOrderClosed(WorkOrderEvent, type="workshop.work_order.closed", subscribers=("booking.end_order",)):
    """The gate pass was used and every share settled."""


class WorkOrderVoided(
    WorkOrderEvent,
    type="workshop.work_order.voided",
    subscribers=(
        "booking.reopen_appointment",
        "booking.end_order",
        "parts.follow_work_order",
        "billing.look_after_deposit",
        "crm.forget_mileage",
    ),
):
    """The order ended without work; what was reserved for it is free again, and what its odometer showed counts no more."""

    appointment_id: Id | None = None
    reason: Reason
    mileage: Annotated[int | None, whole(0)] = None


class AttachmentAdded(WorkOrderEvent, type="workshop.attachment.added"):
    """A photo, video or paper was attached to an order as evidence (Rule W31)."""

    attachment_id: Id
    kind: AttachmentKind
    content_type: FileType
    sha256: Sha256


class PublishedOperation(Part):
    """An operation of the group's catalogue, and the kind of work it is."""

    operation_code: OperationCode
    operation_group: OperationCode | None = None


class AnswerSeen(WorkOrderEvent, type="workshop.work_order.answer_seen"):
    """Somebody of the staff knows what the customer decided by a one-time link."""


class OperationsPublished(Event, type="workshop.operations.published", subscribers=("booking.record_operations",)):
    """At most 500 operations of the group's catalogue were added or changed; none is ever taken away. It is of no dealer."""

    operations: list[PublishedOperation]
