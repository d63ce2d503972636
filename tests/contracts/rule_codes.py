"""Finds, by reading the source, every code with which a field says that its rule was broken, and the values it gives."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chassis.wire.codec import codes

ROOT = Path(__file__).parents[2]
FOLDERS = ("chassis/wire", "chassis/work", "contracts", "files", "media", "services", "gateway")
NOT_OF_FIELDS = {"chassis/wire/envelope.py"}
"""An envelope is not written by users: what is wrong with it is read by operators, among the dead letters."""

OF_MARSHMALLOW = {
    *(code for messages in codes._OF_FIELDS.values() for code in messages.values()),
    *codes.CodedSchema.error_messages.values(),
}
OF_BOUNDS = {
    f"{kind}_{which}": values
    for kind in ("length", "number")
    for which, values in (("between", {"least", "most"}), ("at_least", {"least"}), ("at_most", {"most"}))
}


@dataclass(frozen=True)
class Broken:
    """A place in the source that says which rule was broken: `code` is None when it cannot be read off."""

    place: str
    code: str | None
    values: frozenset[str] = frozenset()


def rules() -> list[Broken]:
    """Every rule that the source names, and those that the codec gives to marshmallow's fields and validators."""
    found = [Broken("chassis/wire/codec/codes.py", code) for code in OF_MARSHMALLOW]
    found += [Broken("chassis/wire/codec/codes.py", code, frozenset(values)) for code, values in OF_BOUNDS.items()]
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            name = str(file.relative_to(ROOT))
            if name not in NOT_OF_FIELDS:
                found += rules_in(file.read_text(encoding="utf-8"), name)
    return found


def rules_in(source: str, name: str) -> Iterator[Broken]:
    """The same for one module's source."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="Invalid"), attr="field"), args=[_, code]):
                yield from _said(code, node, name)
            case ast.Call(func=ast.Name(id="_require"), args=[_, _, code]):
                yield from _said(code, node, name)
            case ast.Call(func=ast.Name(id="rule" | "NotExact" | "Unfit" | "ValidationError"), args=[code, *_]):
                yield from _said(code, node, name)
            case ast.Call(func=ast.Attribute(attr="Regexp"), keywords=keywords):
                for keyword in keywords:
                    if keyword.arg == "error":
                        yield from _said(keyword.value, node, name)
            case ast.Call(func=ast.Name(id="TextKey"), keywords=keywords):
                for keyword in keywords:
                    if keyword.arg in ("error", "empty"):
                        yield from _said(keyword.value, node, name)
            case ast.AnnAssign(target=ast.Name(id="error" | "empty"), value=ast.Constant(value=str(default))):
                yield Broken(f"{name}:{node.lineno}", default)
            case ast.Dict(values=values) | ast.DictComp(value=ast.List() as values) | ast.Assign(value=ast.List() as values):
                yield from _listed(values, name)


def _said(code: ast.expr, node: ast.Call, name: str) -> Iterator[Broken]:
    values = frozenset(keyword.arg for keyword in node.keywords if keyword.arg not in (None, "error", "validate"))
    match code:
        case ast.Constant(value=str(text)):
            yield Broken(f"{name}:{node.lineno}", text, values)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _said(body, node, name)
            yield from _said(orelse, node, name)
        case ast.Name() | ast.Call() | ast.JoinedStr():
            return  # passed on: it is read where it is first said
        case _:
            yield Broken(f"{name}:{node.lineno}", None)


def _listed(values: list[ast.expr] | ast.List, name: str) -> Iterator[Broken]:
    """The only entry of a list in a dictionary of errors: `{"name": ["must_not_be_blank"]}`."""
    for value in [values] if isinstance(values, ast.List) else values:
        match value:
            case ast.List(elts=[ast.Constant(value=str(code))]) if "_" in code or code == "required":
                yield Broken(f"{name}:{value.lineno}", code)
