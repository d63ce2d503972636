"""Completion certificates, as they are asked for (Rule W32)."""

from sqlalchemy import exists, select

from chassis import Work, page
from contracts.workshop.completion import (
    CarsToCertify,
    CarToCertify,
    CompletionCertificates,
    GetCompletionCertificates,
    ListCarsToCertify,
)
from services.workshop.completion.certifying import certified_classes
from services.workshop.completion.completion_certificate import CompletionCertificate
from services.workshop.completion.voiding import counts, voids_of
from services.workshop.order.status import INSPECTED
from services.workshop.order.work_order import WorkOrder


def get_certificates(work: Work, query: GetCompletionCertificates) -> CompletionCertificates:
    """Raises NotFound, also when it is another dealer's."""
    order = work.get(WorkOrder, query.work_order_id)
    of_it = select(CompletionCertificate).where(CompletionCertificate.work_order_id == order.id)
    found = work.all(of_it.order_by(CompletionCertificate.revision, CompletionCertificate.attempt))
    void = voids_of(work, order) if found else {}
    there = any(one.revision == order.revision + 1 and one.id not in void for one in found)
    needed = order.status in INSPECTED and not there and bool(certified_classes(work, order))
    return CompletionCertificates(work_order_id=order.id, needed=needed, items=[one.describe(void.get(one.id)) for one in found])


def list_cars(work: Work, query: ListCarsToCertify) -> CarsToCertify:
    """Of what is inspected and not delivered yet, which is little whatever the history."""
    certified = exists().where(
        CompletionCertificate.dealer_id == WorkOrder.dealer_id,
        CompletionCertificate.work_order_id == WorkOrder.id,
        CompletionCertificate.revision == WorkOrder.revision + 1,
        counts(),
    )
    passed = WorkOrder.status.in_(INSPECTED), WorkOrder.quality_passed_by.is_not(None)
    rows, cursor = page(work, select(WorkOrder).where(*passed, ~certified), query, keys=[WorkOrder.id], ascending=True)
    found = [(one, certified_classes(work, one)) for one in rows]
    return CarsToCertify(
        items=[
            CarToCertify(
                work_order_id=one.id,
                order_number=one.number,
                plate=one.vehicle["plate"],
                work_classes=classes,
                quality_passed_by=one.quality_passed_by or "",
            )
            for one, classes in found
            if classes
        ],
        next_cursor=cursor,
    )
