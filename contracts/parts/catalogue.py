"""The dealer's catalogue of parts, and the price files that keep it up to date."""

from typing import Annotated, Any, Literal

from marshmallow import ValidationError, fields, validate

from chassis.wire import Answer, Command, Id, Money, Part, Query, text, whole
from chassis.wire.values import MoneyField
from contracts.shared import Cursor, Limit, Name, Page, PartNumber

Source = Literal["genuine", "oem", "aftermarket"]
"""原厂件, 配套件, 副厂件."""

AbcClass = Literal["A", "B", "C"]


class PriceField(MoneyField):
    """Not negative, and no more than any part costs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": _is_a_price})


def _is_a_price(money: Money) -> None:
    if not 0 <= money.minor <= 10**12:
        raise ValidationError("not_a_price")


Price = Annotated[Money, PriceField]
Unit = Annotated[str, text(10)]


class PriceFileField(fields.String):
    """A file keeps its line ends, so it is no text() field; what is wrong with its content is reported row by row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": validate.Length(min=1, max=20_000_000)})


PriceFile = Annotated[str, PriceFileField]


class PartFacts(Part):
    """What the catalogue says of a part, beside its number."""

    name_zh: Name
    name_en: Name
    unit: Unit
    list_price: Price
    source: Source = "genuine"
    core_charge: Price | None = None
    hazardous: bool = False
    successor: PartNumber | None = None
    abc_class: AbcClass | None = None


class CataloguePart(Answer, PartFacts):
    """A part of the dealer's catalogue (Rule P1); `successor` is the number that replaces it directly (替代件号)."""

    id: Id
    version: int
    part_number: PartNumber
    core_charge: Money


class CatalogueParts(Answer, Page):
    """A page of the catalogue, the highest part number first."""

    items: list[CataloguePart]


class BadRow(Part):
    """A row of a price file that breaks a rule. Rows count as a spreadsheet shows them: the header is row 1."""

    row: Annotated[int, whole(1)]
    field: Annotated[str, text(40)]
    rule: Annotated[str, text(40)]


class ImportReport(Answer):
    """What became of a price file: everything was imported, or - when there is one bad row - nothing.

    `edition` is the edition of the price list that the changed parts were published in; None when nothing changed.
    """

    imported: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    edition: int | None = None
    bad_rows: list[BadRow]


class CreatePart(Command, PartFacts, service="parts", answer=CataloguePart):
    """Add a part to the catalogue.

    The catalogue is the dealer's own (Rule P1).
    """

    part_number: PartNumber


class ChangePart(Command, PartFacts, service="parts", answer=CataloguePart):
    """Change a part.

    Replace what the catalogue says of a part; its number stays.
    """

    part_id: Id


class ImportPriceList(Command, service="parts", answer=ImportReport):
    """Import a price file.

    All of it, or nothing and a report of every bad row (Rule P1).

    CSV, UTF-8 with or without a byte order mark, comma, a header, at most 100,000 rows. The columns `part_number`, `name_zh`,
    `name_en`, `unit`, `list_price` (a plain decimal, the dealer's currency) must be there. `source` (genuine, oem, aftermarket),
    `core_charge`, `hazardous` (yes, no), `successor`, `abc_class` (A, B, C) may be: an absent column leaves what the catalogue
    says, an empty cell clears it.
    """

    csv: PriceFile


class ListParts(Query, service="parts", answer=CatalogueParts):
    """Search the catalogue.

    Parts whose number begins with, or one of whose names contains, what is searched for.
    """

    search: Annotated[str | None, text(60)] = None
    cursor: Cursor = None
    limit: Limit = 50
