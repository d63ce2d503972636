"""Columns: under which names they are known, and how a cell of each is read. The rules are those of the contract's own fields."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields

from chassis.wire.rules import rule
from files.amounts import Amounts
from files.content import Cell

ReadCell = Callable[[str], Any]
"""What a cell's text means. Raises ValidationError with the broken rules (see chassis.wire.rules)."""

_DIGITS = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Column:
    """A column that a file may have. Beside its field's name it is known by `headers`; one that is `required` must be there.

    An empty cell breaks a rule unless it `may_be_empty`: then it reads as None.
    """

    name: str
    read: ReadCell
    headers: tuple[str, ...] = ()
    required: bool = True
    may_be_empty: bool = False


def of_field(field: fields.Field[Any]) -> ReadCell:
    """Cells that are read as the contract reads this field: what one door takes, the other takes, and nothing else."""
    return field.deserialize


def of_money(field: fields.Field[Any], currency: str, amounts: Amounts) -> ReadCell:
    """Cells that are amounts of this currency, within the bounds of this field of the contract."""
    return lambda cell: field.deserialize({"amount": amounts.read(cell), "currency": currency})


def of_whole(field: fields.Field[Any]) -> ReadCell:
    """Cells that are whole numbers, within the bounds of this field of the contract; digits are all they have."""
    return lambda cell: field.deserialize(int(cell) if _DIGITS.fullmatch(cell) else cell)


def one_of(choices: Mapping[str, Any]) -> ReadCell:
    """Cells that are one of these words, in any case."""

    folded = {word.casefold(): value for word, value in choices.items()}

    def read(cell: str) -> Any:
        try:
            return folded[cell.casefold()]
        except KeyError:
            raise ValidationError(rule("not_one_of", choices=list(choices))) from None

    return read


yes_or_no: ReadCell = one_of(
    {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False, "是": True, "否": False}
)


def known_as(header: str) -> str:
    """A header as it is compared: without case, blanks, signs, and full width."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return _NO_LETTER.sub("", folded) or folded


class Header:
    """Which columns of a file are which, and what is wrong with its header."""

    def __init__(self, columns: Sequence[Column], named: Mapping[str, str] | None) -> None:
        """`named` are the file's own headers of the columns it has: then only those count."""
        self.chosen = named is not None
        self._columns = [column for column in columns if named is None or column.name in named]
        self._missing = [column.name for column in columns if column.required and column not in self._columns]
        self._known: dict[str, list[Column]] = {}
        for column in self._columns:
            for name in (column.name, *column.headers) if named is None else (named[column.name],):
                self._known.setdefault(known_as(name), []).append(column)

    def count(self, names: Sequence[Cell]) -> int:
        """How many of these are known."""
        return sum(1 for name in names if isinstance(name, str) and known_as(name) in self._known)

    def read(self, names: Sequence[Cell]) -> tuple[dict[int, list[Column]], list[tuple[int | None, str, str]]]:
        """The place of each column, and what is wrong: place, name and the broken rule. A column without a name is nobody's."""
        found: dict[int, list[Column]] = {}
        bad: list[tuple[int | None, str, str]] = [(None, name, rule("column_missing")) for name in self._missing]
        for place, name in enumerate(names):
            text = name.strip() if isinstance(name, str) else ""
            columns = self._known.get(known_as(text)) if text else None
            if columns is None:
                if text and not self.chosen:
                    bad.append((place, text[:40], rule("column_unknown", known=", ".join(one.name for one in self._columns))))
            elif any(columns[0] in others for others in found.values()):
                bad.append((place, columns[0].name, rule("column_twice")))
            else:
                found[place] = columns
        there = {column.name for columns in found.values() for column in columns}
        wanted = [column for column in self._columns if column.required or self.chosen]
        bad += [(None, column.name, rule("column_missing")) for column in wanted if column.name not in there]
        return found, bad
