"""The dealer's catalogue of parts, and the price files that keep it up to date."""

from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Money, Part, Quantity, Query, text
from contracts.files import TableFile, TableFileReport
from contracts.shared import Barcode, BinLocation, Listing, Name, Page, PartNumber, Price

Source = Literal["genuine", "oem", "aftermarket"]
"""原厂件, 配套件, 副厂件."""

AbcClass = Literal["A", "B", "C"]


Unit = Annotated[str, text(10)]


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
    barcode: Barcode | None = None
    bin_location: BinLocation | None = None


class CataloguePart(Answer, PartFacts):
    """A part of the dealer's catalogue (Rule P1); `successor` is the number that replaces it directly (替代件号)."""

    id: Id
    version: int
    part_number: PartNumber
    core_charge: Money


class ListedPart(CataloguePart):
    """A part as the list shows it: with what the house has of it, and what may still be promised (Rule P2)."""

    on_hand: Quantity
    available: Quantity


class CatalogueParts(Answer, Page):
    """A page of the catalogue, the highest part number first."""

    items: list[ListedPart]


class ImportReport(Answer, TableFileReport):
    """What became of a price file: everything was imported, or - when there is one bad row - nothing.

    `edition` is the edition of the price list that its parts were published in, the unchanged ones too.
    """

    created: int
    changed: int
    unchanged: int
    edition: int | None = None


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


class ImportPriceList(Command, TableFile, service="parts", answer=ImportReport):
    """Import a price file.

    All of it, or nothing and a report of every bad row (Rule P1). Every part of the file is published, changed or not:
    importing a file again repairs what others missed of it.

    CSV or XLSX, at most 15 MB and 100,000 rows, with a header. `part_number` (配件号) and `list_price` (价格: an amount in the
    dealer's currency, with a decimal point or, where there is no doubt, a decimal comma) must be there, and for parts that are
    new `name_zh` (名称), `name_en` (英文名称) and `unit` (单位). `source` (来源: genuine, oem, aftermarket), `core_charge`
    (旧件押金), `hazardous` (危险品: yes, no), `successor` (替代件号), `abc_class` (A, B, C) may be: an absent column leaves
    what the catalogue says, an empty cell clears it. Where there is a `currency` (币种), it must be the dealer's.
    """


class GetCataloguePart(Query, service="parts", answer=CataloguePart):
    """A part of the catalogue.

    What the catalogue says of it; its stock is shown by its number.
    """

    part_id: Id


class ListParts(Query, Listing, service="parts", answer=CatalogueParts):
    """Search the catalogue.

    Parts whose number or one of whose names contains what is searched for, however it is typed; Chinese names also by pinyin,
    whole or by initials. A barcode is found whole.
    """

    search: Annotated[str | None, text(60)] = None
