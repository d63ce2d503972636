"""Examples for the document: values of the golden samples, and bodies of requests as a real visit sent them.

The same meaning, the same example: a field of an answer shows what the golden sample of an event has where it means the same.
"""

import json
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any, get_type_hints

from chassis.wire.messages import Event
from contracts.meanings import meaning
from gateway.http.components import message_in
from gateway.http.table import modules

_CONTRACTS = files("contracts")


@cache
def by_meaning() -> dict[str, Any]:
    """A value for each meaning that a golden sample has one for."""
    found: dict[str, Any] = {}
    for _, module in modules("events"):
        for event in vars(module).values():
            if isinstance(event, type) and issubclass(event, Event) and hasattr(event, "type"):
                sample = _CONTRACTS / "samples" / f"{event.type}.v{event.version}.json"
                if sample.is_file():
                    _gather(event, json.loads(sample.read_text(encoding="utf-8")), found)
    return found


@cache
def of_visit() -> dict[str, Any]:
    """The bodies a visit was driven with, by operation (tests/clients/capture.py wrote them)."""
    captured: dict[str, Any] = json.loads((_CONTRACTS / "examples.json").read_text(encoding="utf-8"))
    return captured


def _gather(message: Any, sample: dict[str, Any], found: dict[str, Any]) -> None:
    hints = get_type_hints(message)
    for field in fields(message):
        value = sample.get(field.name)
        part = message_in(hints[field.name])
        if part is not None and hasattr(part, "schema_base"):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    _gather(part, one, found)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            found.setdefault(meaning(message, field.name) or "", value)
