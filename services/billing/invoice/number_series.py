"""Gapless numbers per dealer, series and local year (Rule L2, docs/domain.md)."""

from typing import Literal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from services.billing.model import Base

Series = Literal["INV", "CRN"]
INVOICE: Series = "INV"
CREDIT_NOTE: Series = "CRN"


class NumberSeries(DealerOwned, Base):
    """The last number given out. The row stays locked until the transaction ends: a number that is rolled back is given again."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(3), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]

    def next(self) -> int:
        """The next number."""
        self.last += 1
        return self.last

    def text(self, number: int) -> str:
        """A number as it is printed: INV-2026-000001."""
        return f"{self.series}-{self.year}-{number:06d}"


def lock_series(work: Work, series: Series, year: int) -> NumberSeries:
    """The series of the dealer, locked; before the order's account, because locks have one order."""
    return work.lock_or_create(NumberSeries, {"series": series, "year": year}, last=0)
