"""The numbers people call work orders by: unique per dealer, counted by local year. Gaps mean nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, false, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from chassis.wire.searching import numbers_meant
from services.workshop.model import Base

SERIES = "RO"


class NumberSeries(DealerOwned, Base):
    """How far the dealer has counted in one year."""

    __tablename__ = "number_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(work: Work, local: datetime) -> str:
    """The next number of the dealer's local year, such as RO-2026-000123."""
    series = work.lock_or_create(NumberSeries, {"year": local.year}, last=0)
    series.last += 1
    return _text(local.year, series.last)


def numbered(work: Work, column: SQLColumnExpression[str], typed: str) -> ColumnElement[bool]:
    """That a number is the one typed, without its dashes: whole, its beginning, or the digits it ends with.

    Each is a look into the index of numbers: how many there are does not matter.
    """
    meant = numbers_meant(typed, SERIES)
    if meant is None:
        return false()
    if meant.years is None:
        return column.in_([_text(year, meant.counts.first) for year in work.all(select(NumberSeries.year))])
    # Not LIKE: row-level security keeps it from being a look into the index.
    return column.between(_text(meant.years.first, meant.counts.first), _text(meant.years.last, meant.counts.last))


def _text(year: int, number: int) -> str:
    return f"{SERIES}-{year:04d}-{number:06d}"
