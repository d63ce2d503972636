"""Questions about attachments."""

from sqlalchemy import ColumnElement, and_, select

from chassis import NotFound, Work
from contracts.workshop import evidence
from contracts.workshop.evidence import (
    VIDEO_BYTES_PER_SECOND,
    AttachmentKind,
    FindRecordedFiles,
    GetUploadTerms,
)
from services.workshop.evidence.attachment import Attachment
from services.workshop.evidence.volume import stored_bytes
from services.workshop.order.status import TRANSITIONS, Transition
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings

MEGABYTE = 1_000_000
MOST_SHOWN = 24


def of_leg(work: Work, leg_id: str, attachment_id: str) -> Attachment:
    """The photo, for whoever may read the leg. Raises NotFound, also when it is another leg's or another dealer's."""
    found = work.get(Attachment, attachment_id)
    if found.leg_id != leg_id:
        raise NotFound("not_found", kind="attachment", id=attachment_id)
    return found


def newest_of(work: Work, work_order_id: str, kind: AttachmentKind) -> list[evidence.Attachment]:
    """The newest of one kind, as many as a screen shows."""
    return newest_among(work, and_(Attachment.work_order_id == work_order_id, Attachment.kind == kind))


def newest_of_leg(work: Work, leg_id: str) -> list[evidence.Attachment]:
    """The newest of a leg, as many as a screen shows."""
    return newest_among(work, Attachment.leg_id == leg_id)


def newest_among(work: Work, which: ColumnElement[bool]) -> list[evidence.Attachment]:
    """The newest of these, as many as a screen shows."""
    found = select(Attachment).where(which).order_by(Attachment.id.desc()).limit(MOST_SHOWN)
    return [row.describe() for row in work.all(found)]


def pictured_items(work: Work, work_order_id: str) -> set[str]:
    """The items of inspections of which there is a photo or a video."""
    found = select(Attachment).where(Attachment.work_order_id == work_order_id, Attachment.kind == "finding")
    return {one.item for one in work.all(found) if one.item is not None and one.medium != "paper"}


def get_upload_terms(work: Work, query: GetUploadTerms) -> evidence.UploadTerms:
    """Raises NotFound for no order."""
    return terms(work, is_open=work.get(WorkOrder, query.work_order_id).status in TRANSITIONS[Transition.ATTACH])


def terms(work: Work, *, is_open: bool) -> evidence.UploadTerms:
    """The dealer's limits, for something that takes more or does not."""
    settings = work.settings(WorkshopSettings)
    return evidence.UploadTerms(
        open=is_open,
        photo_bytes=settings.photo_megabytes * MEGABYTE,
        video_bytes=settings.video_seconds * VIDEO_BYTES_PER_SECOND,
        video_seconds=settings.video_seconds,
        stored_bytes=stored_bytes(work),
    )


def find_recorded_files(work: Work, query: FindRecordedFiles) -> evidence.RecordedFiles:
    """Of this dealer."""
    found = select(Attachment.sha256).where(Attachment.sha256.in_(query.sha256)).distinct()
    return evidence.RecordedFiles(sha256=[one for (one,) in work.execute(found)])
