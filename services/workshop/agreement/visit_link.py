"""The customer's link to their order, for as long as the visit lasts and some days more (Rule W17)."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Refused, Work, belongs_to
from contracts.workshop import visit_link as contract
from contracts.workshop.link_events import VisitLinkCreated, VisitLinkEnded
from contracts.workshop.signing_link import LinkEnd
from contracts.workshop.visit_link import VisitLinkState
from services.workshop.agreement.link import Link
from services.workshop.model import Base
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.pricing.settings import WorkshopSettings

LONGEST = timedelta(days=180)
"""No link lasts longer, however long the car stays."""


class VisitLink(Link, Base):
    """A link to one order. It decides on nothing itself: whoever has it decides on what is put before the customer."""

    __tablename__ = "visit_link"
    __table_args__ = (
        belongs_to("work_order", "work_order_id"),
        UniqueConstraint("dealer_id", "token_hash"),
        Index(None, "dealer_id", "work_order_id", "id"),
    )

    withdrawn_by: Mapped[str | None] = mapped_column(String(64))
    withdrawn_because: Mapped[str | None] = mapped_column(String(300))

    @classmethod
    def to(cls, work: Work, order: WorkOrder, token_hash: str) -> "VisitLink":
        """A link to the order. Raises Refused for one that ended without work, or that its customer has had back for long."""
        link = cls(
            visit_id=order.visit_id,
            work_order_id=order.id,
            token_hash=token_hash,
            created_at=work.now,
            created_by=work.actor,
            expires_at=work.now + LONGEST,
        )
        if link.state(work, order) == "expired":
            raise Refused("visit_over", delivered_at=order.delivered_at)
        link.require_open(work, order)
        link.announce(
            VisitLinkCreated(
                work_order_id=order.id, visit_link_id=link.id, customer_id=order.customer_id, expires_at=link.expires_at
            )
        )
        return link

    def until(self, work: Work, order: WorkOrder) -> datetime:
        """Until when it leads to the order: some days after the delivery, by what the dealer sets now."""
        if order.delivered_at is None:
            return self.expires_at
        return min(self.expires_at, order.delivered_at + timedelta(days=work.settings(WorkshopSettings).visit_link_days))

    def require_open(self, work: Work, order: WorkOrder) -> None:
        """It leads to the order. Raises Refused: link_withdrawn, link_replaced, link_of_void_order, link_expired."""
        self.require_not_ended()
        if order.status is Status.VOID:
            raise Refused("link_of_void_order")
        if work.now >= (until := self.until(work, order)):
            raise Refused("link_expired", expires_at=until)

    def state(self, work: Work, order: WorkOrder) -> VisitLinkState | None:
        """Why it leads nowhere any more; None while it does."""
        if self.ended is not None:
            return "withdrawn" if self.ended == "withdrawn" else "replaced"
        if order.status is Status.VOID:
            return "order_void"
        return "expired" if work.now >= self.until(work, order) else None

    def revoke(self, reason: str, *, by: str, at: datetime) -> None:
        """Nobody is to follow the order by it. Raises Refused when it has ended already."""
        self.require_not_ended()
        self.withdrawn_by, self.withdrawn_because = by, reason
        self._end("withdrawn", at)

    def _end(self, ended: LinkEnd, at: datetime) -> None:
        self.ended, self.ended_at = ended, at
        how: Literal["withdrawn", "replaced"] = "withdrawn" if ended == "withdrawn" else "replaced"
        self.announce(VisitLinkEnded(work_order_id=self.work_order_id, visit_link_id=self.id, ended=how))

    def shown(self, work: Work, order: WorkOrder) -> contract.VisitLink:
        """The link as staff see it."""
        return contract.VisitLink(
            id=self.id,
            version=self.version,
            work_order_id=self.work_order_id,
            created_at=self.created_at,
            created_by=self.created_by,
            expires_at=self.until(work, order),
            ended=self.state(work, order),
            ended_at=self.ended_at,
            withdrawn_by=self.withdrawn_by,
            withdrawn_because=self.withdrawn_because,
        )
