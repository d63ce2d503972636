"""What the command line says, found by reading its source: codes, and sentences that are none."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"cli\.[a-z_]+\.[a-z_]+")
NO_COMMANDS = ("events_doc.py", "metrics_doc.py")
"""They write docs/events.md."""

SAYING: dict[str, slice] = {
    "BadParameter": slice(None),
    "CannotDo": slice(None),
    "ProvisioningFailed": slice(None),
    "SettingsError": slice(None),
    "TimeoutError": slice(None),
    "awaited": slice(1, 2),
    "echo": slice(None),
    "Finding": slice(2, 3),
    "print": slice(None),
    "reaching": slice(1),
    "show_table": slice(1),
    "status": slice(None),
    "table": slice(1),
    "tell": slice(None),
}
"""Calls whose arguments people read, and which of them they are."""
NAMED = {"help", "short_help", "epilog", "prompt", "empty", "description"}
"""Arguments people read, whatever is called."""
EXPLAINED = re.compile(r"(app|accounts)\.(command|callback|add_typer)")
"""Calls that make a command: without `help` its docstring would be shown."""
NAMES = ("servicelane", "Ctrl-C")
"""Said as they are in every language."""


@dataclass(frozen=True)
class Said:
    """A module's codes, the values that are given to each, and the words that stand in the source itself."""

    module: str
    codes: frozenset[str]
    values: tuple[tuple[str, frozenset[str]], ...]
    words: tuple[str, ...]


def said() -> Iterator[Said]:
    """What each module of the command line says."""
    for file in sorted((ROOT / "servicelane").rglob("*.py")):
        if file.name not in NO_COMMANDS:
            yield said_in(file.read_text(encoding="utf-8"), str(file.relative_to(ROOT)))


def said_in(source: str, module: str) -> Said:
    """The same for the source of one."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return Said(
        module,
        codes=frozenset(text for node in ast.walk(tree) if CODE.fullmatch(text := _string(node))),
        values=tuple(_given(call) for call in calls if _name(call) in ("text", "help_text") and _code(call)),
        words=tuple(word for call in calls for argument in _read_by_people(call) for word in _words(argument)),
    )


def _given(call: ast.Call) -> tuple[str, frozenset[str]]:
    """The code and the names of its values; `**values` stands as the name ``."""
    return _code(call), frozenset(keyword.arg or "" for keyword in call.keywords)


def _code(call: ast.Call) -> str:
    first = _string(call.args[0]) if call.args else ""
    return first if CODE.fullmatch(first) else ""


def _string(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _read_by_people(call: ast.Call) -> Iterator[ast.AST]:
    if _name(call) in SAYING:
        yield from call.args[SAYING[_name(call)]]
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    yield from (value for name, value in named.items() if name in NAMED)
    if EXPLAINED.fullmatch(ast.unparse(call.func)) and "help" not in named:
        yield ast.Constant("its docstring")


def _words(node: ast.AST) -> Iterator[str]:
    """Letters in a string, outside of further calls and of the choice of a key."""
    if isinstance(node, ast.Call | ast.Subscript | ast.Compare):
        return
    if isinstance(node, ast.FormattedValue):
        yield from _words(node.value)  # not what says how it is formatted
    elif text := _string(node):
        if re.search(r"[^\W\d_]", re.sub("|".join(NAMES), "", text)):
            yield text
    else:
        for child in ast.iter_child_nodes(node):
            yield from _words(child)
