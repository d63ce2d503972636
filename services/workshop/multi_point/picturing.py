"""Photos of what an inspection found are of something that is inspected (Rules W3 and W31)."""

from sqlalchemy import select

from chassis import Invalid, Work
from contracts.workshop.evidence import RecordAttachment
from services.workshop.evidence import attaching
from services.workshop.evidence.attachment import Attachment
from services.workshop.multi_point.multi_point_inspection import MultiPointInspection
from services.workshop.multi_point.template import InspectionTemplate


def record_attachment(work: Work, command: RecordAttachment) -> Attachment:
    """Attach it to the order. Raises Invalid for an item that no inspection has: a photo comes before its finding is recorded."""
    attached = attaching.record_attachment(work, command)
    if command.kind == "finding" and command.item is not None and command.item not in _items(work, command.work_order_id):
        raise Invalid.field("item", "not_in_the_template", item_code=command.item)
    return attached


def _items(work: Work, work_order_id: str) -> set[str]:
    """What the group's templates have, and what the order's inspections had when they began."""
    kept = work.all(select(MultiPointInspection).where(MultiPointInspection.work_order_id == work_order_id))
    begun = {item.item_code for one in kept for item in one.items}
    return begun.union(*({item["item_code"] for item in one.items} for one in work.all(select(InspectionTemplate))))
