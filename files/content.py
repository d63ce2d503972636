"""What a file's content is, whatever its kind: numbered rows of cells, and how it was read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Damaged:
    """A cell that no longer says what was typed into it; `rule` names what happened to it."""

    rule: str


class Number(str):
    """A cell that is a number to the spreadsheet, as a plain decimal: there is no doubt about its decimal sign."""

    __slots__ = ()


Cell = str | Damaged
Row = tuple[int, list[Cell]]


class Unreadable(Exception):
    """The file as a whole, or from this row on, cannot be read; `rule` says why."""

    def __init__(self, broken: str, *, row: int = 1, column: int | None = None, field: str = "file") -> None:
        super().__init__(broken)
        self.rule = broken
        self.row = row
        self.column = column
        self.field = field


@dataclass(frozen=True)
class Content:
    """The rows of a file, blank ones too: their numbers are those a spreadsheet shows.

    Raises Unreadable while it is iterated over, where it can be read no further.
    """

    rows: Callable[[], Iterator[Row]]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    @property
    def padded(self) -> bool:
        """Whether rows are as long as what stands in them, and the rest of their cells is empty."""
        return self.sheet is not None
