"""What of an order was signed, wherever it stands (Rule W23)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from chassis import Document, SignatureDocument, Work
from chassis.wire.wall import on_the_wall
from contracts.workshop.completion import VoidNote
from contracts.workshop.order_file import FiledDocument, FileDocument
from services.workshop.agreement.authorisation import Authorisation
from services.workshop.completion.completion_certificate import CompletionCertificate
from services.workshop.completion.voiding import voids_of
from services.workshop.handing_over.delivery import Delivery
from services.workshop.leg.leg import Leg
from services.workshop.leg.sheet import LegSheet
from services.workshop.order.wash import Wash
from services.workshop.order.work_order import WorkOrder
from services.workshop.order_file.sealed_file import FiledPaper, PaperWithdrawal
from services.workshop.order_file.settings import FileSettings
from services.workshop.projections.slip import slips_of
from services.workshop.reception.walk_around import WalkAround
from services.workshop.shop_floor.inspection import Inspection

OF_A_DELIVERY = ("settlement", "completion", "gate_pass")
"""A paper of these is of the delivery that was next or newest as it was filed: once that is reversed it stands for nothing."""


def collect(work: Work, order: WorkOrder) -> list[FiledDocument]:
    """All of it, the first signed first."""
    with work.without_autoflush():
        found = [*_kept_here(work, order), *_kept_elsewhere(work, order)]
    return sorted(found, key=lambda one: (_signed_at(work, one), one.document_id))


def missing(work: Work, order: WorkOrder, found: Sequence[FiledDocument]) -> list[FileDocument]:
    """Mandatory documents that are not there, or are no longer as they were signed; and a walk-around that nobody signed."""
    there = {one.kind for one in found if one.verified is not False and not one.reversed and one.void_since is None}
    needed = set(work.settings(FileSettings).mandatory)
    if order.walk_around_version:
        needed.add("walk_around")
    return sorted(needed - there)


def _signed_at(work: Work, one: FiledDocument) -> datetime:
    """When, to put them in order; a paper of a day comes before what was signed on it."""
    if one.signed_at is not None:
        return one.signed_at
    assert one.signed_on is not None, "of a paper the day is known"
    return on_the_wall(one.signed_on, "00:00", work.profile.zone)


def _kept_here(work: Work, order: WorkOrder) -> Iterator[FiledDocument]:
    for walk in work.all(select(WalkAround).where(WalkAround.work_order_id == order.id)):
        if walk.signature is not None:
            yield _signed("walk_around", walk.id, walk.document, walk.signature)
    for decision in work.all(select(Authorisation).where(Authorisation.work_order_id == order.id)):
        if decision.signature is not None and decision.document is not None:
            yield _signed("decision", decision.id, decision.document, decision.signature)
        else:
            means = "phone" if decision.means == "phone" else "other"
            yield _told("decision", decision.id, decision.name, means, at=decision.given_at)
    for check in work.all(select(Inspection).where(Inspection.work_order_id == order.id)):
        yield _signed("inspection", check.id, check.document, check.signature)
    wash = work.find(Wash, order.id)
    if wash is not None and wash.signature is not None and wash.document is not None:
        yield _signed("wash", wash.id, wash.document, wash.signature)
    sheets = select(LegSheet).join(Leg, (Leg.dealer_id == LegSheet.dealer_id) & (Leg.id == LegSheet.id))
    for sheet in work.all(sheets.where(Leg.work_order_id == order.id)):
        if sheet.signature is not None:
            yield _signed("leg_sheet", sheet.id, sheet.document, sheet.signature)
    deliveries = work.all(select(Delivery).where(Delivery.work_order_id == order.id))
    for delivery in deliveries:
        is_reversed = delivery.reversed_at is not None
        yield _signed("settlement", delivery.id, delivery.settlement, delivery.signature, reversed=is_reversed)
    reversals = [one.reversed_at for one in deliveries if one.reversed_at is not None]
    certificates = select(CompletionCertificate).where(CompletionCertificate.work_order_id == order.id)
    void = voids_of(work, order)
    for certificate in work.all(certificates):
        yield _signed(
            "completion", certificate.id, certificate.document, certificate.signature, **_void(void.get(certificate.id))
        )
    papers = work.all(select(FiledPaper).where(FiledPaper.work_order_id == order.id))
    taken_back = select(PaperWithdrawal).where(PaperWithdrawal.id.in_([one.id for one in papers]))
    withdrawn = {one.id: one for one in work.all(taken_back)}
    for paper in papers:
        why = withdrawn.get(paper.id)
        yield FiledDocument(
            kind=paper.kind,
            document_id=paper.id,
            signed_by=paper.signed_by,
            means="paper",
            signed_on=paper.signed_on,
            document_hash=paper.sha256,
            reversed=paper.kind in OF_A_DELIVERY and any(paper.recorded_at <= at for at in reversals),
            void_since=None if why is None else why.withdrawn_at,
            void_because=None if why is None else why.reason,
        )


def _kept_elsewhere(work: Work, order: WorkOrder) -> Iterator[FiledDocument]:
    """As the services announced it that keep it."""
    for slip in slips_of(work, order.id):
        if slip.signature is not None:
            yield _announced("slip", slip.id, slip.signature)
    if order.departure is not None:
        yield _announced("gate_pass", order.departure["gate_pass_id"], order.departure)


def _signed(kind: FileDocument, document_id: str, document: Document, signature: SignatureDocument, **more: Any) -> FiledDocument:
    shown = signature.shown_with(document)
    return FiledDocument(
        kind=kind,
        document_id=document_id,
        signed_by=signature.name,
        means=signature.means,
        signed_at=signature.signed_at,
        document_hash=signature.document_hash,
        verified=shown["verified"],
        **more,
    )


def _void(note: VoidNote | None) -> dict[str, Any]:
    return {} if note is None else {"void_since": note.voided_at, "void_because": note.reason}


def _announced(kind: FileDocument, document_id: str, told: Any) -> FiledDocument:
    at, document_hash = datetime.fromisoformat(told["signed_at"]), told["document_hash"]
    return _told(kind, document_id, told["signed_by"], told["means"], at=at, document_hash=document_hash)


def _told(
    kind: FileDocument, document_id: str, signed_by: str, means: Any, *, at: datetime, document_hash: str | None = None
) -> FiledDocument:
    return FiledDocument(
        kind=kind, document_id=document_id, signed_by=signed_by, means=means, signed_at=at, document_hash=document_hash
    )
