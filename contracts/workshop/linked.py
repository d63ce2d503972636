"""What a one-time link leads to: whoever has it sees one document and decides on it once, without signing in (Rules W8, W31)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Quantity, Query, text, whole
from chassis.wire.signatures import DocumentHash, Strokes
from contracts.shared import LineRef, Name, OperationCode, Plate, Reason, up_to
from contracts.signing import Signing
from contracts.workshop.agreement import Estimate
from contracts.workshop.evidence import Attachment, AttachmentKind, FileType, Item, Medium, Sha256
from contracts.workshop.signing_link import LinkableDocument, LinkDecision


class LinkedPicture(Part):
    """A photo or video of what the document is about; `content` and `thumbnail` are at addresses of their own."""

    id: Id
    kind: AttachmentKind
    medium: Medium
    note: Annotated[str | None, text(300)] = None
    line_id: Id | None = None
    item: Item = None
    content_type: FileType
    seconds: Annotated[int | None, whole(0)] = None
    thumbnail: bool
    attached_at: datetime


class VisitFinding(Part):
    """What was measured at the car and found to be amber or red; the line that it became, if it did."""

    item_code: OperationCode
    name_zh: Annotated[str, text(120)]
    name_en: Annotated[str, text(120)]
    finding: Literal["amber", "red"]
    safety: bool
    value: Quantity
    unit: Annotated[str, text(10)]
    found_at: datetime
    line_id: Id | None = None


class LinkReceipt(Answer):
    """What was decided by the link, and the signature under it; `document_hash` is that of the decision as it is kept."""

    decision: LinkDecision
    line_numbers: list[int]
    reason: Reason | None = None
    name: Name
    signed_at: datetime
    strokes: Strokes | None = None
    document_hash: DocumentHash
    verified: bool


class LinkedDocument(Answer):
    """The document as it was issued, whose it is, and what still waits for a decision; afterwards the receipt.

    Times are meant on the clock of `time_zone`. `open_line_ids` are the lines that are decided on: others of the document were
    decided on already. `findings` are those that became its lines, as they were measured.
    """

    dealer_name: Annotated[str, text(120)]
    time_zone: Annotated[str, text(64)]
    order_number: Annotated[str, text(20)]
    plate: Plate
    make: Annotated[str, text(100)]
    model: Annotated[str, text(100)]
    document: LinkableDocument
    expires_at: datetime
    estimate: Estimate
    open_line_ids: list[Id]
    pictures: list[LinkedPicture]
    findings: list[VisitFinding] = up_to(200)
    receipt: LinkReceipt | None = None


class GetLinkedDocument(Query, service="workshop", answer=LinkedDocument):
    """Show what a one-time link leads to.

    To whoever has its token, without signing in: the document, and the photos and videos of its lines, their jobs and the
    findings they came of. Once it was used, the receipt, for 30 days. Refused when it has expired, was withdrawn or replaced, or
    nothing of the document waits for a decision any more.
    """

    token_hash: Sha256


class GetLinkedPicture(Query, service="workshop", answer=Attachment):
    """What a photo or video is that an open link shows, one-time or lasting; the gateway asks before it delivers one."""

    token_hash: Sha256
    attachment_id: Id


class LinkedDecision(Part):
    """What is decided on by a link: the lines that were seen waiting, and by whose signature."""

    token_hash: Sha256
    line_ids: list[LineRef]
    signature: Signing


class ApproveByLink(Command, LinkedDecision, service="workshop", answer=LinkReceipt):
    """Approve by a link.

    By a one-time link, or by the customer's link to the order, for the version with this `document_hash`. The customer wants all
    of it that still waits, with their name and, if they drew it, their signature. It has the effects of an approval at the
    desk, once. Refused if the document, or what waits of it, is another by now than they saw.
    """


class DeclineByLink(Command, LinkedDecision, service="workshop", answer=LinkReceipt):
    """Decline by a link.

    One-time, or the customer's to the order. The customer wants nothing of what still waits, and says why; signed, also for what
    concerns safety (Rule W8).
    """

    reason: Reason
