"""What advisor and customer agree on: jobs, lines, estimates, decisions; every decision is in the ledger (Rules W4 to W8)."""

from collections.abc import Sequence
from typing import Any

from chassis import Invalid, NotFound, Refused, Work
from contracts.workshop import agreement
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    Decision,
    DecisionKind,
    DeclineLines,
    EstimateKind,
    IssueEstimate,
    ProposeAdditionalWork,
)
from contracts.workshop.order import AddLines, RecordJob, RemoveLine
from services.workshop.domain.catalogue import coefficient
from services.workshop.domain.estimates import Authorisation, Estimate, Terms
from services.workshop.domain.lines import OrderLine
from services.workshop.domain.new_lines import new_lines
from services.workshop.domain.orders import WorkOrder
from services.workshop.domain.price_list import price_list
from services.workshop.domain.pricing import PriceBook
from services.workshop.domain.settings import WorkshopSettings


def record_job(work: Work, command: RecordJob) -> WorkOrder:
    """Write down complaint, cause or correction of a job."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.record_job(command.job, complaint=command.complaint, cause=command.cause, correction=command.correction)
    return order


def add_lines(work: Work, command: AddLines) -> WorkOrder:
    """Add lines that the customer has yet to see."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.add_lines(new_lines(work, order, command))
    return order


def remove_line(work: Work, command: RemoveLine) -> WorkOrder:
    """Take away an undecided line."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.remove_line(command.line_id)
    return order


def issue_estimate(work: Work, command: IssueEstimate) -> WorkOrder:
    """Put the undecided lines before the customer as a new version."""
    order = work.edit(WorkOrder, command.work_order_id)
    if command.promised_at is not None and command.promised_at <= work.now:
        raise Invalid.fields({"promised_at": ["Must be in the future."]})
    settings = work.settings(WorkshopSettings)
    terms = Terms(
        promised_at=command.promised_at,
        payment_method=command.payment_method,
        old_parts=command.old_parts,
        free_wash=command.free_wash,
        consents_to_other_damage=command.consents_to_other_damage,
        call_threshold=settings.call_threshold,
    )
    work.add(order.issue_estimate(_prices(work, order, settings, order.lines), terms, work.now))
    return order


def propose_additional_work(work: Work, command: ProposeAdditionalWork) -> WorkOrder:
    """Put newly found work before the customer as a version of its own."""
    order = work.edit(WorkOrder, command.work_order_id)
    settings = work.settings(WorkshopSettings)
    lines = new_lines(work, order, command)
    prices = _prices(work, order, settings, lines)
    work.add(order.propose_additional_work(lines, prices, Terms(extra_minutes=command.extra_minutes), work.now))
    return order


def approve_estimate(work: Work, command: ApproveEstimate) -> WorkOrder:
    """Record the customer's approval of an estimate."""
    order = work.edit(WorkOrder, command.work_order_id)
    estimate = _issued(work, order, command.estimate_version, "estimate")
    numbers = order.approve(estimate, command.decision.name)
    _enter(work, order, "approved", numbers, command.decision, version=command.estimate_version)
    return order


def approve_additional_work(work: Work, command: ApproveAdditionalWork) -> WorkOrder:
    """Record the customer's approval of additional work, or that it is done under their standing consent."""
    order = work.edit(WorkOrder, command.work_order_id)
    estimate = _issued(work, order, command.estimate_version, "additional_work")
    if command.decision is None:
        name, numbers = order.approve_under_consent(estimate)
        _write(
            work,
            order,
            decision="approved",
            line_numbers=numbers,
            means="standing_consent",
            name=name,
            given_at=work.now,
            estimate_version=command.estimate_version,
        )
    else:
        numbers = order.approve(estimate, command.decision.name)
        _enter(work, order, "approved", numbers, command.decision, version=command.estimate_version)
    return order


def decline_lines(work: Work, command: DeclineLines) -> WorkOrder:
    """Record what the customer does not want, and why."""
    order = work.edit(WorkOrder, command.work_order_id)
    numbers = order.decline(command.line_ids, command.reason, signed=command.decision.means == "signature")
    _enter(work, order, "declined", numbers, command.decision, reason=command.reason)
    return order


def _prices(work: Work, order: WorkOrder, settings: WorkshopSettings, lines: Sequence[OrderLine]) -> PriceBook:
    return PriceBook(
        currency=order.currency,
        labour_rate=settings.labour_rate,
        menu_prices=settings.menu_prices,
        coefficient=coefficient(work, order.vehicle["make"], order.vehicle["model"]),
        parts=price_list(work, {line.part_number for line in lines if line.part_number is not None and line.undecided}),
    )


def _issued(work: Work, order: WorkOrder, version: int, kind: EstimateKind) -> agreement.Estimate:
    estimate = work.find(Estimate, Estimate.identity(order.id, version))
    if estimate is None:
        raise NotFound("not_found", kind="estimate", id=str(version))
    if estimate.kind != kind:
        raise Refused("other_kind_of_estimate", estimate_version=version, kind=estimate.kind)
    return estimate.content


def _enter(
    work: Work,
    order: WorkOrder,
    kind: DecisionKind,
    numbers: list[int],
    decision: Decision,
    *,
    version: int | None = None,
    reason: str | None = None,
) -> None:
    if decision.means == "phone" and decision.given_at is None:
        raise Invalid.fields({"decision.given_at": ["A decision on the phone needs its time."]})
    given_at = decision.given_at or work.now
    if given_at > work.now:
        raise Invalid.fields({"decision.given_at": ["Must not be in the future."]})
    _write(
        work,
        order,
        decision=kind,
        line_numbers=numbers,
        means=decision.means,
        name=decision.name,
        given_at=given_at,
        estimate_version=version,
        reason=reason,
    )


def _write(work: Work, order: WorkOrder, **entry: Any) -> None:
    work.add(Authorisation(work_order_id=order.id, recorded_by=work.actor, recorded_at=work.now, **entry))
