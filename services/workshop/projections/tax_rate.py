"""The dealer's tax rates, as billing announced them."""

from datetime import date
from typing import Any

from sqlalchemy import Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Projection, Work
from contracts.tax import DEFAULT_RATE, rate_of
from services.workshop.model import Base


class KnownTaxRate(Projection, Base):
    """Deliveries from a local day on are taxed at this rate, a percentage; its id is derived from the day."""

    __tablename__ = "known_tax_rate"

    effective_on: Mapped[date]
    rate: Mapped[str] = mapped_column(String(10))


def rate_of_day(dealer: str, day: date) -> Select[Any]:
    """Selects the percentage of what is delivered on a local day; none before the dealer's first."""
    known = select(KnownTaxRate.rate).where(KnownTaxRate.dealer_id == dealer, KnownTaxRate.effective_on <= day)
    return known.order_by(KnownTaxRate.effective_on.desc()).limit(1)


def tax_rate_on(work: Work, day: date) -> int:
    """The rate of what is delivered on a local day, in thousandths of a percent."""
    known = work.first(rate_of_day(work.dealer, day))
    return DEFAULT_RATE if known is None else rate_of(known)
