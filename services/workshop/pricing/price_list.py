"""The dealer's price list as far as a use case needs it, chains of successors included (Rule P1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from chassis import Money, NotYetKnown, Refused, Work
from contracts.shared import PART_NUMBER
from services.workshop.projections.part_price import PartPrice


@dataclass(frozen=True)
class ListedPart:
    """A part as the dealer's price list has it; a superseded one names its successor. Most have no core charge."""

    part_number: str
    name_zh: str
    name_en: str
    list_price: Money
    successor: str | None = None
    core_charge: Money | None = None
    unit: str | None = None


class PriceList:
    """Parts of the price list by the key of their number, however it is typed (ADR 0021)."""

    def __init__(self, by_key: Mapping[str, ListedPart]) -> None:
        self._by_key = by_key

    @property
    def keys(self) -> set[str]:
        """The keys of all numbers that are known here."""
        return set(self._by_key)

    def find(self, part_number: str) -> ListedPart | None:
        """The part of that number, superseded or not."""
        return self._by_key.get(PART_NUMBER.key(part_number))

    def current(self, part_number: str) -> ListedPart:
        """The part that is sold under that number today: the end of its chain of successors.

        Raises NotYetKnown while the list, which another service announces, lacks it.
        """
        part, passed = self._known(part_number), set()
        while part.successor is not None:
            passed.add(part.part_number)
            if part.successor in passed:
                raise Refused("part_supersession_loops", part_number=part_number)
            part = self._known(part.successor)
        return part

    def _known(self, part_number: str) -> ListedPart:
        part = self.find(part_number)
        if part is None:
            raise NotYetKnown.reference("part_number", part_number)
        return part


def price_list(work: Work, part_numbers: Iterable[str]) -> PriceList:
    """The parts with these numbers, and the parts that supersede them."""
    found: dict[str, ListedPart] = {}
    wanted = set(map(PART_NUMBER.key, part_numbers))
    while wanted:
        rows = work.all(select(PartPrice).where(PartPrice.number_key.in_(wanted)))
        found.update((row.number_key, _listed(row)) for row in rows)
        wanted = {PART_NUMBER.key(row.successor) for row in rows if row.successor is not None} - set(found)
    return PriceList(found)


def _listed(row: PartPrice) -> ListedPart:
    return ListedPart(
        part_number=row.part_number,
        name_zh=row.name_zh,
        name_en=row.name_en,
        list_price=row.list_price,
        core_charge=row.core_charge,
        successor=row.successor,
        unit=row.unit,
    )
