"""Attaching files to a work order, and reading them: the gateway takes and delivers the bytes, workshop records what they are."""

from typing import Annotated

from chassis.wire import Command, Id, Query, whole
from contracts.files import UploadedFile
from contracts.shared import LineRef
from contracts.workshop.evidence import Attachment, AttachmentKind, Item, Note, Sha256


class AttachFile(Command, UploadedFile, service="gateway", answer=Attachment):
    """Attach a photo, video or paper.

    Send it as `multipart/form-data` with the file as it is, or as JSON with the file in base64 (photos and papers only). What it
    is follows from its content: JPEG, PNG, WebP, HEIC (kept as JPEG), PDF, MP4, MOV and WebM are taken. Photos are kept upright,
    without EXIF; of videos what is not needed to play them is emptied, so neither says where it was taken. A photo or paper may
    have 20 MB, a video last 60 s (defaults of the dealer's workshop settings). The same content is stored once.
    """

    work_order_id: Id
    kind: AttachmentKind
    note: Note = None
    job: Annotated[int | None, whole(1, 99)] = None
    line_id: LineRef | None = None
    item: Item = None


class GetAttachmentContent(Query, service="gateway"):
    """Download an attachment.

    Its content as it was stored, also in ranges. Whoever may read the order may; the `ETag` is the content's checksum.
    """

    work_order_id: Id
    attachment_id: Id


class GetAttachmentThumbnail(Query, service="gateway"):
    """Show an attachment's thumbnail.

    A photo in small, as JPEG; videos and papers have none.
    """

    work_order_id: Id
    attachment_id: Id


class GetLinkedContent(Query, service="gateway"):
    """Download a photo or video that a one-time link shows.

    As it was stored, also in ranges, for as long as something can be decided by the link (Rule W31). To whoever has its token.
    """

    token_hash: Sha256
    attachment_id: Id


class GetLinkedThumbnail(Query, service="gateway"):
    """Show the thumbnail of a photo that a one-time link shows.

    In small, as JPEG; videos have none. To whoever has the link's token.
    """

    token_hash: Sha256
    attachment_id: Id


class AttachLegFile(Command, UploadedFile, service="gateway", answer=Attachment):
    """Attach a photo or video to a leg.

    Of the car where it was fetched or brought (Rule B14), while somebody drives and afterwards; sent and kept as an order's.
    """

    leg_id: Id
    note: Note = None


class GetLegAttachmentContent(Query, service="gateway"):
    """Download a photo of a leg.

    Its content as it was stored, also in ranges. Whoever may read the leg may; the `ETag` is the content's checksum.
    """

    leg_id: Id
    attachment_id: Id


class GetLegAttachmentThumbnail(Query, service="gateway"):
    """Show a thumbnail of a leg's photo.

    A photo in small, as JPEG; videos have none.
    """

    leg_id: Id
    attachment_id: Id
