"""Workbooks (XLSX), read sheet by sheet and row by row, and only as far as an honest one would go."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from chassis.wire.rules import rule
from files.content import Cell, Content, Damaged, Number, Row, Unreadable

MARK = b"PK\x03\x04"
OLD_MARK = b"\xd0\xcf\x11\xe0"
"""What begins a workbook of before 2007 (XLS), and one with a password."""

MOST_UNPACKED = 150_000_000
MOST_PARTS = 2_000
MOST_CELLS = 20_000_000
LAST_ROW = 1_048_576
"""The last row any spreadsheet has."""

_EXACT_DIGITS = 15
_LEADING_ZEROS = re.compile(r"0{2,30}")


def workbook(data: bytes, sheet: str | None) -> Content:
    """The content of a workbook: of its first sheet, or of the one of that name. Raises Unreadable."""
    _refuse_bombs(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found = {one.title: one for one in book.worksheets}
    except Exception as error:  # whatever the library stumbles over, it is no workbook it can read
        raise Unreadable(rule("not_a_workbook")) from error
    if not found:
        raise Unreadable(rule("not_a_workbook"))
    if sheet is not None and sheet not in found:
        raise Unreadable(rule("sheet_unknown", sheets=", ".join(found)))
    chosen = found[sheet] if sheet is not None else next(iter(found.values()))
    return Content(lambda: _rows(chosen), sheet=chosen.title)


def _refuse_bombs(data: bytes) -> None:
    # The sizes a part declares are binding: the zip reader stops there.
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unreadable(rule("unpacks_too_large"))
            for part in parts:
                with archive.open(part) as unpacked:
                    if b"<!DOCTYPE" in unpacked.read(4096).upper():
                        raise Unreadable(rule("not_a_workbook"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error) as error:
        raise Unreadable(rule("not_a_workbook")) from error


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a sheet says of its size need not be true
    cells = 0
    row = 0
    rows = sheet.iter_rows(max_row=LAST_ROW)
    while True:
        try:
            found = next(rows, None)
        except Exception as error:  # see workbook()
            raise Unreadable(rule("not_a_workbook"), row=row + 1) from error
        if found is None or row >= LAST_ROW:
            return
        row += 1
        cells += len(found)
        if cells > MOST_CELLS:
            raise Unreadable(rule("unpacks_too_large"), row=row)
        yield row, [_cell(one) for one in found]


def _cell(cell: Any) -> Cell:  # a line per kind of value
    value = cell.value
    match value:
        case None:
            return ""
        case str():
            return Damaged(rule("spreadsheet_error")) if cell.data_type == "e" else value
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value, str(cell.number_format or ""))
        case datetime() | date() | time() | timedelta():
            return Damaged(rule("became_a_date"))
        case _:
            return Damaged(rule("spreadsheet_error"))


def _number(value: int | float, shown_as: str) -> Cell:
    """A number as it was typed: spreadsheets keep 15 digits of it, and blot it with the arithmetic of machines behind them."""
    whole = isinstance(value, int) or value.is_integer()
    if whole and abs(value) >= 10**_EXACT_DIGITS:
        return Damaged(rule("digits_lost"))
    if whole:
        return Number(str(int(value)).zfill(len(shown_as) if _LEADING_ZEROS.fullmatch(shown_as) else 1))
    text = format(value, f".{_EXACT_DIGITS}g")
    return Damaged(rule("spreadsheet_number")) if "e" in text else Number(text)
