"""Files as users send them, and what is said of them."""

import base64
import io
from typing import Annotated, Any

import openpyxl

from chassis.wire import Money, text
from chassis.wire.codec import schema_of
from chassis.wire.messages import Message
from contracts.files import TableFile
from files import Amounts, Column, Key, Reading, of_field, of_money, read


class _Line(Message):
    number: Annotated[str, text(40)]
    name: Annotated[str, text(120)]
    price: Money


FIELDS: dict[str, Any] = schema_of(_Line).fields


def columns() -> list[Column]:
    """A table with a number, a name and a price."""
    return [
        Column("number", of_field(FIELDS["number"]), ("part no", "零件号")),
        Column("name", of_field(FIELDS["name"]), ("名称",)),
        Column("price", of_money(FIELDS["price"], "CNY", Amounts()), ("价格",), required=False, may_be_empty=True),
    ]


def sent(data: bytes | str, **options: Any) -> TableFile:
    """A file with these bytes, or this text in UTF-8."""
    content = data.encode() if isinstance(data, str) else data
    return TableFile(file=base64.b64encode(content).decode(), **options)


def reading(data: bytes | str, **options: Any) -> Reading:
    """What is read of it."""
    return read(sent(data, **options), columns(), key=Key("number", str))


def rows(data: bytes | str, **options: Any) -> list[tuple[Any, ...]]:
    """Number, name and price of each row of a file in which nothing is bad."""
    found = reading(data, **options)
    assert found.bad == []
    return [(values["number"], values["name"], str(values.get("price"))) for _, values in found.rows]


def bad(data: bytes | str, **options: Any) -> list[tuple[int, str, str, str]]:
    """Row, column, field and code of everything that is bad."""
    return [(one.row, one.column, one.field, one.rule) for one in reading(data, **options).bad]


def book(*sheets: list[list[Any]], formats: dict[str, str] | None = None) -> bytes:
    """A workbook with these sheets, and number formats of cells of the first."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for number, lines in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Sheet{number}")
        for line in lines:
            sheet.append(line)
    for cell, shown in (formats or {}).items():
        made.worksheets[0][cell].number_format = shown
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()
