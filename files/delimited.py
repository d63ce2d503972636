"""Delimited text (CSV): its delimiter, its quotes, its line ends."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from chassis.wire.rules import rule
from files.content import Cell, Content, Damaged, Row, Unreadable
from files.decoding import decoded

DELIMITERS = (",", ";", "\t")
_DATE = re.compile(
    r"(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日|[0-9]{4}年[0-9]{1,2}月|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
    r"|(?:[0-9]{1,2}-)(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:-[0-9]{2})?"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2}"
)
"""How spreadsheets write what they took for a date, as they do the part numbers 3-5 and MAR-26; as typed, these are none."""
_HINT = "sep="
"""What some spreadsheets write into the first line, to say which delimiter follows."""


def delimited(data: bytes, encoding: str | None, delimiter: str | None, is_header: Callable[[Sequence[Cell]], int]) -> Content:
    """The content of a delimited text. `is_header` says how many columns are known by these names. Raises Unreadable."""
    text, found = decoded(data, encoding)
    if delimiter is None:
        delimiter = _delimiter(text, is_header)
    return Content(lambda: _rows(text, delimiter), encoding=found, delimiter=delimiter)


def _delimiter(text: str, is_header: Callable[[Sequence[Cell]], int]) -> str:
    """The one by which most columns are known; else the one that makes most columns of the header."""
    lines = (line for line in io.StringIO(text, newline="") if line.strip())
    first = next(lines, "")
    if first.lower().startswith(_HINT) and first.strip()[len(_HINT) :] in DELIMITERS:
        return first.strip()[len(_HINT) :]

    def merit(delimiter: str) -> tuple[int, int]:
        names: list[Cell] = [*next(csv.reader([first], delimiter=delimiter), [])]
        return is_header(names), len(names)

    return max(DELIMITERS, key=merit)


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    lines = _Remembering(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if row == 1 and len(cells) <= 2 and cells and cells[0].lower().startswith(_HINT):
                cells = []  # noqa: PLW2901  # the hint is no row
            lines.forget()
            yield row, [Damaged(rule("became_a_date")) if _DATE.fullmatch(cell.strip()) else cell for cell in cells]
    except csv.Error:
        column = _column_of_the_fault("".join(lines.kept), delimiter)
        raise Unreadable(rule("not_csv"), row=row + 1, column=column, field="row") from None


class _Remembering:
    """Lines, of which those of the row under way are kept: where it cannot be read, they say why."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.kept.append(line)
        return line

    def forget(self) -> None:
        """The row was read."""
        self.kept.clear()


def _column_of_the_fault(text: str, delimiter: str) -> int:
    """The column (from 0) whose quotes are wrong: they never end, or something follows them."""
    column, begins, quoted = 0, True, False
    position = 0
    while position < len(text):
        character = text[position]
        if quoted:
            if character == '"' and text[position + 1 : position + 2] == '"':
                position += 1
            elif character == '"':
                quoted = False
                if text[position + 1 : position + 2] not in (delimiter, "\r", "\n", ""):
                    return column
        elif character == delimiter:
            column, begins = column + 1, True
            position += 1
            continue
        elif character == '"' and begins:
            quoted = True
        begins = False
        position += 1
    return column
