"""One-time links: what waits for a customer's signature is put before one who is not here (Rule W8)."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, text, whole
from chassis.wire.signatures import DocumentHash
from contracts.workshop.evidence import Sha256
from contracts.workshop.order import WorkOrder

LinkableDocument = Literal["estimate", "additional_work"]
"""估价单, 增项: what a link may put before a customer."""

LinkDecision = Literal["approved", "declined"]

LinkEnd = Literal["used", "withdrawn", "replaced"]
"""已使用, 已撤回, 已被新链接取代."""

LinkState = Literal[LinkEnd, "lapsed"]
"""已失效: nothing of its document waits for a decision any more."""


class SigningLink(Answer):
    """A link to one version of a document. Nobody can read its token here or anywhere: only its hash is kept, and not shown.

    It is `lapsed`, without a time, when nothing of its document waits any more: decided on at the desk, changed, or void.
    """

    id: Id
    version: Annotated[int, whole(1)]
    work_order_id: Id
    document: LinkableDocument
    document_version: Annotated[int, whole(1)]
    document_hash: DocumentHash
    created_at: datetime
    created_by: Annotated[str, text(64)]
    expires_at: datetime
    ended: LinkState | None = None
    ended_at: datetime | None = None


class CreateSigningLink(Command, service="workshop", answer=SigningLink):
    """Create a one-time link.

    To one version of the estimate, or of additional work, that waits for the customer's decision. Draw a token of at least 256
    random bits, write it in base64url, send its SHA-256 here and give the token to the customer alone: whoever has it sees this
    document and decides on it once, until the link expires. A new link to the same version ends the older one (Rule W8).
    """

    work_order_id: Id
    estimate_version: Annotated[int, whole(1)]
    token_hash: Sha256
    valid_hours: Annotated[int, whole(1, 720)] = 72


class WithdrawSigningLink(Command, service="workshop", answer=SigningLink):
    """Withdraw a one-time link.

    Nobody can use it any more; refused once it was used.
    """

    work_order_id: Id
    signing_link_id: Id


class SeeAnswer(Command, service="workshop", answer=WorkOrder):
    """Note that a decision by link was seen.

    What the customer decided by a one-time link stands on the advisor's and the service manager's lists until somebody of the
    staff has seen it: says so here, or decides with the customer, puts new work before them, or moves the order on.
    """

    work_order_id: Id
