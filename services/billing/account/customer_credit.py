"""Customer credit: money of reversed deliveries (Rule W15, docs/domain.md). Its rows are never changed."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, belongs_to, derived_id
from services.billing.account.payment import Payment
from services.billing.account.share import Share
from services.billing.model import Base

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount


class CreditEntry(Entity, Base):
    """A line of the customer credit ledger: what a payment had given for a reversed delivery, and what became of it.

    `source_id` is the payment whose money it is: what it gave is credited, spent and given back as its own, never as another
    one's. Credit belongs to the payer it came from and to the order: an insurer's money never pays the customer's share.
    """

    __tablename__ = "customer_credit"
    __table_args__ = (belongs_to("order_account", "account_id"), Index("customer_credit_account_ix", "dealer_id", "account_id"))

    account_id: Mapped[str] = mapped_column(IdType)
    payer: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    amount_minor: Mapped[int]
    source_id: Mapped[str] = mapped_column(IdType)
    payment_id: Mapped[str | None] = mapped_column(IdType)
    entered_at: Mapped[datetime]

    account: Mapped["OrderAccount"] = relationship(back_populates="credit_entries")

    @classmethod
    def of_reversal(cls, share: Share, source_id: str, minor: int, at: datetime) -> "CreditEntry":
        """What a payment had given for a share whose delivery is reversed. Its id is theirs, so that it is credited once."""
        return cls(
            id=derived_id(share.id, source_id, "credit"),
            payer=share.payer,
            revision=share.revision,
            amount_minor=minor,
            source_id=source_id,
            entered_at=at,
        )

    @classmethod
    def used_by(cls, payment: Payment, source_id: str, minor: int, share: Share) -> "CreditEntry":
        """So much of a payment's credit became this payment for the share, or was given back by this refund."""
        return cls(
            id=derived_id(payment.id, source_id, "credit"),
            payer=share.payer,
            revision=share.revision,
            amount_minor=-minor,
            source_id=source_id,
            payment_id=payment.id,
            entered_at=payment.received_at,
        )
