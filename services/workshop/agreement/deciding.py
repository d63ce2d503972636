"""Recording what the customer decided; every decision is in the ledger."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from chassis import Invalid, Money, Refused, SignatureDocument, Work
from contracts.signing import Signing
from contracts.workshop.agreement import (
    ApproveAdditionalWork,
    ApproveEstimate,
    ChangePayer,
    CorrectSubletPrice,
    DecisionKind,
    DeclineLines,
    EstimateKind,
    WithdrawApproval,
)
from services.workshop.agreement import paying
from services.workshop.agreement.approval import approve, approve_under_consent, decline, withdraw
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.agreement.decision_document import decision_document
from services.workshop.agreement.estimate import Estimate
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.order.agreed_amounts import require_amounts_make_the_price
from services.workshop.order.comeback import require_internal
from services.workshop.order.job import require_covered
from services.workshop.order.moment import require_past
from services.workshop.order.new_line import minor_units, payers
from services.workshop.order.offering import watch_stay
from services.workshop.order.progress_report import end_reports
from services.workshop.order.promised import learn_promise, was_revised
from services.workshop.order.wash import want_wash
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.slip import issued_lines
from services.workshop.promise.promising import put_forward, spared, withdraw_minutes


def approve_estimate(work: Work, command: ApproveEstimate) -> WorkOrder:
    """Record the approval: from now on parts are reserved and work may begin."""
    order = work.edit(WorkOrder, command.work_order_id)
    enter_approval(work, order, _issued(work, order, command.estimate_version, "estimate"), command.decision)
    return order


def approve_additional_work(work: Work, command: ApproveAdditionalWork) -> WorkOrder:
    """Record the approval, or that the standing consent covers it; the ledger keeps which of the two it was."""
    order = work.edit(WorkOrder, command.work_order_id)
    estimate = _issued(work, order, command.estimate_version, "additional_work")
    if command.decision is None:
        name, numbers = approve_under_consent(order, estimate, work.now)
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
        watch_stay(work, order)
        put_forward(work, order, "additional_work", told=False)
    else:
        enter_approval(work, order, estimate, command.decision)
    return order


def decline_lines(work: Work, command: DeclineLines) -> WorkOrder:
    """Record what the customer does not want; the reason is kept and goes to crm at delivery."""
    order = work.edit(WorkOrder, command.work_order_id)
    numbers = decline(order, command.line_ids, command.reason, signed=command.decision.means != "phone")
    learn_promise(work, order)
    end_reports(work, order, "estimate_changed")
    enter(work, order, "declined", numbers, command.decision, reason=command.reason, asked_at=_asked_at(work, order, numbers))
    return order


def enter_approval(
    work: Work, order: WorkOrder, estimate: EstimateDocument, decision: Signing, *, field: str = "decision", by_link: bool = False
) -> Authorisation:
    """The customer approves what is still quoted in this version, at the desk or by a link: the effects are the same."""
    numbers = approve(order, estimate, decision.name, decision.given_at or work.now)
    watch_stay(work, order)
    want_wash(work, order, estimate.free_wash)
    put_forward(work, order, estimate.kind)
    return enter(
        work, order, "approved", numbers, decision, field=field, estimate=estimate, asked_at=estimate.issued_at, by_link=by_link
    )


def withdraw_approval(work: Work, command: WithdrawApproval) -> WorkOrder:
    """Record it with the customer's signature; what was reserved for these lines is free."""
    order = work.edit(WorkOrder, command.work_order_id)
    minutes = _taken_along(work, order, command.line_ids)
    earlier = timedelta() if was_revised(work, order) else spared(order, minutes, work.now)
    issued = issued_lines(work, order.id)
    numbers = withdraw(order, command.line_ids, command.reason, command.signature.name, issued, earlier=earlier)
    enter(work, order, "withdrawn", numbers, command.signature, field="signature", reason=command.reason)
    if minutes:
        withdraw_minutes(work, order, minutes, earlier)
    return order


def _taken_along(work: Work, order: WorkOrder, line_ids: Collection[str]) -> timedelta:
    """What the promise was moved by for additional work of which nothing is left."""
    gone = {line.estimate_version for line in order.lines if line.approved and line.id in line_ids}
    gone -= {line.estimate_version for line in order.lines if line.approved and line.id not in line_ids and not line.core_of}
    versions = sorted(version for version in gone if version is not None)
    return timedelta(minutes=sum(issued_estimate(work, order, version).extra_minutes for version in versions))


def change_payer(work: Work, command: ChangePayer) -> WorkOrder:
    """Record who pays from now on, and by whose authority."""
    order = work.edit(WorkOrder, command.work_order_id)
    agreed = payers(command, "", order.currency)
    if command.decision is None and command.authorised_by is None:
        raise Invalid.field("authorised_by", "needs_an_authorisation")
    line = paying.change_payer(order, command.line_id, agreed, decided=command.decision is not None)
    if line.undecided:
        require_amounts_make_the_price(work, order, {"split": line})
    require_internal(order, line)
    require_covered(order.jobs, [line])
    decision = command.decision or command.authorised_by or work.actor
    enter(work, order, "payer_changed", [line.number], decision, reason=command.reason)
    watch_stay(work, order)
    return order


def correct_sublet_price(work: Work, command: CorrectSubletPrice) -> WorkOrder:
    """Record what outside work costs after all."""
    order = work.edit(WorkOrder, command.work_order_id)
    price = Money(minor_units(command.price, "price", order.currency), order.currency)
    agreed = None if command.payer is None and command.split is None else payers(command, "", order.currency)
    line = paying.correct_price(order, command.line_id, price, agreed, decided=command.decision is not None)
    if line.undecided:
        require_amounts_make_the_price(work, order, {"split": line})
    enter(work, order, "price_corrected", [line.number], command.decision or work.actor, reason=command.reason)
    return order


def issued_estimate(work: Work, order: WorkOrder, version: int) -> EstimateDocument:
    """That version as it was put before the customer. Raises Invalid when there is none."""
    estimate = work.find(Estimate, Estimate.identity(order.id, version))
    if estimate is None:
        raise Invalid.field("estimate_version", "nothing_has_it")
    return estimate.document


def _issued(work: Work, order: WorkOrder, version: int, kind: EstimateKind) -> EstimateDocument:
    estimate = issued_estimate(work, order, version)
    if estimate.kind != kind:
        raise Refused("other_kind_of_estimate", estimate_version=version, kind=estimate.kind)
    return estimate


def _asked_at(work: Work, order: WorkOrder, numbers: list[int]) -> datetime | None:
    """When the last of these lines was put before the customer."""
    versions = {line.estimate_version for line in order.lines if line.number in numbers and line.estimate_version is not None}
    asked = [work.get(Estimate, Estimate.identity(order.id, version)).document.issued_at for version in versions]
    return max(asked, default=None)


BESIDE = ("payer_changed", "price_corrected")
"""Decisions that are on no estimate: what was put before the customer last is told beside them."""


def enter(
    work: Work,
    order: WorkOrder,
    kind: DecisionKind,
    numbers: list[int],
    decision: Signing | str,
    *,
    field: str = "decision",
    estimate: EstimateDocument | None = None,
    reason: str | None = None,
    asked_at: datetime | None = None,
    by_link: bool = False,
) -> Authorisation:
    """The customer's decision, on the estimate that was approved or else was last before them; or the name of somebody else who
    authorised it.

    Nobody decides before they are asked, at the earliest when the order was opened.
    """
    if not by_link:
        order.see_answer()
    version = estimate.estimate_version if estimate else None
    entry: dict[str, Any] = {"decision": kind, "line_numbers": numbers, "estimate_version": version, "reason": reason}
    if isinstance(decision, str):
        return _write(work, order, means="authorisation", name=decision, given_at=work.now, **entry)
    given_at = decision.given_at or work.now
    seen = estimate or _newest(work, order)
    document = decision_document(
        order,
        kind,
        numbers,
        estimate_version=seen.estimate_version if seen else None,
        estimate_hash=seen.fingerprint if seen else None,
        reason=reason,
    )
    signature = SignatureDocument.sign(
        work,
        decision,
        document,
        field=field,
        shown=document.estimate_hash,
        here=by_link or kind == "withdrawn",
        by_link=by_link,
        seen=kind not in BESIDE,
        at=given_at,
    )
    require_past(work, f"{field}.given_at", given_at, since=asked_at or order.opened_at)
    who = {"means": signature.means, "name": decision.name, "given_at": given_at}
    return _write(work, order, **entry, **who, signature=signature, document=document)


def _newest(work: Work, order: WorkOrder) -> EstimateDocument | None:
    if not order.estimate_version:
        return None
    return work.get(Estimate, Estimate.identity(order.id, order.estimate_version)).document


def _write(work: Work, order: WorkOrder, **entry: Any) -> Authorisation:
    written = Authorisation(work_order_id=order.id, recorded_by=work.actor, recorded_at=work.now, **entry)
    work.add(written)
    return written
