"""What one payer owes of a delivery, and whether it is settled (Rule L5, docs/domain.md)."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, Money, belongs_to
from contracts.billing.account import AccountShare, SettlementState
from contracts.shared import Payer
from services.billing.model import Base

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount

CUSTOMER: Payer = "customer_pay"


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

    @property
    def paid(self) -> Money:
        """What was paid for it, less what was given back."""
        return Money.total((one.amount for one in self.account.payments if one.pays(self)), self.account.currency)

    @property
    def open(self) -> Money:
        """What it still owes; nothing once its delivery is reversed."""
        owed = 0 if self.reversed_at else self.total_minor - self.paid.minor
        return Money(max(owed, 0), self.account.currency)

    @property
    def deposit_minor(self) -> int:
        """What of deposits lies on it, less what was given back of it, in minor units."""
        payments = self.account.payments
        applied = {one.id for one in payments if one.method == "deposit" and one.revision == self.revision}
        return sum(one.amount_minor for one in payments if one.id in applied or one.of_id in applied)

    @property
    def state(self) -> SettlementState:
        """Its settlement state. The customer's is authorised only while an approved deposit lies on it."""
        if self.reversed_at:
            return "reversed"
        if not self.open.minor:
            return "paid"
        stands = self.payer != CUSTOMER or self.deposit_minor > 0
        return "authorised" if self.authorised_at and stands else "open"

    def authorise(self, *, reference: str, by: str, at: datetime) -> None:
        """Someone stands for it from now on."""
        self.reference, self.authorised_by, self.authorised_at = reference, by, at

    def describe(self) -> AccountShare:
        """The share with what was paid and who stands for it."""
        return AccountShare(
            payer=cast(Payer, self.payer),
            revision=self.revision,
            invoice_id=self.invoice_id,
            total=Money(self.total_minor, self.account.currency),
            paid=self.paid,
            open=self.open,
            state=self.state,
            authorised_by=self.authorised_by,
            authorised_at=self.authorised_at,
            reference=self.reference,
        )
