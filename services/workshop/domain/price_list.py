"""The dealer's price list as parts announced it: the newest edition of each part counts (Rule P1)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import String, bindparam, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store.model import DealerOwned
from chassis.store.sql import insert_new
from chassis.wire.values import Money
from chassis.work.unit_of_work import Work
from contracts.parts.events import PriceEntry
from services.workshop.domain.model import Base, table_of
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


def record_prices(work: Work, edition: int, parts: Sequence[PriceEntry]) -> None:
    """Keep the prices of this edition, except of parts that are known from a newer one."""
    if not parts:
        return
    # Sorted by number: two chunks at once must lock the rows in the same order.
    rows = [_row(work, edition, part) for part in sorted(parts, key=lambda part: part.part_number)]
    table = table_of(PartPrice)
    new = set(work.session.execute(insert_new(work.session, table, table.c.part_number), rows).scalars())
    known = [{f"new_{name}": value for name, value in row.items()} for row in rows if row["part_number"] not in new]
    if known:
        change = (
            update(table)
            .where(
                table.c.dealer_id == bindparam("new_dealer_id"),
                table.c.part_number == bindparam("new_part_number"),
                table.c.edition < bindparam("new_edition"),
            )
            .values({name: bindparam(f"new_{name}") for name in rows[0] if name not in ("dealer_id", "part_number")})
        )
        work.session.connection().execute(change, known)


def price_list(work: Work, part_numbers: Iterable[str]) -> PriceList:
    """The parts with these numbers, and the parts that supersede them."""
    found: dict[str, ListedPart] = {}
    wanted = set(part_numbers)
    while wanted:
        rows = work.all(select(PartPrice).where(PartPrice.part_number.in_(wanted)))
        found.update((row.part_number, row.listed) for row in rows)
        wanted = {row.successor for row in rows if row.successor is not None} - set(found)
    return PriceList(found)


def _row(work: Work, edition: int, part: PriceEntry) -> dict[str, Any]:
    return {
        "dealer_id": work.dealer,
        "part_number": part.part_number,
        "edition": edition,
        "name_zh": part.name_zh,
        "name_en": part.name_en,
        "unit": part.unit,
        "list_price_minor": part.list_price.minor,
        "currency": part.list_price.currency,
        "successor": part.successor,
    }
