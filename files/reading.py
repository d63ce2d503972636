"""Reading a file: every cell against every rule, so that a file is corrected once and not cell by cell."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from chassis.wire.errors import Invalid
from chassis.wire.rules import read_rule, rule
from contracts.files import MOST_BAD_ROWS, MOST_BYTES, MOST_ROWS, BadRow, TableFile
from files.columns import Column, Header
from files.content import Cell, Content, Damaged, Unreadable
from files.delimited import delimited
from files.workbook import MARK, OLD_MARK, workbook

ROWS_A_BREATH = 200
_NUMBER = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E[+-][0-9]{2,3}", re.ASCII | re.IGNORECASE)
_ERROR = re.compile(r"#(?:N/A|NAME\?|NULL!|NUM!|DIV/0!|REF!|VALUE!|SPILL!|CALC!|#+)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Key:
    """The field that no two rows may have the same; `same` gives what is compared of its values."""

    field: str
    same: Callable[[Any], Any]


@dataclass
class Reading:
    """What a file says: for each good row its number and its values by field. Only when nothing is bad does it mean anything."""

    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    count: int = 0
    bad: list[BadRow] = field(default_factory=list)
    bad_total: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def refuse(self, row: int, name: str, broken: str, place: int | None = None) -> None:
        """Report a cell, a row or a header for the rule it broke; of very many only how many there are."""
        self.bad_total += 1
        if len(self.bad) < MOST_BAD_ROWS:
            code, values = read_rule(broken)
            self.bad.append(
                BadRow(row=row, column="" if place is None else _letters(place), field=name, rule=code, values=values)
            )

    def report(self) -> dict[str, Any]:
        """What every report says of its file."""
        return {
            "rows": self.count,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "bad_rows": sorted(self.bad, key=lambda one: one.row),
            "bad_rows_total": self.bad_total,
        }


def read(
    file: TableFile,
    columns: Sequence[Column],
    *,
    key: Key | None = None,
    yield_control: Callable[[], None] = lambda: None,
) -> Reading:
    """Read a whole file. A second row with the same `key` is bad; `yield_control` is called now and then.

    Raises Invalid for what is wrong with the request, not with the file.
    """
    _refuse_unknown_fields(file.columns, columns)
    reading = Reading()
    try:
        header = Header(columns, file.columns)
        content = _content(_bytes(file.file), file, header)
        reading.encoding, reading.delimiter, reading.sheet = content.encoding, content.delimiter, content.sheet
        _read_rows(content, header, key, reading, yield_control)
    except Unreadable as error:
        reading.refuse(error.row, error.field, error.rule, error.column)
    return reading


def _refuse_unknown_fields(named: Mapping[str, str] | None, columns: Sequence[Column]) -> None:
    known = [column.name for column in columns]
    for name in named or {}:
        if name not in known:
            raise Invalid.fields({f"columns.{name}": [rule("not_one_of", choices=known)]})


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:  # also of letters that are not ASCII
        raise Invalid.field("file", "not_base64") from None
    if len(data) > MOST_BYTES:
        raise Invalid.field("file", "length_at_most", most=MOST_BYTES)
    return data


def _content(data: bytes, file: TableFile, header: Header) -> Content:
    if data.startswith(OLD_MARK):
        raise Unreadable(rule("old_workbook"))
    if data.startswith(MARK):
        return workbook(data, file.sheet)
    return delimited(data, file.encoding, file.delimiter, header.count)


def _read_rows(content: Content, header: Header, key: Key | None, reading: Reading, yield_control: Callable[[], None]) -> None:
    places: dict[int, list[Column]] | None = None
    width = 0
    first: dict[Any, int] = {}
    for number, raw in content.rows():
        if number % ROWS_A_BREATH == 0:
            yield_control()
        cells = [cell.strip() if type(cell) is str else cell for cell in raw]
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            continue
        if places is None:
            places, bad = header.read(cells)
            width = max(len(raw) if not content.padded else 0, len(cells))
            reading.columns = tuple(column.name for columns in places.values() for column in columns)
            for place, name, broken in bad:
                reading.refuse(number, name, broken, place)
            if bad:
                return
            continue
        reading.count += 1
        if reading.count > MOST_ROWS:
            reading.count = MOST_ROWS
            raise Unreadable(rule("too_many_rows", most=MOST_ROWS), row=number)
        if len(raw) < width and not content.padded:
            reading.refuse(number, "row", rule("column_count", expected=width, found=len(raw)))
            continue
        _read_row(number, cells, places, reading, key=key, first=first)
        _refuse_stray_cell(number, cells, places, header, reading)
    if places is None:
        raise Unreadable(rule("file_is_empty"))
    if not reading.count:
        raise Unreadable(rule("only_a_header"))


def _read_row(
    number: int, cells: list[Cell], places: dict[int, list[Column]], reading: Reading, *, key: Key | None, first: dict[Any, int]
) -> None:
    values: dict[str, Any] = {}
    sound = reading.bad_total
    for place, columns in places.items():
        cell = cells[place] if place < len(cells) else ""
        for column in columns:
            try:
                values[column.name] = _value(cell, column)
            except ValidationError as error:
                for broken in error.messages:
                    reading.refuse(number, column.name, str(broken), place)
    if key is not None and key.field in values:
        earlier = first.setdefault(key.same(values[key.field]), number)
        if earlier != number:
            reading.refuse(number, key.field, rule("twice_in_file", first=earlier), _place(places, key.field))
    if reading.bad_total == sound:
        reading.rows.append((number, values))


def _refuse_stray_cell(
    number: int, cells: list[Cell], places: Mapping[int, list[Column]], header: Header, reading: Reading
) -> None:
    """Something stands where the header is empty: left out in silence, it would be missed. Unless columns were chosen."""
    stray = next((place for place, cell in enumerate(cells) if cell != "" and place not in places), None)
    if stray is not None and not header.chosen:
        reading.refuse(number, "row", rule("cell_without_column"), stray)


def _value(cell: Cell, column: Column) -> Any:
    if isinstance(cell, Damaged):
        broken = cell.rule
        raise ValidationError(broken)
    if cell == "":
        if column.may_be_empty:
            return None
        raise ValidationError(rule("required"))
    if cell[0] == "=":
        raise ValidationError(rule("spreadsheet_formula"))
    if cell[0] == "#" and _ERROR.fullmatch(cell):
        raise ValidationError(rule("spreadsheet_error"))
    if _NUMBER.fullmatch(cell):
        raise ValidationError(rule("spreadsheet_number"))
    return column.read(cell)


def _place(places: Mapping[int, list[Column]], name: str) -> int | None:
    return next((place for place, columns in places.items() if any(column.name == name for column in columns)), None)


def _letters(place: int) -> str:
    """The name a spreadsheet gives to a column: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
