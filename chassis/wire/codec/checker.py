"""Checking a message as its reader would, before it is written: what it says is asked the reader's questions where it stands.

Writing it and reading it back answers the same at twice the cost: numbers would become text and numbers again. Only what is
written in another form than it is kept in, and seldom, goes that way.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, fields

from chassis.wire.codec.reader import Unread, is_unusual, leave_it_to_the_schema, listed, validated
from chassis.wire.codec.writer import written
from chassis.wire.values import ExactField

Check = Callable[[Any], Any]
"""Raises what a reader raises for what it would not read."""


def checker(schema: Schema) -> Check:
    """What checks a message whose marshmallow schema this is. What it lets pass, the schema reads; the rest is the schema's."""
    if any(schema._hooks.values()):
        return leave_it_to_the_schema
    plan = [(name, _field(field), field.allow_none) for name, field in schema.load_fields.items()]

    def check(message: Any) -> Any:
        values = getattr(message, "__dict__", {})
        for name, check_field, may_be_none in plan:
            value = values.get(name)
            if value is not None:
                check_field(value)
            elif not may_be_none:
                raise Unread
        return message

    return check


def _field(field: fields.Field[Any]) -> Check:
    if is_unusual(field):
        return leave_it_to_the_schema
    return validated(_unvalidated(field), field)


def _unvalidated(field: fields.Field[Any]) -> Check:
    if isinstance(field, fields.Nested):
        return leave_it_to_the_schema if field.many else checker(field.schema)
    if type(field) is fields.List:
        return listed(_field(field.inner))
    if isinstance(field, ExactField):
        return field.accept
    if isinstance(field, fields.String | fields.Boolean | fields.Integer):  # it travels as it is
        return lambda value: field._deserialize(value, None, None)
    return lambda value: field._deserialize(written(value), None, None)
