"""The numbers people call work orders by: unique per dealer, counted by local year. Gaps mean nothing."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from chassis.store.sql import insert_new
from services.workshop.domain.model import Base, table_of


class NumberSeries(DealerOwned, Base):
    """How far the dealer has counted in one year."""

    __tablename__ = "number_series"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(work: Work, local: datetime) -> str:
    """The next number of the dealer's local year, such as RO-2026-000123."""
    table = table_of(NumberSeries)
    first = {"dealer_id": work.dealer, "year": local.year, "last": 0}
    work.session.execute(insert_new(work.session, table, table.c.year), first)
    counted = work.session.execute(
        update(table)
        .where(table.c.dealer_id == work.dealer, table.c.year == local.year)
        .values(last=table.c.last + 1)
        .returning(table.c.last)
    ).scalar_one()
    return f"RO-{local.year}-{counted:06d}"
