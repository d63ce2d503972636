"""An example of every request, made from its contract: a new route is tested without a row by hand."""

import re
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from hypothesis import find
from hypothesis import strategies as st
from marshmallow import fields, validate

from chassis.wire.codec import schema_of
from chassis.wire.emails import EmailField
from chassis.wire.signatures import StrokesField
from chassis.wire.values import HoursField, MoneyField, QuantityField
from contracts.files import FileField
from gateway.http.table import Row

SOME_ID = "0190a0a0-0000-7000-8000-00000000abcd"
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
"""One red pixel, as PNG in base64."""
NAMED = {"service_type": "maintenance"}
"""What a dealer has from the first day on, of values that only a dealer's list allows."""
INSTEAD = {"ListVehicleHistory": ("vehicle_id", "plate")}
"""Fields of which a request takes one alone: these stand for the one that is filled."""
OF_A_KIND = {FileField: PICTURE, EmailField: "li@example.org", StrokesField: "10,20 140,25"}
_AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def example(row: Row) -> tuple[str, dict[str, Any]]:
    """The path of one request of this route (with {dealer} left open) and its body or query, every field filled."""
    left_out = {*row.proven, *INSTEAD.get(row.route.request.__name__, ())}
    asked = {name: field for name, field in schema_of(row.route.request).fields.items() if name not in left_out}
    values = {name: NAMED.get(name) or _value(field) for name, field in asked.items()}
    path = row.path
    for name in row.placeholders:
        path = path.replace(f"{{{name}}}", str(values.pop(name)))
    return path, values


def _value(field: Any) -> Any:  # noqa: PLR0911  # one line per kind of field
    one_of = next((check for check in field.validators if isinstance(check, validate.OneOf)), None)
    if one_of is not None:
        return next(choice for choice in one_of.choices if choice is not None)
    if (of_a_kind := next((one for kind, one in OF_A_KIND.items() if isinstance(field, kind)), None)) is not None:
        return of_a_kind
    if isinstance(field, MoneyField):
        return {"amount": "12.00", "currency": "CNY"}
    if isinstance(field, QuantityField | HoursField):
        return "1"
    if isinstance(field, fields.Nested):
        return {name: _value(inner) for name, inner in field.schema.fields.items()}
    if isinstance(field, fields.List):
        return [_value(field.inner)]
    if isinstance(field, fields.Dict):
        return {}
    if isinstance(field, fields.Boolean):
        return True
    if isinstance(field, fields.Integer):
        least = [check.min for check in field.validators if isinstance(check, validate.Range) and check.min is not None]
        return max([*least, 1])
    if isinstance(field, fields.DateTime):
        return _AT.isoformat()
    if isinstance(field, fields.Date):
        return date(2026, 3, 2).isoformat()
    if isinstance(field, fields.Time):
        return time(9, 30).isoformat()
    return _text(field)


def _text(field: Any) -> str:
    pattern: Any = next((check.regex for check in field.validators if isinstance(check, validate.Regexp)), None)
    least = max([check.min or 0 for check in field.validators if isinstance(check, validate.Length)], default=1)
    for candidate in (SOME_ID, "x" * max(least, 3)):
        if pattern is None or pattern.match(candidate):
            most = [check.max for check in field.validators if isinstance(check, validate.Length) and check.max]
            return candidate[: max(min(most, default=99), least)]
    return _matching(pattern, least)


@cache  # finding is slow, and a property that finds inside another one is refused
def _matching(pattern: re.Pattern[str], least: int) -> str:
    return find(st.from_regex(pattern, fullmatch=True), lambda text: len(text) >= least)
