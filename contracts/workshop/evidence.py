"""Attachments of a work order or a leg: photos, videos and papers that prove what was seen and done (Rules W2, W31)."""

from datetime import datetime
from typing import Annotated, Literal

from marshmallow import fields, validate

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import Listing, at_most

AttachmentKind = Literal["walk_around", "finding", "old_part", "additional_work", "other"]
Medium = Literal["photo", "video", "paper"]
FileType = Literal["image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime", "video/webm", "application/pdf"]

VIDEO_BYTES_PER_SECOND = 2_500_000
"""What a second of full HD takes of a phone at most, with room to spare."""
MOST_SECONDS = 120
MOST_BYTES = MOST_SECONDS * VIDEO_BYTES_PER_SECOND
"""No file is larger, whatever a dealer allows."""

Sha256 = Annotated[str, fields.String(validate=validate.Regexp(r"^[0-9a-f]{64}\Z", error="not_a_checksum"))]
FileName = Annotated[str, text(120)]
Note = Annotated[str | None, text(300)]
Item = Annotated[str | None, text(64)]


class StoredFile(Part):
    """A file in the store: what it is by its content, and what it is found by. Its location data are gone."""

    sha256: Sha256
    content_type: FileType
    size: Annotated[int, whole(1, MOST_BYTES)]
    width: Annotated[int | None, whole(1)] = None
    height: Annotated[int | None, whole(1)] = None
    seconds: Annotated[int | None, whole(0)] = None
    thumbnail: bool = False


class Attachment(Answer):
    """A photo, video or paper of a work order, or of a leg of pick-up and return. It is never changed.

    `sha256` is the checksum of what is delivered.
    """

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id | None = None
    leg_id: Id | None = None
    kind: AttachmentKind
    medium: Medium
    name: FileName
    note: Note = None
    job: Annotated[int | None, whole(1)] = None
    line_id: Id | None = None
    item: Item = None
    sha256: Sha256
    content_type: FileType
    size: Annotated[int, whole(1)]
    width: Annotated[int | None, whole(1)] = None
    height: Annotated[int | None, whole(1)] = None
    seconds: Annotated[int | None, whole(0)] = None
    thumbnail: bool
    attached_by: Annotated[str, text(64)]
    attached_at: datetime


class Attachments(Answer):
    """One page of an order's attachments, newest first."""

    items: list[Attachment]
    next_cursor: str | None = None


class UploadTerms(Answer):
    """What may be attached to an order: the dealer's limits, how much the dealer has stored, and whether the order takes more."""

    open: bool
    photo_bytes: int
    video_bytes: int
    video_seconds: int
    stored_bytes: int


class RecordedFiles(Answer):
    """Which of the files asked about the dealer has recorded."""

    sha256: list[Sha256]


class RecordAttachment(Command, service="workshop", answer=Attachment):
    """Record an attachment whose file lies in the store; the gateway has put it there.

    `most_bytes` is how much the operator lets a dealer store.
    """

    work_order_id: Id
    kind: AttachmentKind
    name: FileName
    file: StoredFile
    most_bytes: Annotated[int, whole(1)]
    note: Note = None
    job: Annotated[int | None, whole(1, 99)] = None
    line_id: Id | None = None
    item: Item = None


class ListAttachments(Query, Listing, service="workshop", answer=Attachments):
    """List an order's attachments.

    Newest first; only those of one kind, if one is asked for. What a driver photographed at the door is among them (Rule B14).
    """

    work_order_id: Id
    kind: AttachmentKind | None = None


class GetAttachment(Query, service="workshop", answer=Attachment):
    """Show an attachment.

    What it is and who attached it when; its content and its thumbnail are at addresses of their own.
    """

    work_order_id: Id
    attachment_id: Id


class GetUploadTerms(Query, service="workshop", answer=UploadTerms):
    """What may be attached to the order; the gateway asks before it looks at a file."""

    work_order_id: Id


class FindRecordedFiles(Query, service="workshop", answer=RecordedFiles):
    """Which of these files are recorded; the gateway asks before it deletes what was stored and never recorded."""

    sha256: list[Sha256] = at_most(100)
