"""Finds, by reading the source, every code with which the house says no."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servicelane.refused_table import codes_in, constants_of

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Raised:
    """A place in the source that makes an error: `codes` is empty when they cannot be read off."""

    place: str
    error: str
    codes: tuple[str, ...]
    facts: frozenset[str] = frozenset()


def raised(folder: str, errors: set[str]) -> Iterator[Raised]:
    """Every call of these error classes below a folder, in a `raise` or not."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield from raised_in(file.read_text(encoding="utf-8"), errors, str(file.relative_to(ROOT)))


def raised_in(source: str, errors: set[str], name: str) -> Iterator[Raised]:
    """The same for one module's source."""
    tree = ast.parse(source)
    constants = constants_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors and node.args:
            facts = frozenset(keyword.arg for keyword in node.keywords if keyword.arg is not None)
            yield Raised(f"{name}:{node.lineno}", node.func.id, tuple(codes_in(node.args[0], constants)), facts)
