"""The document's texts: what every message, field and word of it means, as the contracts say it (contracts/meanings.py)."""

import json
import re
from collections.abc import Iterable, Mapping
from inspect import getdoc
from typing import Any

from contracts.meanings import meaning, sentence
from gateway.http import examples
from gateway.http.components import Components
from gateway.http.table import Row


class Describer:
    """Puts the contracts' texts into the document that flask-smorest wrote."""

    def __init__(self, components: Components, rows: Iterable[Row]) -> None:
        self._components = components
        self._rows = list(rows)

    def described(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document with its texts."""
        for name, schema in document["components"]["schemas"].items():
            if name in self._components.messages:
                self._schema(name, schema)
        for row in self._rows:
            path = document["paths"][row.path]
            body = path[row.route.method.lower()].get("requestBody")
            if body is not None and row.operation in examples.of_visit():
                body["content"]["application/json"]["example"] = examples.of_visit()[row.operation]
            of_operation = path[row.route.method.lower()].get("parameters", [])
            for parameter in [*path.get("parameters", []), *of_operation]:
                if parameter["in"] in ("path", "query"):
                    _parameter(row, parameter)
        return document

    def _schema(self, name: str, schema: dict[str, Any]) -> None:
        message = self._components.messages[name]
        asked = self._components.asked(name)
        schema["description"] = flowing(getdoc(message) or "")
        for field, known in schema["properties"].items():
            said = meaning(message, field)
            _told(known, sentence(said))
            _shown(known, examples.by_meaning().get(said or ""))
            # Generators take a default for a promise that the value is there; so it is told, not declared.
            default = known.pop("default", None)
            if asked and default is not None:
                _told(known, f"If left out: {json.dumps(default, ensure_ascii=False)}.", behind=True)
        if not asked and schema["properties"]:
            schema["required"] = sorted(schema["properties"])  # an answer is written whole; what is not there is null


def _parameter(row: Row, parameter: dict[str, Any]) -> None:
    schema = parameter["schema"] = _without_null(parameter["schema"])
    note = schema.pop("description", "") or parameter.get("description", "")
    parameter["description"] = " ".join(text for text in (sentence(meaning(row.route.request, parameter["name"])), note) if text)
    if schema.get("default", 0) is None:
        del schema["default"]


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A path or query string has no null: what is not said is left out."""
    if "anyOf" in schema:
        others = {name: value for name, value in schema.items() if name != "anyOf"}
        return {**next(one for one in schema["anyOf"] if one != {"type": "null"}), **others}
    plain = dict(schema)
    if isinstance(plain.get("type"), list):
        plain["type"] = next(one for one in plain["type"] if one != "null")
    if None in plain.get("enum", []):
        plain["enum"] = [word for word in plain["enum"] if word is not None]
    return plain


def _shown(known: dict[str, Any], example: Any) -> None:
    """An example, where the property has none of its own and the value is one it could have."""
    kinds = known.get("type", [])
    kind = "integer" if isinstance(example, int) else "string"
    fits = example is not None and kind in ([kinds] if isinstance(kinds, str) else kinds)
    fits = fits and example in known.get("enum", [example]) and re.search(known.get("pattern", ""), str(example)) is not None
    if fits and "examples" not in known:
        known["examples"] = [example]


def _told(known: dict[str, Any], text: str, *, behind: bool = False) -> None:
    parts = [known.get("description", ""), text] if behind else [text, known.get("description", "")]
    together = " ".join(part for part in parts if part)
    if together:
        known["description"] = together


def flowing(docstring: str) -> str:
    """A docstring without the line ends that only fit it into the source; its paragraphs stay."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in docstring.split("\n\n")).replace("``", "`")
