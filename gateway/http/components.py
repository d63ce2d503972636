"""What the schemas of the document are called: one rule, so that names are unique, stable and readable in generated clients.

A message is called as its class is; a part of a request has `Input` behind it, because it refuses unknown fields and may leave
out what has a default, while the same part in an answer is always whole; a set of words as its name in the contracts.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

from marshmallow import Schema, fields, validate

import contracts
from chassis.wire.codec import schema_of
from chassis.wire.messages import Command, Message
from contracts.meanings import meaning_of_words, sentence
from gateway.http.schemas import unwrapped
from gateway.http.table import Row

INPUT = "Input"


class Components:
    """The schemas of a route table by name. Raises ValueError for two that would share one."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.messages: dict[str, type[Message]] = {}
        """What stands behind a name."""
        self._names: dict[type[Schema], str] = {}
        for row in rows:
            if row.answer is not None:
                self._add(schema_of(row.answer), row.answer, row.answer.__name__)
                for schema, part in _parts(schema_of(row.answer), row.answer):
                    self._add(schema, part, part.__name__)
            if row.is_command:
                self._keep(row.route.request.__name__, row.route.request)
                for schema, part in _parts(schema_of(row.route.request), row.route.request):
                    self._add(schema, part, part.__name__ + INPUT)
        self._words = _words()
        for name in self._words.values():
            if name in self.messages:
                raise ValueError(f"a message and a set of words are both called {name}: give one of them another name")

    def name_of(self, schema: Any) -> str:
        """What a schema is called; one that no route has (the tokens') as its class."""
        kind = schema if isinstance(schema, type) else type(schema)
        return self._names.get(kind, kind.__name__.removesuffix("Schema"))

    def words_of(self, choices: Iterable[Any]) -> str | None:
        """What a set of words is called in the contracts, if it has a name there."""
        return self._words.get(tuple(choices))

    @property
    def words(self) -> list[str]:
        """What the contracts' sets of words are called."""
        return list(self._words.values())

    def said_of_words(self, name: str) -> str:
        """What a named set of words says, one by one."""
        return sentence(meaning_of_words(name))

    def asked(self, name: str) -> bool:
        """Whether it is a request or a part of one: what has a default may be left out."""
        return name.endswith(INPUT) or issubclass(self.messages[name], Command)

    def _add(self, schema: Schema, message: type[Message], name: str) -> None:
        self._keep(name, message)
        self._names[type(schema)] = name

    def _keep(self, name: str, message: type[Message]) -> None:
        if self.messages.setdefault(name, message) is not message:
            other = self.messages[name]
            raise ValueError(
                f"{message.__module__} and {other.__module__} both have a {message.__name__}: give one of them another name"
            )


def _parts(schema: Schema, message: type[Any]) -> Iterator[tuple[Schema, type[Message]]]:
    """The parts a message is made of, at any depth, with the schemas that read them there."""
    hints = get_type_hints(message)
    for name, field in schema.fields.items():
        inner = unwrapped(field)
        if isinstance(inner, fields.Nested):
            part = message_in(hints[name])
            yield inner.schema, part
            yield from _parts(inner.schema, part)


def message_in(kind: Any) -> Any:
    """The message an annotation speaks of, itself or within a list or choice; None if of none."""
    if isinstance(kind, type) and is_dataclass(kind):
        return kind
    return next((found for inside in get_args(kind) if (found := message_in(inside)) is not None), None)


def _words() -> dict[tuple[Any, ...], str]:
    """Every named set of words of the contracts: its choices, and its name. Raises ValueError for a name with two meanings."""
    found: dict[tuple[Any, ...], str] = {}
    choices_of: dict[str, tuple[Any, ...]] = {}
    for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
        for name, value in vars(importlib.import_module(module.name)).items():
            choices = _choices(value)
            if not name.startswith("_") and choices:
                if choices_of.setdefault(name, choices) != choices:
                    raise ValueError(f"two sets of words are called {name}; the second in {module.name}: give it another name")
                found.setdefault(choices, name)
    return found


def _choices(alias: Any) -> tuple[Any, ...]:
    arguments = get_args(alias)
    if arguments and all(isinstance(one, str) for one in arguments):
        return arguments
    for note in getattr(alias, "__metadata__", ()):
        field = note() if isinstance(note, type) and issubclass(note, fields.Field) else note
        if isinstance(field, fields.Field):
            return next((tuple(check.choices) for check in field.validators if isinstance(check, validate.OneOf)), ())
    return ()
