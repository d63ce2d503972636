"""What somebody who means no good, or a slip of the keyboard, sends for a value of each kind."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from marshmallow import fields

from chassis.wire.codec import schema_of
from chassis.wire.emails import EmailField
from chassis.wire.values import HoursField, MoneyField, QuantityField
from gateway.http.table import Row
from tests.doors.examples import example

HALF = "\ud800"
DAYS = [
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "２０２６-01-01",
    "20260101x",
    "20260101",
    "2026-W05-1",
    "2026-001",
    "",
    "0000-00-00",
]
INSTANTS = [
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "2026-01-01T00:00:00",
    "2026-W05-1T10:00:00Z",
    "20260101T100000Z",
    "2026-01-01T10:00:00+08:00:30",
    "now",
]
TIMES = ["24:00:01", "25:00", "-1:00", "noon"]
DECIMALS = ["1_0", "１０", " 5", "5 ", "1e2", "NaN", "Infinity", "-0.0001", "1" * 400, "٣", "", "0x1"]
AMOUNTS = [*DECIMALS, "-3", "0", "999999999999"]
WHOLE = ["1_0", "１０", "1e2", "9" * 5000, "-9" * 30, "one", "1.5"]
KEYS = [HALF, "\0", "a\x1bb", "\u202e\u200b", "　", "ß" * 200, "%_", "x" * 3000, "・", "'--", "\U0001f697" * 50, "\u0130\u0131"]
EMAILS = ["x@", "@x.cn", "x", "", "a b@c.cn", "x@y", "x@localhost", "x@y..cn", "x@@y.cn", "\0@x.cn"]
EMAILS += ["x" * 65 + "@y.cn", "x@" + "y." * 80 + "cn"]
IDS = ["x", HALF, "0" * 36, "\0"]


def _cursor(inside: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(inside).encode()).decode()


CURSORS = [
    "x",
    HALF,
    "=",
    "AAAA",
    "\u3000",
    base64.urlsafe_b64encode(b"[" * 350).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    *map(_cursor, [5, {}, [], None, [None], ["0" * 16, 10**30], ["0" * 16, HALF], ["0" * 16, "9999-12-31"]]),
    _cursor([None, None, "sh-pudong", "x"]),
    _cursor(["sh-pudong", None, "sh-pudong", HALF]),
    _cursor([[], {}, None, 10**30]),
    _cursor(["sh-pudong", None, HALF, None]),
    _cursor([None, None, HALF, None]),
    _cursor([None, None, "\0", None]),
]


@dataclass(frozen=True)
class Place:
    """A value in a request: the names and places that lead to it, and what is wrong there for certain, and what perhaps."""

    path: tuple[str | int, ...]
    wrong: tuple[Any, ...]
    odd: tuple[Any, ...] = ()

    @property
    def named(self) -> str:
        """As errors name it."""
        return ".".join(map(str, self.path))

    def values(self) -> st.SearchStrategy[tuple[Any, bool]]:
        """A value, and whether it is wrong for certain."""
        choices = [st.sampled_from(self.wrong).map(lambda value: (value, True))] if self.wrong else []
        if self.odd:
            choices += [
                st.sampled_from(self.odd).map(lambda value: (value, False)),
                st.text(max_size=60).map(lambda one: (one, False)),
            ]
        return st.one_of(choices)


def places(row: Row) -> list[Place]:
    """Every value of a request that its body or query carries, at any depth."""
    _, values = example(row)
    schema = schema_of(row.route.request)
    return [place for name, field in schema.fields.items() if name in values for place in _of(field, (name,), row.is_command)]


def put(values: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The request with another value at one place."""
    changed = json.loads(json.dumps(values))
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def _of(field: Any, path: tuple[str | int, ...], is_json: bool) -> Iterator[Place]:
    if isinstance(field, fields.Nested):
        for name, inner in field.schema.fields.items():
            yield from _of(inner, (*path, name), is_json)
    elif isinstance(field, fields.List):
        yield from _of(field.inner, (*path, 0), is_json)
    else:
        wrong, odd = _values(field, path[-1], is_json)
        yield Place(path, tuple(wrong), tuple(odd))


def _values(field: Any, name: str | int, is_json: bool) -> tuple[list[Any], list[Any]]:  # noqa: PLR0911  # one line per kind
    types: list[Any] = [{}, [], 10**400, 1.5e308] if is_json else []
    if isinstance(field, EmailField):
        return [*types, HALF, *EMAILS] if is_json else EMAILS, []
    if isinstance(field, MoneyField):
        amounts = [{"amount": amount, "currency": "CNY"} for amount in [*DECIMALS, "9" * 17]]
        return [*types, *amounts, {"amount": "1", "currency": "XXX"}, {"amount": "1", "currency": HALF}, {"amount": "1"}, "1"], []
    if isinstance(field, QuantityField):
        return [*types, *AMOUNTS[:-2], AMOUNTS[-1]], []
    if isinstance(field, HoursField):
        return [*types, *DECIMALS, "-3"], []
    if isinstance(field, fields.Boolean):
        wrong = ["yes", "on", "true", 1, 0.0] if is_json else ["yes", "1", "on"]
        return [HALF, "maybe", *wrong], []
    if isinstance(field, fields.Integer):
        return ([*types, "x", -(10**400), 10**30] if is_json else WHOLE), []
    if isinstance(field, fields.Date):
        return [*types, *DAYS], []
    if isinstance(field, fields.DateTime):
        return [*types, *INSTANTS], []
    if isinstance(field, fields.Time):
        return [*types, *TIMES], []
    if name == "cursor":
        return CURSORS, []
    if isinstance(field, fields.Dict):
        return [HALF], []
    if str(name).endswith(("_id", "_ids")) and name != "client_id":  # which is a login
        return [*types, *IDS], []
    return ([*types, HALF, "\0"] if is_json else ["\0"]), KEYS
