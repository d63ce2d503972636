"""The rows of an order's account: shares owed, payments received, customer credit. Payments and credit are never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, Money, belongs_to
from contracts.billing import account as account_contract
from contracts.billing.account import PaymentKind
from contracts.billing.events import PaymentMethod
from contracts.shared import Payer
from services.billing.domain.model import Base

if TYPE_CHECKING:
    from services.billing.domain.account import OrderAccount


@dataclass(frozen=True)
class Taken:
    """The circumstances of a payment: when, on which local day, and by whom it was taken."""

    at: datetime
    on: date
    by: str


class Share(Entity, Base):
    """What one payer owes of one delivery revision, and who stands for it."""

    __tablename__ = "share"
    __table_args__ = (
        belongs_to("order_account", "account_id"),
        UniqueConstraint("dealer_id", "account_id", "revision", "payer", name="share_payer_revision_key"),
    )

    account_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    payer: Mapped[str] = mapped_column(String(20))
    invoice_id: Mapped[str | None] = mapped_column(IdType)
    total_minor: Mapped[int]
    reference: Mapped[str | None] = mapped_column(String(80))
    authorised_by: Mapped[str | None] = mapped_column(String(120))
    authorised_at: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]

    account: Mapped["OrderAccount"] = relationship(back_populates="shares")


class Payment(Entity, Base):
    """Money that came in, or went out again (negative). Corrections are further rows (Rule L4, docs/domain.md)."""

    __tablename__ = "payment"
    __table_args__ = (
        belongs_to("order_account", "account_id"),
        UniqueConstraint("dealer_id", "method", "provider_reference", name="payment_provider_reference_key"),
        Index("payment_account_ix", "dealer_id", "account_id"),
        Index("payment_received_on_ix", "dealer_id", "received_on"),
    )

    account_id: Mapped[str] = mapped_column(IdType)
    kind: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int | None]
    payer: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20))
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int]
    provider_reference: Mapped[str | None] = mapped_column(String(80))
    of_id: Mapped[str | None] = mapped_column(IdType)
    reason: Mapped[str | None] = mapped_column(String(300))
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    received_by: Mapped[str] = mapped_column(String(64))

    account: Mapped["OrderAccount"] = relationship(back_populates="payments")

    @property
    def amount(self) -> Money:
        """Positive when it came in."""
        return Money(self.amount_minor, self.currency)

    def describe(self) -> account_contract.Payment:
        """The payment as it was recorded."""
        return account_contract.Payment(
            id=self.id,
            kind=cast(PaymentKind, self.kind),
            work_order_id=self.account_id,
            revision=self.revision,
            payer=cast(Payer, self.payer),
            payment_method=cast(PaymentMethod, self.method),
            amount=self.amount,
            provider_reference=self.provider_reference,
            of=self.of_id,
            reason=self.reason,
            received_at=self.received_at,
            received_on=self.received_on,
            received_by=self.received_by,
        )


class CreditEntry(Entity, Base):
    """A line of the customer credit ledger: what a payer had paid for a reversed delivery, and what became of it.

    Credit belongs to the payer it came from and to the order: an insurer's money never pays the customer's share.
    """

    __tablename__ = "customer_credit"
    __table_args__ = (belongs_to("order_account", "account_id"), Index("customer_credit_account_ix", "dealer_id", "account_id"))

    account_id: Mapped[str] = mapped_column(IdType)
    payer: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    amount_minor: Mapped[int]
    payment_id: Mapped[str | None] = mapped_column(IdType)
    entered_at: Mapped[datetime]

    account: Mapped["OrderAccount"] = relationship(back_populates="credit_entries")
