"""The numbers people call work orders by: unique per dealer, counted by local year. Gaps mean nothing."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from services.workshop.model import Base


class NumberSeries(DealerOwned, Base):
    """How far the dealer has counted in one year."""

    __tablename__ = "number_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(work: Work, local: datetime) -> str:
    """The next number of the dealer's local year, such as RO-2026-000123."""
    series = work.lock_or_create(NumberSeries, {"year": local.year}, last=0)
    series.last += 1
    return f"RO-{local.year}-{series.last:06d}"
