"""What the customer wants of an estimate, and what not (Rules W7, W8)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from chassis import Invalid, Money, Refused
from contracts.shared import DeclinedLine, PartRequest
from contracts.tax import rate_of
from contracts.workshop.events import WorkApproved, WorkDeclined, WorkWithdrawn
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.order.core_charge import with_core_charges
from services.workshop.order.line import Kind, OrderLine, State
from services.workshop.order.status import Transition
from services.workshop.order.tax import Tax, paid_by
from services.workshop.order.work_order import WorkOrder

NOTHING = timedelta()


def approve(order: WorkOrder, estimate: EstimateDocument, name: str, at: datetime) -> list[int]:
    """The customer wants what is still quoted in this version. Returns the approved lines' numbers."""
    order.require(Transition.APPROVE)
    lines = still_quoted(order, estimate)
    for line in lines:
        line.approve(at)
    wanted = {line.work for line in lines}
    for line in order.declined:
        if line.work in wanted and line.estimate_version != estimate.estimate_version:
            line.state = State.TAKEN_UP  # declined in an earlier version, and done after all
    if estimate.consents_to_other_damage and estimate.call_threshold is not None:
        order.consent_name, order.consent_minor = name, estimate.call_threshold.minor
        for line in order.lines:
            line.under_consent = False  # a new consent is whole, whatever the one before was used for
    if order.promised_at is not None:
        order.promised_at += timedelta(minutes=estimate.extra_minutes)
    order.announce(
        WorkApproved(
            work_order_id=order.id,
            appointment_id=order.appointment_id,
            approved_by=name,
            parts=_approved_parts(order),
            promised_at=order.promised_at,
        )
    )
    return [line.number for line in lines]


def approve_under_consent(order: WorkOrder, estimate: EstimateDocument, at: datetime) -> tuple[str, list[int]]:
    """Do it without a call: the customer agreed to that beforehand, up to the call threshold in all.

    Only what the customer pays counts: what others pay is none of their call. Returns who agreed, and the lines' numbers.
    """
    order.require(Transition.APPROVE)
    if order.consent_name is None:
        raise Refused("no_standing_consent")
    lines, tax = still_quoted(order, estimate), Tax(order.tax_mode, rate_of(estimate.tax_rate))
    left = order.consent_minor - sum(paid_by("customer_pay", line, tax) for line in order.lines if line.under_consent)
    if sum(paid_by("customer_pay", line, tax) for line in lines) > left:
        raise Refused("above_call_threshold", left=Money(left, order.currency).plain())
    for line in lines:
        line.under_consent = True
    return order.consent_name, approve(order, estimate, order.consent_name, at)


def decline(order: WorkOrder, line_ids: Sequence[str], reason: str, *, signed: bool) -> list[int]:
    """The customer does not want these lines; they go to CRM with the reason. Returns the lines' numbers."""
    order.require(Transition.DECLINE)
    lines = _named(order, line_ids)
    for line in lines:
        line.decline(reason, signed=signed)
    order.announce(
        WorkDeclined(
            work_order_id=order.id,
            appointment_id=order.appointment_id,
            declined=_as_declined(lines),
            not_wanted=[line.part_request() for line in order.declined if line.kind is Kind.PART],
            parts=_approved_parts(order) if any(line.approved for line in order.lines) else None,
        )
    )
    return [line.number for line in lines]


def withdraw(
    order: WorkOrder, line_ids: Sequence[str], reason: str, name: str, issued: Collection[str], *, earlier: timedelta = NOTHING
) -> list[int]:
    """The customer no longer wants these approved lines, of which nothing was done and no part is in `issued`.

    Returns the lines' numbers. The car is promised so much earlier as they took.
    """
    order.require(Transition.WITHDRAW)
    lines = _named(order, line_ids)
    for line in lines:
        if line.id in issued or (order.revision and line.kind is Kind.PART and line.on_the_car):
            raise Refused("parts_issued", line=line.number)
        line.withdraw(reason)
    if order.promised_at is not None:
        order.promised_at -= earlier
    order.announce(
        WorkWithdrawn(
            work_order_id=order.id,
            withdrawn_by=name,
            declined=_as_declined(lines),
            parts=_approved_parts(order),
            promised_at=order.promised_at,
        )
    )
    return [line.number for line in lines]


def _as_declined(lines: Sequence[OrderLine]) -> list[DeclinedLine]:
    return [line.as_declined() for line in lines if line.kind is not Kind.CORE_CHARGE]


def _named(order: WorkOrder, line_ids: Sequence[str]) -> list[OrderLine]:
    if not line_ids:
        raise Invalid.field("line_ids", "needs_a_line_id")
    return with_core_charges([order.line(line_id) for line_id in dict.fromkeys(line_ids)], order.lines)


def _approved_parts(order: WorkOrder) -> list[PartRequest]:
    return [line.part_request() for line in order.lines if line.approved and line.kind is Kind.PART]


def still_quoted(order: WorkOrder, estimate: EstimateDocument) -> list[OrderLine]:
    """What of this version waits for the customer's decision. Raises Refused when nothing does."""
    lines = quoted_in(order, estimate.estimate_version)
    if not lines:
        raise Refused("estimate_lapsed", estimate_version=estimate.estimate_version)
    return lines


def quoted_in(order: WorkOrder, version: int) -> list[OrderLine]:
    """The lines of a version that wait for the customer's decision."""
    return [line for line in order.lines if line.state is State.QUOTED and line.estimate_version == version]
