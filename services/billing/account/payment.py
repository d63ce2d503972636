"""Payments, deposits and refunds (Rule L4, docs/domain.md). Their rows are never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Self, cast

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, Money, Work, belongs_to
from contracts.billing import account as contract
from contracts.billing.account import PaymentKind
from contracts.billing.events import PaymentMethod
from contracts.shared import Payer
from services.billing.account.share import Share
from services.billing.account.standing import named
from services.billing.model import Base

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount


@dataclass(frozen=True)
class PaymentContext:
    """When, on which local day, and by whom a payment is recorded."""

    at: datetime
    on: date
    by: str

    @classmethod
    def of(cls, work: Work) -> Self:
        """The context of what this unit of work records."""
        return cls(at=work.now, on=work.profile.local(work.now).date(), by=work.actor)


class Payment(Entity, Base):
    """Money that came in, or went out again (negative). Corrections are further rows (Rule L4, docs/domain.md).

    What moves between two accounts is a row in each, which names the other as its counterpart.
    """

    __tablename__ = "payment"
    __table_args__ = (
        belongs_to("order_account", "account_id"),
        Index("payment_account_ix", "dealer_id", "account_id"),
        Index("payment_tender_ix", "dealer_id", "tender_id"),
        Index("payment_received_on_ix", "dealer_id", "received_on"),
    )

    account_id: Mapped[str] = mapped_column(IdType)
    kind: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int | None]
    payer: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int]
    tender_id: Mapped[str | None] = mapped_column(IdType)
    provider: Mapped[str | None] = mapped_column(String(80))
    provider_reference: Mapped[str | None] = mapped_column(String(80))
    of_id: Mapped[str | None] = mapped_column(IdType)
    counterpart_id: Mapped[str | None] = mapped_column(IdType)
    reason: Mapped[str | None] = mapped_column(String(300))
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    received_by: Mapped[str] = mapped_column(String(64))

    account: Mapped["OrderAccount"] = relationship(back_populates="payments")

    @property
    def amount(self) -> Money:
        """Positive when it came in."""
        return Money(self.amount_minor, self.currency)

    def pays(self, share: Share) -> bool:
        """Whether it is money for this share, or gives such money back."""
        return (self.revision, self.payer) == (share.revision, share.payer)

    def describe(self) -> contract.Payment:
        """The payment as it was recorded."""
        return contract.Payment(
            id=self.id,
            kind=cast(PaymentKind, self.kind),
            work_order_id=None if self.account.of_appointment else self.account_id,
            appointment_id=self.account_id if self.account.of_appointment else None,
            revision=self.revision,
            payer=cast(Payer, self.payer),
            payment_method=cast(PaymentMethod, self.method),
            amount=self.amount,
            provider=self.provider,
            provider_reference=self.provider_reference,
            of=self.of_id,
            counterpart=self.counterpart_id,
            reason=self.reason,
            received_at=self.received_at,
            received_on=self.received_on,
            received_by=self.received_by,
            **named(self.account),
        )
