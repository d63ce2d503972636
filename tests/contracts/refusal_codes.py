"""Finds, by reading the source, every code with which the house says no."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Raised:
    """A place in the source that makes an error: `codes` is empty when they cannot be read off."""

    place: str
    error: str
    codes: tuple[str, ...]


def raised(folder: str, errors: set[str]) -> Iterator[Raised]:
    """Every call of these error classes below a folder, in a `raise` or not."""
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield from raised_in(file.read_text(encoding="utf-8"), errors, str(file.relative_to(ROOT)))


def raised_in(source: str, errors: set[str], name: str) -> Iterator[Raised]:
    """The same for one module's source."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and node.value is not None
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors and node.args:
            yield Raised(f"{name}:{node.lineno}", node.func.id, tuple(_codes(node.args[0], constants)))


def _codes(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    """The literal codes an expression may be: a text, a choice of two, a constant, a look-up in a constant table."""
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from _codes(body, constants)
            yield from _codes(orelse, constants)
        case ast.Name(id=name) if name in constants:
            yield from _codes(constants[name], constants)
        case ast.Subscript(value=ast.Name(id=name)) if isinstance(table := constants.get(name), ast.Dict):
            for value in table.values:
                yield from _codes(value, constants)
