"""Photos of a leg (Rules B14, W31): kept by the gateway like those of an order, recorded by workshop."""

from typing import Annotated

from chassis.wire import Command, Id, Query, whole
from contracts.workshop.evidence import Attachment, FileName, Note, StoredFile, UploadTerms


class GetLegAttachment(Query, service="workshop", answer=Attachment):
    """A photo of a leg, for whoever may read the leg; the gateway asks before it delivers one."""

    leg_id: Id
    attachment_id: Id


class GetLegUploadTerms(Query, service="workshop", answer=UploadTerms):
    """What may be attached to the leg; the gateway asks before it looks at a file."""

    leg_id: Id


class RecordLegAttachment(Command, service="workshop", answer=Attachment):
    """Record a photo of a leg whose file lies in the store; the gateway has put it there.

    `most_bytes` is how much the operator lets a dealer store.
    """

    leg_id: Id
    name: FileName
    file: StoredFile
    most_bytes: Annotated[int, whole(1)]
    note: Note = None
