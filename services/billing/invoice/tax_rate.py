"""The dealer's tax rates (Rule L1, docs/domain.md)."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, Prefetch, Work
from contracts.billing import invoice as contract
from contracts.workshop.events import WorkOrderDelivered
from services.billing.invoice.tax import percent
from services.billing.model import Base

DEFAULT_RATE = 13_000


class TaxRate(Entity, Base):
    """A setting: deliveries from a local day on are taxed at this rate."""

    __tablename__ = "tax_rate"
    __table_args__ = (UniqueConstraint("dealer_id", "effective_on", name="tax_rate_effective_on_key"),)

    effective_on: Mapped[date]
    rate: Mapped[int] = mapped_column()

    def describe(self) -> contract.TaxRate:
        """The rate in percent."""
        return contract.TaxRate(effective_on=self.effective_on, rate=percent(self.rate))


class RatesByDealer(dict[str, Sequence[TaxRate]]):
    """The rates of each dealer, the latest first, read once per transaction."""


def rates(work: Work) -> Sequence[TaxRate]:
    """The dealer's rates, the latest first."""
    known = work.shared(RatesByDealer)
    if work.dealer not in known:
        known[work.dealer] = _latest_first(work.all(select(TaxRate)))
    return known[work.dealer]


def prefetch_rates(batch: Prefetch[WorkOrderDelivered]) -> None:
    """The rates of a batch's dealers, in one statement."""
    found = batch.of_dealers(TaxRate)
    batch.shared(RatesByDealer).update(
        (dealer, _latest_first(one for one in found if one.dealer_id == dealer)) for dealer in batch.dealers
    )


def rate_on(day: date, known: Sequence[TaxRate]) -> int:
    """The rate of deliveries of a local day; `known` has the latest first."""
    return next((one.rate for one in known if one.effective_on <= day), DEFAULT_RATE)


def _latest_first(known: Iterable[TaxRate]) -> Sequence[TaxRate]:
    return sorted(known, key=lambda one: one.effective_on, reverse=True)
