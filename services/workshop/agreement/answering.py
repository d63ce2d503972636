"""Deciding by a link, without signing in: by a one-time one (Rule W8), or by the customer's to their order (Rule W17)."""

from chassis import Invalid, PreconditionFailed, Work
from contracts.workshop.linked import ApproveByLink, DeclineByLink, LinkedDecision, LinkReceipt
from services.workshop.agreement.approval import decline, still_quoted
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.agreement.deciding import enter, enter_approval, issued_estimate
from services.workshop.agreement.estimate import estimates_of
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.agreement.link import Link
from services.workshop.agreement.signing_link import SigningLink, asked_by
from services.workshop.agreement.visit_link import VisitLink
from services.workshop.order.line import Kind, OrderLine
from services.workshop.order.progress_report import end_reports
from services.workshop.order.promised import learn_promise
from services.workshop.order.status import Transition
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
    learn_promise(work, order)
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


def _opened(work: Work, command: LinkedDecision) -> tuple[Link, WorkOrder, EstimateDocument, list[OrderLine]]:
    """What is decided on. Of several who decide at once one does: the order is locked before the link is looked at."""
    found = VisitLink.find(work, command.token_hash) or SigningLink.of(work, command.token_hash)
    order = work.edit(WorkOrder, found.work_order_id)
    link = work.edit(type(found), found.id)
    if isinstance(link, SigningLink):
        estimate = issued_estimate(work, order, link.document_version)
        lines = asked_by(link, order, estimate, work.now)
    else:
        link.require_open(work, order)
        estimate = _seen(work, order, command.signature.document_hash)
        order.require(Transition.APPROVE)
        lines = still_quoted(order, estimate)
    if {line.id for line in lines} != set(command.line_ids):
        raise PreconditionFailed("document_changed")  # something of it was decided since it was shown
    return link, order, estimate, lines


def _seen(work: Work, order: WorkOrder, document_hash: str | None) -> EstimateDocument:
    """The version whose hash it is. Raises Invalid without one, and PreconditionFailed for that of none of the order's."""
    if document_hash is None:
        raise Invalid.field("signature.document_hash", "needs_document_hash")
    for one in estimates_of(work, order.id):
        if one.fingerprint == document_hash:
            return one
    raise PreconditionFailed("document_changed")


def _used(work: Work, order: WorkOrder, link: Link, entry: Authorisation) -> LinkReceipt:
    order.answered_at = work.now
    if isinstance(link, SigningLink):
        link.use(entry.id, at=work.now)
    return entry.receipt()
