"""Attaching a file that lies in the store to a work order."""

from chassis import Work
from contracts.workshop.evidence import RecordAttachment
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.volume import count
from services.workshop.order.work_order import WorkOrder


def record_attachment(work: Work, command: RecordAttachment) -> Attachment:
    """The order itself stays as it is: whoever edits it meanwhile is not overtaken by a photo."""
    attachment = Attachment.to(work.get(WorkOrder, command.work_order_id), command, by=work.actor, at=work.now)
    count(work, command.file, command.most_bytes)
    work.add(attachment)
    return attachment
