"""What was told of parts' supply: an aggregate for each fact, because each announces one event."""

from collections.abc import Iterable, Sequence

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from chassis import Aggregate, Entity, Work, derived_id
from contracts.parts.supply_events import MOST_PARTS, PartSupply, SupplyChanged
from services.parts.model import Base


class SupplySeries(Entity, Base):
    """One row per dealer; `edition` counts what was told of supply."""

    __tablename__ = "supply_series"

    edition: Mapped[int]


class SupplyNotice(Aggregate, Base):
    """One fact of that series."""

    __tablename__ = "supply_notice"
    __table_args__ = (UniqueConstraint("dealer_id", "edition", name="supply_notice_edition_key"),)

    edition: Mapped[int]


def locked_series(work: Work) -> SupplySeries:
    """The series, locked until the transaction ends: who is told later was read later.

    It is locked only under the stock or catalogue lock, or a supplier's.
    """
    return work.lock_or_create(SupplySeries, {"id": derived_id("supply_series", work.dealer)}, edition=0)


def announce(work: Work, series: SupplySeries, parts: Sequence[PartSupply]) -> None:
    """Tell it, in facts of at most MOST_PARTS parts."""
    for start in range(0, len(parts), MOST_PARTS):
        series.edition += 1
        notice = SupplyNotice(edition=series.edition)
        notice.announce(SupplyChanged(edition=series.edition, parts=list(parts[start : start + MOST_PARTS])))
        work.add(notice)
        work.yield_control()


def tell_new(work: Work, numbers: Iterable[str]) -> None:
    """Of parts that are new to the catalogue there is no stock, and nobody sells them yet."""
    new = [PartSupply(part_number=number, free=False) for number in sorted(numbers)]
    if new:
        announce(work, locked_series(work), new)
