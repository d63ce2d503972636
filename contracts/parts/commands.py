"""What parts can be told to do."""

from dataclasses import field
from typing import Annotated, Any, Literal

from marshmallow import fields, validate

from chassis.wire import Command, Id, Part, text
from contracts.parts import answers
from contracts.parts.answers import AbcClass, Amount, Price, ReceiptLine, Source
from contracts.shared import Name, PartNumber, Reason


def _lines(most: int) -> Any:
    return field(metadata={"validate": validate.Length(min=1, max=most)})


Unit = Annotated[str, text(10)]
Reference = Annotated[str, text(60)]


class PriceFileField(fields.String):
    """A file keeps its line ends, so it is no text() field; what is wrong with its content is reported row by row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "validate": validate.Length(min=1, max=20_000_000)})


PriceFile = Annotated[str, PriceFileField]


class CreatePart(Command, service="parts", answer=answers.CataloguePart):
    """Add a part to the dealer's catalogue (Rule P1)."""

    part_number: PartNumber
    name_zh: Name
    name_en: Name
    unit: Unit
    list_price: Price
    source: Source = "genuine"
    core_charge: Price | None = None
    hazardous: bool = False
    successor: Annotated[str | None, text(40)] = None
    abc_class: AbcClass | None = None


class ChangePart(Command, service="parts", answer=answers.CataloguePart):
    """Replace what the catalogue says of a part; its number stays."""

    part_id: Id
    name_zh: Name
    name_en: Name
    unit: Unit
    list_price: Price
    source: Source = "genuine"
    core_charge: Price | None = None
    hazardous: bool = False
    successor: Annotated[str | None, text(40)] = None
    abc_class: AbcClass | None = None


class ImportPriceList(Command, service="parts", answer=answers.ImportReport):
    """Import a price file: all of it, or nothing and a report of every bad row (Rule P1).

    CSV, UTF-8 with or without a byte order mark, comma, a header, at most 100,000 rows. The columns `part_number`, `name_zh`,
    `name_en`, `unit`, `list_price` (a plain decimal, the dealer's currency) must be there. `source` (genuine, oem, aftermarket),
    `core_charge`, `hazardous` (yes, no), `successor`, `abc_class` (A, B, C) may be: an absent column leaves what the catalogue
    says, an empty cell clears it.
    """

    csv: PriceFile


class ReceiveStock(Command, service="parts", answer=answers.Receipt):
    """Parts came in from a supplier; `reference` is the supplier's document, booked once."""

    reference: Reference
    supplier: Name
    lines: list[ReceiptLine] = _lines(500)


class CorrectStock(Command, service="parts", answer=answers.Move):
    """Move stock between the bin and scrap or discrepancy, with a reason: the only way to correct a record (Rule P2)."""

    part_number: PartNumber
    quantity: Amount
    from_location: Literal["bin", "scrap", "discrepancy"]
    to_location: Literal["bin", "scrap", "discrepancy"]
    reason: Reason


class HandedLine(Part):
    """So much for one line of the order; the part is the one reserved for that line."""

    line_id: Id
    quantity: Amount


class IssueParts(Command, service="parts", answer=answers.Slip):
    """Hand parts to a technician against an order, signed; only what is approved (Rule P3)."""

    work_order_id: Id
    technician: Annotated[str, text(64)]
    signature: Name
    lines: list[HandedLine] = _lines(200)


class ReturnParts(Command, service="parts", answer=answers.Slip):
    """Take unused parts back into the bin; not more than was issued for the line."""

    work_order_id: Id
    technician: Annotated[str, text(64)]
    signature: Name
    lines: list[HandedLine] = _lines(200)


class ResolveTask(Command, service="parts", answer=answers.Task):
    """The parts desk has looked into it."""

    task_id: Id
    note: Reason
