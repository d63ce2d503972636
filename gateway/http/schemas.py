"""From a contract's message to what HTTP takes: its fields, split over path, query string and body."""

import copy
from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from chassis.wire.codec import CodedSchema, schema_of
from chassis.wire.fields import YesOrNo
from chassis.wire.messages import Message
from gateway.http.problems import Problem
from gateway.http.table import Row


def request_schema(row: Row) -> Schema:
    """The schema of the query string or body: the request's fields but those path or gateway fill. Unknown ones are refused."""
    rest = {name: field for name, field in _fields(row).items() if name not in row.placeholders | row.proven}
    if not row.is_command:
        rest = {name: _from_text(field) for name, field in rest.items()}
    return _schema(row.route.request.__name__, rest)


def path_fields(row: Row) -> dict[str, Any]:
    """The fields the path fills, by name."""
    return {name: _from_text(field) for name, field in _fields(row).items() if name in row.placeholders}


def read_path(path: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The path's values as plain data of the contract's types; what cannot be an id of anything is not found."""
    try:
        typed = {name: field.deserialize(values[name], name, values) for name, field in path.items()}
        return {name: field.serialize(name, typed) for name, field in path.items()}
    except ValidationError:
        raise Problem.nothing_here() from None


def query_payload(schema: Schema, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a query string asked, as plain data of the contract's types; what it did not say is left to the service."""
    plain: dict[str, Any] = schema.dump(arguments)
    return {name: value for name, value in plain.items() if name in arguments}


def unwrapped(field: Any) -> Any:
    """The field of one thing, where a field is of a list or mapping of them."""
    while isinstance(field, fields.List):
        field = field.inner
    if isinstance(field, fields.Dict) and field.value_field is not None:
        return unwrapped(field.value_field)
    return field


def _fields(row: Row) -> dict[str, Any]:
    kind: type[Message] = row.route.request
    return dict(schema_of(kind).fields)


def _schema(name: str, of: dict[str, Any]) -> Schema:
    meta = type("Meta", (), {"unknown": RAISE, "register": False})
    kind: type[Schema] = type(name, (CodedSchema,), {**{key: copy.copy(field) for key, field in of.items()}, "Meta": meta})
    return kind()


def _from_text(field: Any) -> Any:
    # Paths and query strings carry text: a number is one when its digits are, and yes and no are words.
    if isinstance(field, fields.Integer):
        field = copy.copy(field)
        field.strict = False
    elif isinstance(field, YesOrNo):
        field = copy.copy(field)
        field.from_text = True
    return field
