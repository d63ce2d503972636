"""How a file is read: workshop says whether the caller may and what it is, the store gives its bytes."""

from dataclasses import dataclass

import structlog

from chassis import NotFound
from chassis.wire.call import Call
from contracts.gateway.evidence import (
    GetAttachmentContent,
    GetAttachmentThumbnail,
    GetLegAttachmentContent,
    GetLegAttachmentThumbnail,
    GetLinkedContent,
    GetLinkedThumbnail,
)
from contracts.workshop.evidence import Attachment, GetAttachment
from contracts.workshop.leg_evidence import GetLegAttachment
from contracts.workshop.linked import GetLinkedPicture
from gateway.evidence.store import THUMBNAIL_TYPE, Content, Store, content_key, thumbnail_key
from gateway.suite.caller import Caller

log = structlog.get_logger()


Delivered = (
    GetAttachmentContent
    | GetAttachmentThumbnail
    | GetLinkedContent
    | GetLinkedThumbnail
    | GetLegAttachmentContent
    | GetLegAttachmentThumbnail
)


@dataclass(frozen=True)
class Wanted:
    """A file that the caller may read."""

    key: str
    content_type: str
    name: str
    tag: str
    size: int | None


class Deliverer:
    """Finds files for those who may read them. With whose rights is decided in `wanted` alone."""

    def __init__(self, caller: Caller, store: Store) -> None:
        self._caller = caller
        self._store = store

    def wanted(self, query: Delivered, call: Call) -> Wanted:
        """The file that is asked for. Raises NotFound for what is not there for the caller."""
        asked = _asked(query)
        found = Attachment.load(self._caller.call(asked.service, asked.method, asked.dump(), call, call.seconds_left))
        assert call.dealer is not None, "attachments are a dealer's"
        if isinstance(query, GetAttachmentContent | GetLinkedContent | GetLegAttachmentContent):
            return Wanted(content_key(call.dealer, found.sha256), found.content_type, found.name, found.sha256, found.size)
        if not found.thumbnail:
            raise NotFound("not_found", kind="thumbnail", id=found.id)
        return Wanted(thumbnail_key(call.dealer, found.sha256), THUMBNAIL_TYPE, found.name, f"{found.sha256}-thumbnail", None)

    def content(self, wanted: Wanted, start: int = 0, length: int | None = None) -> Content:
        """Its bytes. Raises NotFound, with an error in the log, if the store has lost them."""
        found = self._store.get(wanted.key, start, length)
        if found is None:
            log.error("attachment_content_missing", key=wanted.key)
            raise NotFound("not_found", kind="file", id=wanted.tag)
        return found


def _asked(query: Delivered) -> GetAttachment | GetLinkedPicture | GetLegAttachment:
    """The question whether the caller may read it: by what they may see of the order or leg, or by what their link shows."""
    if isinstance(query, GetLegAttachmentContent | GetLegAttachmentThumbnail):
        return GetLegAttachment(leg_id=query.leg_id, attachment_id=query.attachment_id)
    if isinstance(query, GetLinkedContent | GetLinkedThumbnail):
        return GetLinkedPicture(token_hash=query.token_hash, attachment_id=query.attachment_id)
    return GetAttachment(work_order_id=query.work_order_id, attachment_id=query.attachment_id)
