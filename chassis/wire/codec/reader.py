"""Reading messages that keep every rule; what breaks one is the schema's to explain.

A schema collects every error of every field, and each message that has none pays for it: three times what it takes to read it. A
reader asks the same fields and the same validators, and gives up at the first thing it would have to explain. So it accepts
nothing that the schema would refuse.
"""

from collections.abc import Callable
from dataclasses import fields as dataclass_fields
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, missing

Read = Callable[[Any], Any]


class Unread(Exception):
    """Not read here: the schema says why, or reads it."""


GIVEN_UP = (Unread, ValidationError)
"""What a reader raises for data it does not read."""


def reader(cls: type[Any], schema: Schema) -> Read:
    """What reads plain data into the dataclass `cls`, whose marshmallow schema is `schema`."""
    hints = get_type_hints(cls, include_extras=True)
    known = {field.name: schema.load_fields.get(field.name) for field in dataclass_fields(cls)}
    if schema.unknown not in (RAISE, EXCLUDE) or any(schema._hooks.values()) or known != schema.load_fields:
        return leave_it_to_the_schema
    plan = [(name, _field(hints[name], field), field) for name, field in schema.load_fields.items()]
    refuses_unknown = schema.unknown == RAISE

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise Unread
        values, found = {}, 0
        for name, read_field, field in plan:
            value = data.get(name, missing)
            if value is missing:
                values[name] = _default(field)
                continue
            found += 1
            if value is not None:
                values[name] = read_field(value)
            elif field.allow_none:
                values[name] = None
            else:
                raise Unread
        if refuses_unknown and found < len(data):
            raise Unread
        return cls(**values)

    return read


def _default(field: fields.Field[Any]) -> Any:
    default = field.load_default
    if default is missing:
        raise Unread
    return default() if callable(default) else default


def _field(kind: Any, field: fields.Field[Any]) -> Read:
    if is_unusual(field):
        return leave_it_to_the_schema
    if isinstance(field, fields.Nested):
        return validated(reader(_inside(kind), field.schema), field)
    if type(field) is fields.List:
        return validated(listed(_field(_inside(kind), field.inner)), field)
    return validated(lambda value: field._deserialize(value, None, None), field)


def is_unusual(field: fields.Field[Any]) -> bool:
    """Whether the schema does more with the field than to read and validate it."""
    return bool(field.data_key is not None or field.load_only or field.dump_only or field.pre_load or field.post_load)


def listed(read_one: Read) -> Read:
    """Reads a list whose items are read like this; none of them is absent."""

    def read(values: Any) -> Any:
        if type(values) is not list or None in values:
            raise Unread
        return [read_one(value) for value in values]

    return read


def validated(read: Read, field: fields.Field[Any]) -> Read:
    """Reads like this, and asks the field's validators."""
    validators = field.validators
    if not validators:
        return read

    def checked(value: Any) -> Any:
        result = read(value)
        for validate in validators:
            validate(result)
        return result

    return checked


def _inside(kind: Any) -> Any:
    """What stands inside an annotation: the type of an optional field, or of a list's items."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated or origin is list:
        return _inside(arguments[0])
    if origin in (Union, UnionType):
        return _inside(next(one for one in arguments if one is not type(None)))
    return kind


def leave_it_to_the_schema(data: Any) -> Any:
    """Gives up at once."""
    raise Unread
