"""What one payer owes of a delivery, and whether it is settled (Rule L5, docs/domain.md)."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Entity, IdType, Money, belongs_to, derived_id
from contracts.billing.account import AccountShare, SettlementState
from contracts.shared import Payer
from services.billing.model import Base

if TYPE_CHECKING:
    from services.billing.account.order_account import OrderAccount
    from services.billing.account.payment import Payment

CUSTOMER: Payer = "customer_pay"


class Share(Entity, Base):
    """What one payer owes of one delivery revision, and who stands for it.

    `owed_minor` is what is not paid, `granted_minor` what of it was put on account; both follow from the payments (`recount`) and
    are columns so that lists find who owes.
    """

    __tablename__ = "share"
    __table_args__ = (
        belongs_to("order_account", "account_id"),
        UniqueConstraint("dealer_id", "account_id", "revision", "payer", name="share_payer_revision_key"),
        Index("share_owed_ix", "dealer_id", "id", postgresql_where=text("owed_minor > 0")),
    )

    account_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    payer: Mapped[str] = mapped_column(String(20))
    invoice_id: Mapped[str | None] = mapped_column(IdType)
    total_minor: Mapped[int]
    owed_minor: Mapped[int]
    granted_minor: Mapped[int]
    reference: Mapped[str | None] = mapped_column(String(80))
    authorised_by: Mapped[str | None] = mapped_column(String(120))
    authorised_at: Mapped[datetime | None]
    reversed_at: Mapped[datetime | None]

    account: Mapped["OrderAccount"] = relationship(back_populates="shares")

    @classmethod
    def of_bill(cls, account_id: str, revision: int, payer: Payer, invoice_id: str | None, total_minor: int) -> "Share":
        """What a payer owes of a delivery that was just billed: all of it."""
        return cls(
            id=derived_id(account_id, payer, revision, "share"),
            revision=revision,
            payer=payer,
            invoice_id=invoice_id,
            total_minor=total_minor,
            owed_minor=total_minor,
            granted_minor=0,
        )

    def recount(self) -> None:
        """What is owed and what is on account, from the payments; nothing once its delivery is reversed."""
        granted = sum(one.amount_minor for one in self._payments if one.method == "on_account")
        self.owed_minor = 0 if self.reversed_at else max(self.total_minor - self.paid.minor, 0)
        self.granted_minor = 0 if self.reversed_at else granted

    @property
    def paid(self) -> Money:
        """What money was paid for it, less what was given back; nothing once its delivery is reversed. On account is owed."""
        if self.reversed_at is not None:
            return Money.zero(self.account.currency)
        return Money.total((one.amount for one in self._payments if one.method != "on_account"), self.account.currency)

    def lower(self, minor: int) -> None:
        """So much less is owed: a core charge was credited. What was paid too much is there to be given back."""
        self.total_minor -= minor
        self.recount()

    @property
    def overpaid_minor(self) -> int:
        """What was paid and is not owed any more, for a core charge was credited; what a reversal takes back is credit."""
        return max(self.paid.minor - self.total_minor, 0)

    @property
    def owed(self) -> Money:
        """What is not paid, whether it is on account or open."""
        return Money(self.owed_minor, self.account.currency)

    @property
    def on_account(self) -> Money:
        """What of it is owed within the customer's approved limit; money that comes later pays it off."""
        return Money(min(self.granted_minor, self.owed_minor), self.account.currency)

    @property
    def open(self) -> Money:
        """What is neither paid nor on account."""
        return self.owed - self.on_account

    @property
    def _payments(self) -> list["Payment"]:
        return [one for one in self.account.payments if one.pays(self)]

    @property
    def prepaid_minor(self) -> int:
        """What of deposits and of credit lies on it, less what was given back, and the credit that is there to be used."""
        applied = {one.id for one in self._payments if one.method in ("deposit", "customer_credit")}
        lying = sum(one.amount_minor for one in self.account.payments if one.id in applied or one.of_id in applied)
        return lying + self.account.ledger.credit(self.payer).minor

    @property
    def state(self) -> SettlementState:
        """Its settlement state. The customer's is authorised only while money lies on it that an approval can stand on."""
        if self.reversed_at:
            return "reversed"
        if not self.owed_minor:
            return "paid"
        if not self.open.minor:
            return "on_account"
        stands = self.payer != CUSTOMER or self.prepaid_minor > 0
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
            on_account=self.on_account,
            open=self.open,
            state=self.state,
            authorised_by=self.authorised_by,
            authorised_at=self.authorised_at,
            reference=self.reference,
            reversed_at=self.reversed_at,
        )
