"""Gapless numbers per dealer, series and local year (Rule L2, docs/domain.md)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Entity, Work
from services.billing.model import Base

Series = Literal["INV", "CRN"]
INVOICE: Series = "INV"
CREDIT_NOTE: Series = "CRN"


class NumberSeries(DealerOwned, Base):
    """The last number given out. The row stays locked until the transaction ends: a number that is rolled back is given again.

    `recalls`: the dealer has numbers that were told and forgotten (RecalledNumber).
    """

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(3), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    recalls: Mapped[bool] = mapped_column(default=False)

    def next(self) -> int:
        """The next number."""
        self.last += 1
        return self.last

    def text(self, number: int) -> str:
        """A number as it is printed: INV-2026-000001."""
        return _text(self.series, self.year, number)


class RecalledNumber(Entity, Base):
    """The number under which a document was told before the database was restored; `id` is the document's.

    It is kept for that document, whose cause comes again, and gone with it. What stays is a document that cannot be made again.
    """

    __tablename__ = "recalled_number"

    series: Mapped[str] = mapped_column(String(3))
    year: Mapped[int]
    sequence_number: Mapped[int]
    issued_at: Mapped[datetime]

    def next(self) -> int:
        """The number it had."""
        return self.sequence_number

    def text(self, number: int) -> str:
        """As it was printed."""
        return _text(self.series, self.year, number)


@dataclass(frozen=True)
class Issue:
    """Under which number a document is issued, and when."""

    numbers: NumberSeries | RecalledNumber
    at: datetime
    on: date


def lock_series(work: Work, series: Series, year: int) -> NumberSeries:
    """The series of the dealer, locked; before the order's account, because locks have one order."""
    return work.lock_or_create(NumberSeries, {"series": series, "year": year}, last=0)


def issue_of(work: Work, series: NumberSeries, document: str) -> Issue:
    """The next number of the series, now; of a document that was told and forgotten, the number and time that it had."""
    told = work.find(RecalledNumber, document) if series.recalls else None
    if told is None:
        return Issue(series, work.now, work.profile.local(work.now).date())
    work.delete(told)
    return Issue(told, told.issued_at, work.profile.local(told.issued_at).date())


def _text(series: str, year: int, number: int) -> str:
    return f"{series}-{year}-{number:06d}"
