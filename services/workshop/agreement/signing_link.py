"""One-time links: a document is put before a customer who is not here, and decided on once (Rule W8)."""

from datetime import datetime, timedelta

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Refused, belongs_to
from contracts.workshop import signing_link as contract
from contracts.workshop.link_events import SigningLinkCreated, SigningLinkEnded
from contracts.workshop.signing_link import LinkableDocument, LinkEnd
from services.workshop.agreement.approval import quoted_in, still_quoted
from services.workshop.agreement.estimate_document import EstimateDocument
from services.workshop.agreement.link import Link
from services.workshop.model import Base
from services.workshop.order.line import OrderLine
from services.workshop.order.status import TRANSITIONS, Status, Transition
from services.workshop.order.work_order import WorkOrder

RECEIPT = timedelta(days=30)
"""For so long a used link shows what was decided by it."""


class SigningLink(Link, Base):
    """A link to one version of one document. Of its token only the hash is kept: who reads this row cannot use the link.

    `outcome_id` is what came of it, of an estimate the entry of the ledger.
    """

    __tablename__ = "signing_link"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "token_hash"),
        Index(None, "dealer_id", "work_order_id", "id"),
    )

    document: Mapped[LinkableDocument] = mapped_column(String(20))
    document_version: Mapped[int]
    document_hash: Mapped[str] = mapped_column(String(64))
    outcome_id: Mapped[str | None] = mapped_column(IdType)

    @classmethod
    def to(
        cls, order: WorkOrder, estimate: EstimateDocument, token_hash: str, *, hours: int, by: str, at: datetime
    ) -> "SigningLink":
        """A link to the estimate as it was issued."""
        link = cls(
            visit_id=order.visit_id,
            work_order_id=order.id,
            document=estimate.kind,
            document_version=estimate.estimate_version,
            document_hash=estimate.fingerprint,
            token_hash=token_hash,
            created_at=at,
            created_by=by,
            expires_at=at + timedelta(hours=hours),
        )
        link.announce(
            SigningLinkCreated(
                work_order_id=order.id,
                signing_link_id=link.id,
                document=link.document,
                document_version=link.document_version,
                customer_id=order.customer_id,
                expires_at=link.expires_at,
            )
        )
        return link

    def require_open(self, at: datetime) -> None:
        """Something can be decided by it. Raises Refused: link_used, link_withdrawn, link_replaced, link_expired."""
        if self.ended == "used":
            raise Refused("link_used", used_at=self.ended_at)
        self.require_not_ended()
        if at >= self.expires_at:
            raise Refused("link_expired", expires_at=self.expires_at)

    def require_receipt(self, at: datetime) -> None:
        """It still shows what was decided. Raises Refused: link_expired."""
        if self.ended_at is not None and at >= self.ended_at + RECEIPT:
            raise Refused("link_expired", expires_at=self.ended_at + RECEIPT)

    def use(self, outcome_id: str, *, at: datetime) -> None:
        """It was decided by; this came of it."""
        self.outcome_id = outcome_id
        self._end("used", at)

    def revoke(self, *, at: datetime) -> None:
        """Nobody is to decide by it. Raises Refused when it has ended already."""
        self.require_open(at)
        self._end("withdrawn", at)

    def _end(self, ended: LinkEnd, at: datetime) -> None:
        self.ended, self.ended_at = ended, at
        self.announce(SigningLinkEnded(work_order_id=self.work_order_id, signing_link_id=self.id, ended=ended))

    def describe(self, order: WorkOrder | None = None) -> contract.SigningLink:
        """The link as staff see it; beside its order, also whether anything waits that could be decided by it."""
        lapsed = order is not None and not (
            order.status in TRANSITIONS[Transition.APPROVE] and quoted_in(order, self.document_version)
        )
        return contract.SigningLink(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            document=self.document,
            document_version=self.document_version,
            document_hash=self.document_hash,
            created_at=self.created_at,
            created_by=self.created_by,
            expires_at=self.expires_at,
            ended=self.ended or ("lapsed" if lapsed else None),
            ended_at=self.ended_at,
        )


def asked_by(link: SigningLink, order: WorkOrder, estimate: EstimateDocument, at: datetime) -> list[OrderLine]:
    """The lines that the link asks about. Raises Refused when it does no more, its order is void, or nothing of it waits."""
    link.require_open(at)
    if order.status is Status.VOID:
        raise Refused("link_order_void")
    order.require(Transition.APPROVE)
    return still_quoted(order, estimate)
