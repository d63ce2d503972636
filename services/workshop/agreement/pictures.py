"""Photos and videos that a customer sees by a link: of what an estimate is about (Rule W31), or of their visit (Rule W17)."""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, and_, or_, select

from chassis import Work
from contracts.workshop.evidence import AttachmentKind
from contracts.workshop.linked import LinkedPicture, VisitFinding
from contracts.workshop.multi_point import InspectedItem
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.evidence.attachment import PICTURES, Attachment
from services.workshop.multi_point.multi_point_inspection import BAD, inspections_of
from services.workshop.order.line import State
from services.workshop.order.work_order import WorkOrder

OF_CUSTOMERS: tuple[AttachmentKind, ...] = ("finding", "additional_work", "old_part")
"""What is theirs to see of their visit."""


def pictures_of(work: Work, order: WorkOrder, estimate: EstimateDocument) -> Select[Attachment]:
    """The photos and videos that belong to the estimate's lines, or to their jobs, or to the findings that became these lines."""
    lines = {line.line_id for line in estimate.lines}
    jobs = {line.job for line in order.lines if line.id in lines}
    items = {item.item_code for one in inspections_of(work, order) for item in one.items if item.line_id in lines}
    of_no_line = or_(Attachment.job.in_(jobs), and_(Attachment.kind == "finding", Attachment.item.in_(items)))
    return select(Attachment).where(
        Attachment.work_order_id == order.id,
        Attachment.content_type.in_(PICTURES),
        or_(Attachment.line_id.in_(lines), and_(Attachment.line_id.is_(None), of_no_line)),
    )


def pictures_of_visit(work: Work, order: WorkOrder) -> Select[Attachment]:
    """Those of findings that are amber or red, and of lines that were put before the customer and their jobs.

    Nothing of the walk-around, which they signed by itself, and nothing that was attached for other reasons.
    """
    shown = [line for line in order.lines if line.state is not State.DRAFT]
    lines, jobs = {line.id for line in shown}, {line.job for line in shown}
    items = {item.item_code for one in inspections_of(work, order) for item in one.items if item.finding in BAD}
    of_item = and_(Attachment.kind == "finding", Attachment.item.in_(items))
    of_job = and_(Attachment.line_id.is_(None), Attachment.item.is_(None), Attachment.job.in_(jobs))
    return select(Attachment).where(
        Attachment.work_order_id == order.id,
        Attachment.content_type.in_(PICTURES),
        Attachment.kind.in_(OF_CUSTOMERS),
        or_(Attachment.line_id.in_(lines), of_item, of_job),
    )


def describe(one: Attachment) -> LinkedPicture:
    """A picture as it is answered."""
    return LinkedPicture(
        id=one.id,
        kind=one.kind,
        medium=one.medium,
        note=one.note,
        line_id=one.line_id,
        item=one.item,
        content_type=one.content_type,
        seconds=one.seconds,
        thumbnail=one.thumbnail,
        attached_at=one.attached_at,
    )


def findings_of(items: Iterable[InspectedItem], lines: Collection[str]) -> list[VisitFinding]:
    """What is red or amber of them, red first; the line that it became, if that is one of these."""
    return [
        VisitFinding(
            item_code=item.item_code,
            name_zh=item.name_zh,
            name_en=item.name_en,
            finding=finding,
            safety=item.safety,
            value=item.value,
            unit=item.unit,
            found_at=item.measured_at,
            line_id=item.line_id if item.line_id in lines else None,
        )
        for finding in BAD
        for item in items
        if item.finding == finding and item.value is not None and item.measured_at is not None
    ]
