"""What commands print for people: tables that lose nothing, however narrow the terminal, and say when they are empty."""

import os
import sys
from collections.abc import Iterable, Sequence

from rich.box import HEAVY_HEAD, Box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table

PIPED_WIDTH = 400
"""Where no terminal sets a width: a row is a line."""


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the process with exit status 1, which means findings here


def console() -> Console:
    """Standard output, for tables. Texts are taken as they are: what looks like rich's markup comes from somebody's data."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
    return _Console(width=width, markup=False, highlight=False)


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, box: Box | None = HEAVY_HEAD) -> Table:
    """A table whose cells fold where they are too long; without headers when all of them are empty."""
    made = Table(*(Column(header, overflow="fold") for header in headers), box=box, show_header=any(headers))
    for row in rows:
        made.add_row(*map(_cell, row))
    return made


def fits(table: Table, console: Console) -> bool:
    """Whether a table's cells need not fold."""
    natural = Measurement.get(console, console.options.update(max_width=PIPED_WIDTH), table)
    return natural.maximum <= console.width


def show_table(headers: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Print a table, or the sentence `empty` when there is no row."""
    if rows:
        console().print(table(headers, rows))
    else:
        print(empty)


def _cell(value: object) -> str:
    """Printable text: an escape sequence in somebody's data must not reach the terminal."""
    text = "" if value is None else str(value)
    return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text)
