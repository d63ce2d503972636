"""The dealer's tax rates, as billing announced them."""

from datetime import date
from typing import Any

from sqlalchemy import Select, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DEALER, Projection, Work
from contracts.tax import DEFAULT_RATE, rate_of
from services.workshop.model import Base


class KnownTaxRate(Projection, Base):
    """Deliveries from a local day on are taxed at this rate, a percentage; its id is derived from the day."""

    __tablename__ = "known_tax_rate"

    effective_on: Mapped[date]
    rate: Mapped[str] = mapped_column(String(10))


RATE_OF_DAY: Select[Any] = (
    select(KnownTaxRate.rate)
    .where(KnownTaxRate.dealer_id == DEALER, KnownTaxRate.effective_on <= bindparam("day"))
    .order_by(KnownTaxRate.effective_on.desc())
    .limit(1)
)
"""The percentage of what is delivered on a local `day`; none before the dealer's first."""


def tax_rate_on(work: Work, day: date) -> int:
    """The rate of what is delivered on a local day, in thousandths of a percent."""
    known = work.ask(RATE_OF_DAY, day=day)
    return rate_of(known[0].rate) if known else DEFAULT_RATE
