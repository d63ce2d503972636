"""Questions about estimates, the authorisation ledger, and what a one-time link leads to."""

from dataclasses import replace

from sqlalchemy import select

from chassis import NotFound, Work
from contracts.workshop import agreement, evidence
from contracts.workshop.agreement import GetEstimate, ListAuthorisations
from contracts.workshop.linked import GetLinkedDocument, GetLinkedPicture, LinkedDocument
from contracts.workshop.visit_link import ListVisitLinks, VisitLinks
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.agreement.deciding import issued_estimate
from services.workshop.agreement.estimate import Estimate
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.agreement.pictures import describe, findings_of, pictures_of, pictures_of_visit
from services.workshop.agreement.signing_link import SigningLink, asked_by
from services.workshop.agreement.visit_link import VisitLink
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.queries import MOST_SHOWN
from services.workshop.multi_point.multi_point_inspection import inspections_of
from services.workshop.order.line import OrderLine
from services.workshop.order.work_order import WorkOrder

MOST_LINKS = 20
"""So many links of an order are shown with its ledger, the newest."""


def get_estimate(work: Work, query: GetEstimate) -> agreement.Estimate:
    """As it was put before the customer."""
    version = query.estimate_version or work.get(WorkOrder, query.work_order_id).estimate_version
    found = work.find(Estimate, Estimate.identity(query.work_order_id, version))
    if found is None:
        raise NotFound("not_found", kind="estimate", id=str(version))
    return found.document.describe()


def list_authorisations(work: Work, query: ListAuthorisations) -> agreement.Authorisations:
    """The whole ledger of one order, and its newest links."""
    order = work.get(WorkOrder, query.work_order_id)
    rows = work.all(select(Authorisation).where(Authorisation.work_order_id == query.work_order_id).order_by(Authorisation.id))
    links = select(SigningLink).where(SigningLink.work_order_id == query.work_order_id).order_by(SigningLink.id.desc())
    return agreement.Authorisations(
        items=[row.describe() for row in rows],
        links=[row.describe(order) for row in work.all(links.limit(MOST_LINKS))],
    )


def list_visit_links(work: Work, query: ListVisitLinks) -> VisitLinks:
    """Those of one order."""
    order = work.get(WorkOrder, query.work_order_id)
    links = select(VisitLink).where(VisitLink.work_order_id == order.id).order_by(VisitLink.id.desc()).limit(MOST_LINKS)
    return VisitLinks(items=[row.shown(work, order) for row in work.all(links)])


def get_linked_document(work: Work, query: GetLinkedDocument) -> LinkedDocument:
    """As it was issued, while it waits; then with what was decided. The photos are there while something is to be decided.

    How the promised time was worked out is the house's own matter.
    """
    link, order, estimate = _led_to(work, query.token_hash)
    receipt, waiting, pictures = None, list[OrderLine](), list[Attachment]()
    lines = {line.line_id for line in estimate.lines}
    items = [item for one in inspections_of(work, order) for item in one.items if item.line_id in lines]
    if link.ended == "used":
        link.require_receipt(work.now)
        receipt = work.get(Authorisation, link.outcome_id).receipt()
    else:
        waiting = asked_by(link, order, estimate, work.now)
        found = pictures_of(work, order, estimate).order_by(Attachment.id.desc())
        pictures = list(work.all(found.limit(MOST_SHOWN)))
    return LinkedDocument(
        dealer_name=work.profile.name,
        time_zone=work.profile.time_zone,
        order_number=order.number,
        plate=order.vehicle_facts.plate,
        make=order.vehicle_facts.make,
        model=order.vehicle_facts.model,
        document=link.document,
        expires_at=link.expires_at,
        estimate=replace(estimate.describe(), found=None, promise_reason=None),
        open_line_ids=[line.id for line in waiting],
        pictures=[describe(one) for one in pictures],
        findings=findings_of(items, lines),
        receipt=receipt,
    )


def get_linked_picture(work: Work, query: GetLinkedPicture) -> evidence.Attachment:
    """One that the link shows, one-time or lasting. Raises NotFound for any other, and Refused as what it leads to does."""
    visit = VisitLink.find(work, query.token_hash)
    if visit is not None:
        order = work.get(WorkOrder, visit.work_order_id)
        visit.require_open(work, order)
        shown = pictures_of_visit(work, order)
    else:
        link, order, estimate = _led_to(work, query.token_hash)
        asked_by(link, order, estimate, work.now)
        shown = pictures_of(work, order, estimate)
    found = work.first(shown.where(Attachment.id == query.attachment_id))
    if found is None:
        raise NotFound("not_found", kind="attachment", id=query.attachment_id)
    return found.describe()


def _led_to(work: Work, token_hash: str) -> tuple[SigningLink, WorkOrder, EstimateDocument]:
    link = SigningLink.of(work, token_hash)
    order = work.get(WorkOrder, link.work_order_id)
    return link, order, issued_estimate(work, order, link.document_version)
