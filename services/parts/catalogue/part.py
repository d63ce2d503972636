"""A part of a dealer's catalogue (Rule P1)."""

from collections.abc import Iterable, Mapping

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Money, Quantity, Refused, Work
from chassis.wire.searching import forms
from contracts.parts.catalogue import AbcClass, CataloguePart, PartFacts, Source
from contracts.parts.events import PriceEntry
from contracts.pieces import require_whole
from contracts.shared import BARCODE, PART_NUMBER
from services.parts.catalogue.supersession import chain
from services.parts.model import Base, PartNumberType


class Part(Aggregate, Base):
    """One part number of the dealer's catalogue, as it was spelled first. `successor` is the number that replaces it directly.

    `number_key` is what is compared when somebody types a number: 2102-9627 and 21029627 are one part; `barcode_key` what is
    compared when somebody scans a label that shows another code than the number.
    """

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("dealer_id", "number", name="part_number_key"),
        UniqueConstraint("dealer_id", "number_key", name="part_number_key_key"),
        UniqueConstraint("dealer_id", "barcode_key", name="part_barcode_key_key"),
        Index("part_successor", "dealer_id", "successor"),
        CheckConstraint("list_price_minor >= 0 AND core_charge_minor >= 0", name="amounts"),
        CheckConstraint("successor <> number", name="successor"),
    )

    number: Mapped[str] = mapped_column(PartNumberType)
    number_key: Mapped[str] = mapped_column(PartNumberType)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    names: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(String(10))
    source: Mapped[Source] = mapped_column(String(12))
    list_price_minor: Mapped[int]
    core_charge_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    hazardous: Mapped[bool]
    successor: Mapped[str | None] = mapped_column(PartNumberType)
    abc_class: Mapped[AbcClass | None] = mapped_column(String(1))
    barcode: Mapped[str | None] = mapped_column(String(40))
    barcode_key: Mapped[str | None] = mapped_column(String(40))
    bin_location: Mapped[str | None] = mapped_column(String(20))

    def __init__(self, number: str) -> None:
        super().__init__(number=number, number_key=PART_NUMBER.key(number))

    def change(self, facts: PartFacts, currency: str, successor: str | None, successors: Mapping[str, str]) -> None:
        """Take over what the catalogue shall say; `successors` are the dealer's supersessions. Raises Refused."""
        for field, money in (("list_price", facts.list_price), ("core_charge", facts.core_charge)):
            if money is not None and money.currency != currency:
                raise Refused("wrong_currency", field=field, currency=currency)
        if successor is not None and self.number in chain(successor, successors):
            raise Refused("supersession_cycle", field="successor", part_number=successor)
        self.name_zh, self.name_en, self.unit = facts.name_zh, facts.name_en, facts.unit
        self.names = found_by_name(facts.name_zh, facts.name_en)
        self.source, self.hazardous, self.abc_class = facts.source, facts.hazardous, facts.abc_class
        self.list_price_minor = facts.list_price.minor
        self.core_charge_minor = facts.core_charge.minor if facts.core_charge else 0
        self.currency, self.successor = currency, successor
        self.barcode, self.bin_location = facts.barcode, facts.bin_location
        self.barcode_key = None if facts.barcode is None else BARCODE.key(facts.barcode)

    def entry(self) -> PriceEntry:
        """The part as the price list publishes it."""
        return PriceEntry(
            part_number=self.number,
            name_zh=self.name_zh,
            name_en=self.name_en,
            unit=self.unit,
            list_price=Money(self.list_price_minor, self.currency),
            successor=self.successor,
            core_charge=Money(self.core_charge_minor, self.currency),
            source=self.source,
        )

    def describe(self) -> CataloguePart:
        """The part as the catalogue shows it."""
        return CataloguePart(
            id=self.id,
            version=self.version,
            part_number=self.number,
            name_zh=self.name_zh,
            name_en=self.name_en,
            unit=self.unit,
            source=self.source,
            list_price=Money(self.list_price_minor, self.currency),
            core_charge=Money(self.core_charge_minor, self.currency),
            hazardous=self.hazardous,
            successor=self.successor,
            abc_class=self.abc_class,
            barcode=self.barcode,
            bin_location=self.bin_location,
        )


def found_by_name(*names: str) -> str:
    """What a part is found by, beside its number."""
    return "\n".join(map(forms, names))


class Numbers:
    """The catalogue's numbers of what somebody typed (ADR 0021)."""

    def __init__(self, by_key: Mapping[str, str], units: Mapping[str, str] | None = None) -> None:
        self._by_key = by_key
        self._units = units or {}

    def find(self, typed: str) -> str | None:
        """The number as the catalogue has it; None if it has none."""
        return self._by_key.get(PART_NUMBER.key(typed))

    def of(self, typed: str) -> str:
        """The number as the catalogue has it. Of an unknown part its key: when the part comes, whoever waits is found by it."""
        key = PART_NUMBER.key(typed)
        return self._by_key.get(key, key)

    def known(self, typed: str) -> str:
        """The number as the catalogue has it. Raises Refused("part_unknown")."""
        found = self.find(typed)
        if found is None:
            raise Refused("part_unknown", part_number=typed)
        return found

    def also(self, by_key: Mapping[str, str], units: Mapping[str, str]) -> "Numbers":
        """These numbers, and where none is known the catalogue's numbers of what somebody else calls the parts."""
        return Numbers({**by_key, **self._by_key}, {**units, **self._units})

    def require_whole(self, field: str, typed: str, quantity: Quantity) -> None:
        """Raises Invalid for a part of a piece: what is counted is not measured."""
        require_whole(field, self._units.get(PART_NUMBER.key(typed), ""), quantity)


def numbers_of(work: Work, typed: Iterable[str]) -> Numbers:
    """What the catalogue calls the parts that somebody named."""
    keys = sorted({PART_NUMBER.key(one) for one in typed})
    if not keys:
        return Numbers({})
    rows = work.execute(
        select(Part.number_key, Part.number, Part.unit).where(Part.dealer_id == work.dealer, Part.number_key.in_(keys))
    )
    return Numbers({row.number_key: row.number for row in rows}, {row.number_key: row.unit for row in rows})


def scanned(work: Work, code: str) -> str | None:
    """The number of the part that a scanner's text stands for: it is the number, or else the part's barcode; None for neither."""
    named = numbers_of(work, [code]).find(code)
    return named or work.first(select(Part.number).where(Part.barcode_key == BARCODE.key(code)))


def parts_of(work: Work, numbers: Iterable[str]) -> dict[str, Part]:
    """What the catalogue says of these parts, by number."""
    wanted = sorted(set(numbers))
    return {part.number: part for part in work.all(select(Part).where(Part.number.in_(wanted)))} if wanted else {}


def successors_of(work: Work, numbers: Iterable[str]) -> dict[str, str]:
    """Every supersession that starts from one of these numbers, link by link."""
    part = Part.__table__.c
    superseded = select(part.number, part.successor).where(part.dealer_id == work.dealer, part.successor.is_not(None))
    links = superseded.where(part.number.in_(sorted(numbers))).cte("links", recursive=True)
    links = links.union(superseded.where(part.number == links.c.successor))
    return {row.number: row.successor for row in work.execute(select(links))}


def supersessions_of(work: Work, numbers: Iterable[str]) -> dict[str, str]:
    """Every supersession that leads to or from one of these numbers, link by link."""
    wanted = sorted(numbers)
    if not wanted:
        return {}
    part = Part.__table__.c
    superseded = select(part.number, part.successor).where(part.dealer_id == work.dealer, part.successor.is_not(None))
    older = superseded.where(part.successor.in_(wanted)).cte("older", recursive=True)
    older = older.union(superseded.where(part.successor == older.c.number))
    return {row.number: row.successor for row in work.execute(select(older))} | successors_of(work, wanted)
