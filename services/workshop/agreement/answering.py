"""Deciding by a one-time link, without signing in (Rule W8)."""

from chassis import PreconditionFailed, Work
from contracts.workshop.linked import ApproveByLink, DeclineByLink, LinkedDecision, LinkReceipt
from services.workshop.agreement.approval import decline
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.agreement.deciding import enter, enter_approval, issued_estimate
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.agreement.signing_link import SigningLink, asked_by, link_of
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.progress_report import end_reports
from services.workshop.order.work_order import WorkOrder


def approve_by_link(work: Work, command: ApproveByLink) -> LinkReceipt:
    """The customer wants what they saw waiting: work may begin on it, and its parts are reserved."""
    link, order, estimate, _ = _opened(work, command)
    entry = enter_approval(work, order, estimate, command.signature, field="signature", by_link=True)
    return _used(work, order, link, entry)


def decline_by_link(work: Work, command: DeclineByLink) -> LinkReceipt:
    """The customer wants nothing of it; the reason is kept and goes to crm at delivery."""
    link, order, estimate, lines = _opened(work, command)
    line_ids = [line.id for line in lines if line.kind is not Kind.CORE_CHARGE]  # which goes with its part
    numbers = decline(order, line_ids, command.reason, signed=True)
    end_reports(work, order, "estimate_changed")
    entry = enter(
        work,
        order,
        "declined",
        numbers,
        command.signature,
        field="signature",
        estimate=estimate,
        reason=command.reason,
        by_link=True,
    )
    return _used(work, order, link, entry)


def _opened(work: Work, command: LinkedDecision) -> tuple[SigningLink, WorkOrder, EstimateDocument, list[OrderLine]]:
    """What is decided on. Of several who decide at once one does: the order is locked before the link is looked at."""
    found = link_of(work, command.token_hash)
    order = work.edit(WorkOrder, found.work_order_id)
    link = work.edit(SigningLink, found.id)
    estimate = issued_estimate(work, order, link.document_version)
    lines = asked_by(link, order, estimate, work.now)
    if {line.id for line in lines} != set(command.line_ids):
        raise PreconditionFailed("document_changed")  # something of it was decided since it was shown
    return link, order, estimate, lines


def _used(work: Work, order: WorkOrder, link: SigningLink, entry: Authorisation) -> LinkReceipt:
    order.answered_at = work.now
    link.use(entry.id, at=work.now)
    return entry.receipt()
