"""A price file (Rule P1): every row is checked against every rule, so that a file is corrected once and not row by row."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from chassis import Money
from contracts.parts.catalogue import AbcClass, BadRow, Source
from services.parts.catalogue.supersession import closed

MOST_ROWS = 100_000
REQUIRED = ("part_number", "name_zh", "name_en", "unit", "list_price")
OPTIONAL = ("source", "core_charge", "hazardous", "successor", "abc_class")

_PLAIN_DECIMAL = re.compile(r"[0-9]{1,10}(\.[0-9]+)?\Z", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TRUTH = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}


ROWS_A_BREATH = 500


class _BadCell(Exception):
    """A cell breaks the rule of this name."""


@dataclass(frozen=True)
class PriceFile:
    """What a file says: for each part number its row and its columns' values, as the part's columns are called."""

    columns: tuple[str, ...]
    parts: Mapping[str, dict[str, Any]]
    row_of: Mapping[str, int]
    rows: int
    bad: list[BadRow]


def read(text: str, currency: str, *, yield_control: Callable[[], None] = lambda: None) -> PriceFile:
    """Read a whole file; only when `bad` is empty do its parts mean anything. `yield_control` is called now and then."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows = _numbered(reader)
    bad: list[BadRow] = []
    parts: dict[str, dict[str, Any]] = {}
    row_of: dict[str, int] = {}
    columns: tuple[str, ...] = ()
    count = 0
    try:
        _, header = next(rows, (1, []))
        columns = tuple(name.strip().lower() for name in header)
        bad += _header_rules(columns)
        if bad:
            return PriceFile(columns, {}, {}, 0, bad)
        cells = _readers(columns, currency)
        for row, values in rows:
            if row % ROWS_A_BREATH == 0:
                yield_control()
            count += 1
            if count > MOST_ROWS:
                bad.append(BadRow(row=row, field="file", rule="too_many_rows"))
                break
            part, broken = _read_row(row, values, cells)
            number = part.get("number")
            if number is not None and number in row_of:
                broken.insert(0, BadRow(row=row, field="part_number", rule="twice_in_file"))
            elif number is not None:
                row_of[number] = row
                parts[number] = part
            bad += broken
    except csv.Error:
        bad.append(BadRow(row=max(reader.line_num, 1), field="file", rule="not_csv"))
    return PriceFile(columns, parts, row_of, count, bad)


def supersession_rules(file: PriceFile, catalogue: Mapping[str, str | None]) -> list[BadRow]:
    """The rows whose successor nobody knows or whose chain closes; `catalogue` is number -> successor as it is now."""
    given = file.parts.keys() if "successor" in file.columns else set()
    links = {number: successor for number, successor in catalogue.items() if successor and number not in given}
    replaced = {number: part["successor"] for number, part in file.parts.items() if part.get("successor")}
    links |= replaced
    known = catalogue.keys() | file.row_of.keys()
    unknown = [number for number, successor in replaced.items() if successor not in known]
    circular = closed(links) & replaced.keys()
    return [
        BadRow(row=file.row_of[number], field="successor", rule=rule)
        for numbers, rule in ((unknown, "successor_unknown"), (sorted(circular), "supersession_cycle"))
        for number in numbers
    ]


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((row, values) for row, values in enumerate(reader, start=1) if values)


def _header_rules(columns: tuple[str, ...]) -> list[BadRow]:
    bad = [BadRow(row=1, field=name, rule="column_missing") for name in REQUIRED if name not in columns]
    for place, name in enumerate(columns):
        if name not in REQUIRED + OPTIONAL:
            bad.append(BadRow(row=1, field=name[:40] or f"column {place + 1}", rule="column_unknown"))
        elif name in columns[:place]:
            bad.append(BadRow(row=1, field=name, rule="column_twice"))
    return bad


def _read_row(
    row: int, values: list[str], cells: list[tuple[str, str, Callable[[str], Any]]]
) -> tuple[dict[str, Any], list[BadRow]]:
    if len(values) != len(cells):
        return {}, [BadRow(row=row, field="row", rule="column_count")]
    part: dict[str, Any] = {}
    bad = []
    for value, (field, column, read_cell) in zip(values, cells, strict=True):
        try:
            part[column] = read_cell(value.strip())
        except _BadCell as broken:
            bad.append(BadRow(row=row, field=field, rule=str(broken)))
    if "successor" in part and part["successor"] == part.get("number"):
        bad.append(BadRow(row=row, field="successor", rule="supersession_cycle"))
        part["successor"] = None  # one message is enough
    return part, bad


def _readers(columns: tuple[str, ...], currency: str) -> list[tuple[str, str, Callable[[str], Any]]]:
    """For each column of the file: its name, the part's column, and how a cell is read."""

    def amount(cell: str) -> int:
        if not _PLAIN_DECIMAL.match(cell):
            raise _BadCell("not_an_amount")
        try:
            return Money.of(cell, currency).minor
        except ValueError:
            raise _BadCell("too_many_decimals") from None

    readers: dict[str, tuple[str, Callable[[str], Any]]] = {
        "part_number": ("number", lambda cell: _text(cell, 40).upper()),
        "name_zh": ("name_zh", lambda cell: _text(cell, 120)),
        "name_en": ("name_en", lambda cell: _text(cell, 120)),
        "unit": ("unit", lambda cell: _text(cell, 10)),
        "list_price": ("list_price_minor", lambda cell: amount(_required(cell))),
        "source": ("source", lambda cell: _one_of(cell.lower() or "genuine", get_args(Source))),
        "core_charge": ("core_charge_minor", lambda cell: amount(cell) if cell else 0),
        "hazardous": ("hazardous", _truth),
        "successor": ("successor", lambda cell: _text(cell, 40).upper() if cell else None),
        "abc_class": ("abc_class", lambda cell: _one_of(cell.upper(), get_args(AbcClass)) if cell else None),
    }
    return [(field, *readers[field]) for field in columns]


def _required(cell: str) -> str:
    if not cell:
        raise _BadCell("required")
    return cell


def _text(cell: str, longest: int) -> str:
    if len(_required(cell)) > longest:
        raise _BadCell("too_long")
    if _CONTROL.search(cell):
        raise _BadCell("control_character")
    return cell


def _one_of(cell: str, allowed: tuple[str, ...]) -> str:
    if cell not in allowed:
        raise _BadCell("not_one_of")
    return cell


def _truth(cell: str) -> bool:
    try:
        return _TRUTH[cell.lower()]
    except KeyError:
        raise _BadCell("not_yes_or_no") from None
