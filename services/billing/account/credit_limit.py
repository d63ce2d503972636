"""What a customer may owe the dealer on account, and who approved it (Rule L4, docs/domain.md)."""

from datetime import datetime

from sqlalchemy import Index, String, case, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import Aggregate, Entity, IdType, Invalid, Money, Refused, Work, belongs_to
from contracts.billing import credit_limit as contract
from contracts.billing.events import CreditLimitApproved
from services.billing.account.order_account import OrderAccount
from services.billing.account.share import Share
from services.billing.model import Base


class ApprovedLimit(Entity, Base):
    """A limit as it was approved; never changed."""

    __tablename__ = "approved_limit"
    __table_args__ = (belongs_to("credit_limit", "customer_id"), Index("approved_limit_customer_ix", "dealer_id", "customer_id"))

    customer_id: Mapped[str] = mapped_column(IdType)
    limit_minor: Mapped[int]
    reason: Mapped[str] = mapped_column(String(300))
    approved_by: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[datetime]


class CreditLimit(Aggregate, Base):
    """The limit of one customer, whose id it has. Its lock is what keeps two orders from using the same room at once."""

    __tablename__ = "credit_limit"

    currency: Mapped[str] = mapped_column(String(3))
    limit_minor: Mapped[int]

    history: Mapped[list[ApprovedLimit]] = relationship(lazy="selectin", order_by=ApprovedLimit.id, cascade="all, delete-orphan")

    @property
    def limit(self) -> Money:
        """The limit that holds now."""
        return Money(self.limit_minor, self.currency)

    def approve(self, limit: Money, *, reason: str, by: str, at: datetime) -> None:
        """From now on the customer may owe so much. Raises Invalid for another currency."""
        if limit.currency != self.currency:
            raise Invalid.field("limit", "wrong_currency", currency=self.currency)
        self.limit_minor = limit.minor
        self.history.append(
            ApprovedLimit(customer_id=self.id, limit_minor=limit.minor, reason=reason, approved_by=by, approved_at=at)
        )
        self.announce(CreditLimitApproved(customer_id=self.id, limit=limit, reason=reason))

    def describe_used(self, on_account: Money) -> contract.CreditLimit:
        """The limit with its history, and what of it is used."""
        return contract.CreditLimit(
            id=self.id,
            version=self.version,
            customer_id=self.id,
            limit=self.limit,
            on_account=on_account,
            history=[
                contract.ApprovedLimit(
                    limit=Money(one.limit_minor, self.currency),
                    reason=one.reason,
                    approved_by=one.approved_by,
                    approved_at=one.approved_at,
                )
                for one in self.history
            ],
        )


def on_account(work: Work, limit: CreditLimit) -> Money:
    """What the customer owes on account, over all orders."""
    live = case((Share.granted_minor < Share.owed_minor, Share.granted_minor), else_=Share.owed_minor)
    ((minor,),) = work.execute(
        select(func.coalesce(func.sum(live), 0))
        .select_from(Share)
        .join(OrderAccount, (OrderAccount.dealer_id == Share.dealer_id) & (OrderAccount.id == Share.account_id))
        .where(OrderAccount.customer_id == limit.id, Share.owed_minor > 0)
    )
    return Money(int(minor), limit.currency)


def require_room(work: Work, account: OrderAccount, more: Money | None = None) -> None:
    """The customer may owe what is on account by now, and that much more. Raises Refused without an approved limit, or beyond it.

    The limit stays locked until the transaction ends: of two orders that want the last of it at once, one gets it.
    """
    limit = None if account.customer_id is None else work.lock(CreditLimit, account.customer_id)
    if limit is None:
        raise Refused("no_credit_limit", customer_id=account.customer_id)
    more = Money.zero(limit.currency) if more is None else more
    if more.currency == limit.currency and (would_owe := on_account(work, limit) + more) > limit.limit:
        raise Refused("credit_limit_exceeded", limit=limit.limit.plain(), would_owe=would_owe.plain())
