"""The taken places of the calendar's slots (Rule B2, docs/domain.md): never more than there are, however many ask at once.

A place is taken by one conditional UPDATE: the row lock lines the askers up, and each sees what the one before it left. Places
are taken and freed in one order, so that two who want the same two places do not wait for each other.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, String, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from chassis.store.sql import insert_new
from services.booking.domain.model import Base


class Place(NamedTuple):
    """One of the places of a slot: of a type of service, or of an advisor."""

    starts_at: datetime
    of: str


class Slot(DealerOwned, Base):
    """How many places of one kind are taken in a slot; no row means none. What is over stays: it is the forecast's history."""

    __tablename__ = "slot"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(String(80), primary_key=True)
    taken: Mapped[int]


def advisors(advisor: str) -> str:
    """The kind of place that is an advisor's time."""
    return f"advisor:{advisor}"


def exchange(work: Work, *, free: Iterable[Place] = (), take: Iterable[tuple[Place, int]] = ()) -> Place | None:
    """Free places, and take others of which there are so many: all of it, or nothing if one is not to be had.

    Answers the place that is not to be had, or None.
    """
    changes: list[tuple[Place, int | None]] = [*((place, None) for place in free), *take]
    done: list[tuple[Place, int]] = []
    for place, capacity in sorted(changes, key=lambda change: change[0]):
        if capacity is None:
            _add(work, place, -1)
        elif not _take(work, place, capacity):
            for changed, by in done:
                _add(work, changed, -by)
            return place
        done.append((place, -1 if capacity is None else 1))
    return None


def _take(work: Work, place: Place, capacity: int) -> bool:
    table: Any = Slot.__table__
    key = {"dealer_id": work.dealer, "starts_at": place.starts_at, "of": place.of}
    work.session.execute(insert_new(work.session, table, table.c.taken), {**key, "taken": 0})
    return _add(work, place, 1, table.c.taken < capacity)


def _add(work: Work, place: Place, by: int, *only: Any) -> bool:
    table: Any = Slot.__table__
    row = (table.c.dealer_id == work.dealer, table.c.starts_at == place.starts_at, table.c.of == place.of)
    changed = update(table).where(*row, *only).values(taken=table.c.taken + by).returning(table.c.taken)
    return work.session.execute(changed).first() is not None
