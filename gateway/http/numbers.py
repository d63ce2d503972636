"""Numbers where the API speaks of ids: people know an order, and a line of it, by the number on the paper.

The id is put in the number's place before the request goes on, so that services know ids only.
"""

import re
from collections.abc import Callable, Iterator, MutableMapping, MutableSequence
from typing import Any

from marshmallow import fields

from chassis.wire.call import Call
from chassis.wire.codec import schema_of
from chassis.wire.fields import ID
from chassis.wire.rules import rule
from contracts.shared import NumberedField
from contracts.workshop.finding import FindNumbers
from gateway.http.problems import Problem
from gateway.http.table import Row

ORDER, LINE = "work_order_id", "line_id"

Ask = Callable[[type[FindNumbers], dict[str, Any], Call], Any]
Place = tuple[str, MutableMapping[str, Any] | MutableSequence[Any], Any]
"""A value's path for people, what holds it, and under which key or index."""


def numbered(name: str) -> bool:
    """Whether a placeholder of this name may be filled with a number."""
    return name in (ORDER, LINE)


class Numbers:
    """Puts ids in the place of numbers. Raises what asking for them raises, and Problem for a line that the order has not."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def replace(self, row: Row, path: dict[str, str], body: Any, call: Call) -> None:
        """In the values of the path and in the body, where they stand."""
        if ORDER not in row.placeholders:
            return
        places = list(_places(schema_of(row.route.request).fields, body)) if isinstance(body, dict) else []
        named = [place for place in places if _is_number(place[1][place[2]])]
        if _is_id(path[ORDER]) and not _is_number(path.get(LINE)) and not named:
            return
        if re.fullmatch(r"[\w-]{1,36}", path[ORDER]) is None:
            raise Problem.nothing_here()
        found = self._ask(FindNumbers, {"order": path[ORDER]}, call)
        ids = {str(line["number"]): line["line_id"] for line in found["lines"]}
        path[ORDER] = found[ORDER]
        if _is_number(path.get(LINE)):
            if path[LINE] not in ids:
                raise Problem.nothing_here()
            path[LINE] = ids[path[LINE]]
        unknown = {where: [rule("no_such_line", line=holder[key])] for where, holder, key in named if holder[key] not in ids}
        if unknown:
            raise Problem(422, "invalid", errors=unknown)
        for _, holder, key in named:
            holder[key] = ids[holder[key]]


def _places(of: dict[str, Any], body: MutableMapping[str, Any], prefix: str = "") -> Iterator[Place]:
    for name, field in of.items():
        if name in body:
            yield from _inside(field, f"{prefix}{name}", body, name)


def _inside(field: Any, where: str, holder: Any, key: Any) -> Iterator[Place]:
    value = holder[key]
    if isinstance(field, NumberedField):
        yield where, holder, key
    elif isinstance(field, fields.List) and isinstance(value, list):
        for index in range(len(value)):
            yield from _inside(field.inner, f"{where}.{index}", value, index)
    elif isinstance(field, fields.Nested) and isinstance(value, dict):
        yield from _places(field.schema.fields, value, f"{where}.")


def _is_id(value: str) -> bool:
    return re.match(ID, value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,3}", value) is not None
