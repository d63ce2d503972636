"""What came in or went out under one reference of a provider: once, however many orders it pays (Rule L4, docs/domain.md)."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, Invalid, Money, Refused, Work, derived_id
from contracts.billing.account import Tendered
from contracts.shared import REFERENCE
from services.billing.account.payment import Payment
from services.billing.model import Base

Direction = Literal["in", "out"]


class Tender(Entity, Base):
    """One transaction of a provider: a transfer may pay several orders, its parts add up to at most its total.

    A reference is the provider's: two banks may give the same one. What went out has references of its own, so that a refund may
    carry the payment's.
    """

    __tablename__ = "tender"
    __table_args__ = (UniqueConstraint("dealer_id", "direction", "method", "provider", "reference", name="tender_reference_key"),)

    direction: Mapped[str] = mapped_column(String(3))
    method: Mapped[str] = mapped_column(String(20))
    provider: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(80))
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int]

    @property
    def total(self) -> Money:
        """What the provider moved in all."""
        return Money(self.total_minor, self.currency)

    def require_left(self, parts: Sequence[Payment], amount: Money, asked_total: Money | None) -> None:
        """So much more was part of it. Raises Refused if it was not, or if somebody now says that it was another total."""
        if asked_total is not None and asked_total != self.total:
            raise Refused("reference_total_differs", provider_reference=self.reference, total=self.total.plain())
        left = self.total - Money(sum(abs(one.amount_minor) for one in parts), self.currency)
        if amount > left:
            raise Refused("reference_used", provider_reference=self.reference, left=left.plain())


def open_tender(
    work: Work, direction: Direction, method: str, tendered: Tendered, amount: Money, *, of: Payment | None = None
) -> tuple[Tender, Sequence[Payment]]:
    """The transaction under that reference, locked, with its parts so far; a new one if nobody named it before.

    A refund under the reference of the payment it gives back (`of`) is part of a transaction as large as that one. Raises Refused
    under the reference of another payment, whose own refund it would stand in the way of.
    """
    assert tendered.provider_reference is not None, "a tender has a reference"
    total = tendered.reference_total or _own_total(work, tendered, of) or amount
    if total.currency != amount.currency:
        raise Invalid.field("reference_total", "wrong_currency", currency=amount.currency)
    if total < amount:
        raise Invalid.field("reference_total", "less_than_amount")
    provider = "" if tendered.provider is None else REFERENCE.key(tendered.provider)
    reference = REFERENCE.key(tendered.provider_reference)
    if of is not None:
        paid = work.find(Tender, _id(work, "in", method, provider, reference))
        if paid is not None and paid.id != of.tender_id:
            raise Refused("reference_used", provider_reference=reference, left=Money.zero(amount.currency).plain())
    tender = work.lock_or_create(
        Tender,
        {"id": _id(work, direction, method, provider, reference)},
        direction=direction,
        method=method,
        provider=provider,
        reference=reference,
        currency=amount.currency,
        total_minor=total.minor,
    )
    return tender, work.all(select(Payment).where(Payment.tender_id == tender.id).order_by(Payment.id))


def _id(work: Work, direction: Direction, method: str, provider: str, reference: str) -> str:
    return derived_id(work.dealer, direction, method, provider, reference, "tender")


def _own_total(work: Work, tendered: Tendered, of: Payment | None) -> Money | None:
    if of is None or of.tender_id is None or tendered.provider_reference is None:
        return None
    paid = work.get(Tender, of.tender_id)
    return paid.total if paid.reference == REFERENCE.key(tendered.provider_reference) else None
