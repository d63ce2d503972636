"""Parts that have no stock, as parts announced them, and when they would come (Rule W6)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Date, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Work
from contracts.shared import PART_NUMBER
from services.workshop.model import Base


class KnownSupply(DealerOwned, Base):
    """What was told last of a part; of one that was never told of, nobody knows that there is none. The newest edition counts."""

    __tablename__ = "known_supply"

    number_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    edition: Mapped[int]
    free: Mapped[bool]
    expected_on: Mapped[date | None] = mapped_column(Date)
    lead_time_days: Mapped[int | None]


def without_stock(work: Work, part_numbers: Iterable[str]) -> dict[str, KnownSupply]:
    """Of which of these parts there is none, by their keys."""
    keys = sorted(set(map(PART_NUMBER.key, part_numbers)))
    asked = select(KnownSupply).where(KnownSupply.number_key.in_(keys), KnownSupply.free.is_(False))
    return {one.number_key: one for one in work.all(asked)} if keys else {}
