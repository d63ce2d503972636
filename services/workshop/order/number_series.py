"""The numbers people call work orders by: unique per dealer, counted by local year. Gaps mean nothing."""

import re
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, false, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from services.workshop.model import Base

_LAST_DIGITS = re.compile(r"[0-9]{1,6}")
_BEGINNING = re.compile(r"(?:RO?)?([0-9]{0,4})([0-9]{0,6})")


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


def numbered(work: Work, column: SQLColumnExpression[str], typed: str) -> ColumnElement[bool]:
    """That a number is the one typed, without its dashes: whole, its beginning, or the digits it ends with.

    Each is a look into the index of numbers: how many there are does not matter.
    """
    if _LAST_DIGITS.fullmatch(typed):
        years = work.all(select(NumberSeries.year))
        return column.in_([f"RO-{year}-{typed:0>6}" for year in years])
    beginning = _BEGINNING.fullmatch(typed)
    if beginning is None:
        return false()
    # Not LIKE: row-level security keeps it from being a look into the index.
    year, count = beginning.groups()
    return column.between(f"RO-{year:0<4}-{count:0<6}", f"RO-{year:9<4}-{count:9<6}")
