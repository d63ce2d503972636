"""What the contracts say, as a release keeps it: each message with its fields, so that the next one can be held against it.

`told` is what others read (events, answers), `asked` what they write (commands, queries). A class is named where it is part of
another, and stands by itself.
"""

import json
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, replace
from importlib import import_module
from inspect import getmembers, isclass
from pathlib import Path
from pkgutil import walk_packages
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import contracts
from chassis.wire.messages import Answer, Command, Event, Message, Query

FILE = Path("deploy") / "release" / "contracts.json"
Shapes = dict[str, dict[str, Any]]
TOLD, ASKED = "told", "asked"


def shapes() -> Shapes:
    """Those of this tree, by name."""
    return {name(one): _shape(one) for one in sorted(_messages(), key=name)}


def read(project: Path) -> Shapes:
    """Those of the last release; none before the first."""
    file = project / FILE
    found: Shapes = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def write(project: Path, what: Shapes) -> None:
    """Keep them, a message a line."""
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in what.items()]
    (project / FILE).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def broken(before: Shapes, now: Shapes) -> Iterator[str]:
    """What a reader or a writer of the release before cannot bear, each once."""
    said: set[str] = set()
    for root, old in before.items():
        new = now.get(root)
        if new is None:
            if old.get("is") == ASKED:
                yield f"{root}: is asked no more"
            continue
        if old.get("is") is None or old.get("version") != new.get("version"):
            continue  # part of others, or a new version of an event
        for one in _compared(before, now, root, str(old["is"])):
            if one not in said:
                said.add(one)
                yield one
        if old.get("answer") != new.get("answer"):
            yield f"{root}: answers {new.get('answer')}, not {old.get('answer')}"


def name(cls: type[Message]) -> str:
    """How a message is called here: workshop.order.WorkOrder."""
    return f"{cls.__module__.removeprefix('contracts.')}.{cls.__name__}"


def _compared(before: Shapes, now: Shapes, part: str, way: str) -> Iterator[str]:
    old, new = before[part]["fields"], now[part]["fields"]
    for field, said in old.items():
        if field not in new:
            yield f"{part}.{field}: is gone"
            continue
        was, is_now = Kind.read(said), Kind.read(new[field])
        yield from (f"{part}.{field}: {wrong}" for wrong in was.wrong(is_now, way))
        if was.named == is_now.named and was.named in before and was.named in now and was.named != part:
            yield from _compared(before, now, was.named, way)
    if way == ASKED:
        more = [field for field in new if field not in old and not Kind.read(new[field]).absent]
        yield from (f"{part}.{field}: must be said now" for field in more)


@dataclass(frozen=True)
class Kind:
    """What a field is: `list of word(labour|part)?=` may be NULL, and may be absent."""

    named: str
    many: bool = False
    null: bool = False
    absent: bool = False
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, hint: Any) -> "Kind":
        """That of an annotation."""
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return cls.of(arguments[0])
        if origin in (Union, UnionType):
            return replace(cls.of(next(one for one in arguments if one is not type(None))), null=True)
        if origin is Literal:
            return cls("word", words=frozenset(map(str, arguments)))
        if origin is list:
            return replace(cls.of(arguments[0]), many=True, null=False)
        if isinstance(hint, type) and issubclass(hint, Message):
            return cls(name(hint))
        return cls(getattr(hint, "__name__", str(hint)))

    @classmethod
    def read(cls, text: str) -> "Kind":
        """That which was written down."""
        words = text.partition("(")[2].partition(")")[0]
        named = text.removeprefix("list of ").partition("(")[0].rstrip("?=")
        return cls(named, text.startswith("list of "), "?" in text, "=" in text, frozenset(words.split("|") if words else ()))

    def __str__(self) -> str:
        words = f"({'|'.join(sorted(self.words))})" if self.words else ""
        return f"{'list of ' if self.many else ''}{self.named}{words}{'?' * self.null}{'=' * self.absent}"

    def wrong(self, new: "Kind", way: str) -> Iterator[str]:
        """Why the release before cannot bear it to be otherwise."""
        if (self.named, self.many) != (new.named, new.many):
            yield f"is {replace(new, null=False, absent=False)}, not {replace(self, null=False, absent=False)}"
        if way == TOLD and new.null and not self.null:
            yield "may be NULL now"
        if way == ASKED and ((self.absent and not new.absent) or (self.null and not new.null)):
            yield "must be said now"
        odd = new.words - self.words if way == TOLD else self.words - new.words
        if odd:
            yield f"{', '.join(sorted(odd))} is {'new' if way == TOLD else 'gone'}"


def _messages() -> set[type[Message]]:
    found: set[type[Message]] = set()
    for module in walk_packages(contracts.__path__, "contracts."):
        for _, member in getmembers(import_module(module.name), isclass):
            if issubclass(member, Message) and member.__module__ == module.name:
                found.add(member)
    return found


def _shape(cls: type[Message]) -> dict[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    told: dict[str, Any] = {}
    if issubclass(cls, Event) and hasattr(cls, "type"):
        told = {"is": TOLD, "version": cls.version}
    elif issubclass(cls, Command | Query):
        told = {"is": ASKED, "answer": name(cls.answer) if cls.answer else None}
    elif issubclass(cls, Answer):
        told = {"is": TOLD}
    return {**told, "fields": {one.name: str(_said(hints[one.name], one)) for one in fields(cls)}}  # type: ignore[arg-type]


def _said(hint: Any, field: Any) -> Kind:
    return replace(Kind.of(hint), absent=field.default is not MISSING or field.default_factory is not MISSING)
