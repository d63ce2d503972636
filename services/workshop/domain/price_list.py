"""The dealer's price list as parts announced it: the newest edition of each part counts (Rule P1)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerOwned, Money, Work
from contracts.parts.events import PriceEntry, PriceListPublished
from services.workshop.domain.model import Base
from services.workshop.domain.pricing import ListedPart, PriceList


class PartPrice(DealerOwned, Base):
    """One part of the price list."""

    __tablename__ = "part_price"

    part_number: Mapped[str] = mapped_column(String(40), primary_key=True)
    edition: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(10))
    list_price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    successor: Mapped[str | None] = mapped_column(String(40))

    @property
    def listed(self) -> ListedPart:
        """The part as pricing wants it."""
        return ListedPart(
            part_number=self.part_number,
            name_zh=self.name_zh,
            name_en=self.name_en,
            list_price=Money(self.list_price_minor, self.currency),
            successor=self.successor,
        )


def record_prices(work: Work, event: PriceListPublished) -> None:
    """Keep the prices of this edition, except of parts that are known from a newer one."""
    if event.parts:
        parts = sorted(event.parts, key=lambda part: part.part_number)
        work.keep_newest(PartPrice, *(_row(event.edition, part) for part in parts), newer="edition")


def price_list(work: Work, part_numbers: Iterable[str]) -> PriceList:
    """The parts with these numbers, and the parts that supersede them."""
    found: dict[str, ListedPart] = {}
    wanted = set(part_numbers)
    while wanted:
        rows = work.all(select(PartPrice).where(PartPrice.part_number.in_(wanted)))
        found.update((row.part_number, row.listed) for row in rows)
        wanted = {row.successor for row in rows if row.successor is not None} - set(found)
    return PriceList(found)


def _row(edition: int, part: PriceEntry) -> dict[str, Any]:
    return {
        "part_number": part.part_number,
        "edition": edition,
        "name_zh": part.name_zh,
        "name_en": part.name_en,
        "unit": part.unit,
        "list_price_minor": part.list_price.minor,
        "currency": part.list_price.currency,
        "successor": part.successor,
    }
