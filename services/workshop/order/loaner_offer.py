"""The offer of a loaner (Rule B9, docs/domain.md): one for each order whose repair under three guarantees lasts long, or whose
customer asked for one when they booked and did not get it."""

from datetime import datetime, timedelta

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Invalid, Refused, belongs_to
from contracts.workshop import loaner_offer as contract
from contracts.workshop.loaner_offer import LoanerAnswer
from services.workshop.model import Base
from services.workshop.order.status import NOT_READY
from services.workshop.order.work_order import WorkOrder

LONG = timedelta(days=5)
UNANSWERED = text("ended_at IS NULL")


class LoanerOffer(Aggregate, Base):
    """Its id is the order's. `ended_at`: it was answered, or the car was delivered before anybody did."""

    __tablename__ = "loaner_offer"
    __table_args__ = (
        belongs_to("work_order", "id"),
        Index("loaner_offer_open_ix", "dealer_id", "raised_at", "id", postgresql_where=UNANSWERED, sqlite_where=UNANSWERED),
    )

    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answer: Mapped[LoanerAnswer | None] = mapped_column(String(12))
    note: Mapped[str | None] = mapped_column(String(300))
    answered_by: Mapped[str | None] = mapped_column(String(64))
    order: Mapped[WorkOrder] = relationship(lazy="joined", innerjoin=True)

    def give(self, answer: LoanerAnswer, note: str | None, *, by: str, at: datetime) -> None:
        """What came of it. Raises Refused if that is known; Invalid for a customer who wants none, without their words."""
        if self.ended_at is not None:
            raise Refused("loaner_offer_answered")
        if answer == "declined" and note is None:
            raise Invalid.field("note", "declined_needs_reason")
        self.answer, self.note, self.answered_by, self.ended_at = answer, note, by, at

    def end(self, *, at: datetime) -> None:
        """The car is with its customer again, or nobody pays by three guarantees any more."""
        self.ended_at = self.ended_at or at

    def describe(self) -> contract.LoanerOffer:
        """The offer as it is answered."""
        return contract.LoanerOffer(
            id=self.id,
            version=self.version,
            work_order_id=self.id,
            order_number=self.order.number,
            plate=self.order.vehicle["plate"],
            customer=self.order.customer_facts,
            opened_at=self.order.opened_at,
            promised_at=self.order.promised_at,
            raised_at=self.raised_at,
            loaner_answer=self.answer,
            note=self.note,
            answered_by=self.answered_by,
            answered_at=self.ended_at if self.answer else None,
        )


def is_covered(order: WorkOrder) -> bool:
    """Whether three guarantees pay approved work of the order."""
    return any(share["payer"] == "three_guarantees" for line in order.lines if line.approved for share in line.shares)


def offer_at(order: WorkOrder, now: datetime) -> datetime:
    """When a loaner is to be offered: at once if the repair is promised for later than that, else when it has lasted so long."""
    after = order.opened_at + LONG
    return now if order.promised_at is not None and order.promised_at > after else after


def lasts(order: WorkOrder) -> bool:
    """Whether the car is still in repair, under three guarantees."""
    return order.status in NOT_READY and is_covered(order)
