"""Photos and videos of what an estimate is about: what a customer who is asked by a link sees of it (Rule W31)."""

from sqlalchemy import Select, and_, or_, select

from chassis import Work
from contracts.workshop.linked import LinkedPicture
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.evidence.attachment import PICTURES, Attachment
from services.workshop.multi_point.multi_point_inspection import inspections_of
from services.workshop.order.work_order import WorkOrder


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


def describe(one: Attachment) -> LinkedPicture:
    """A picture as it is answered."""
    return LinkedPicture(
        id=one.id,
        kind=one.kind,
        medium=one.medium,
        note=one.note,
        line_id=one.line_id,
        content_type=one.content_type,
        seconds=one.seconds,
        thumbnail=one.thumbnail,
        attached_at=one.attached_at,
    )
