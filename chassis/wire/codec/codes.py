"""Fields that say by code which rule was broken, instead of in marshmallow's English."""

from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar, cast

from marshmallow import Schema, fields, validate

from chassis.wire.rules import rule

ANY = "not_valid"
"""What is said where marshmallow has a message that nothing here knows: a code in any case, never its English."""

_OF_FIELDS: dict[type[fields.Field[Any]], dict[str, str]] = {
    fields.Field: {"required": "required", "null": "not_null", "validator_failed": ANY},
    fields.String: {"invalid": "not_a_text", "invalid_utf8": "not_utf8"},
    fields.Number: {"invalid": "not_a_number", "too_large": "number_too_large"},
    fields.Integer: {"invalid": "not_an_integer"},
    fields.Boolean: {"invalid": "not_a_boolean"},
    fields.UUID: {"invalid_uuid": "not_an_id"},
    fields.DateTime: {"invalid": "not_a_datetime", "invalid_awareness": "needs_time_zone"},
    fields.Time: {"invalid": "not_a_time"},
    fields.Date: {"invalid": "not_a_date"},
    fields.List: {"invalid": "not_a_list"},
    fields.Mapping: {"invalid": "not_a_mapping"},
    fields.Nested: {"type": "not_an_object"},
}


class CodedSchema(Schema):
    """A schema whose errors are codes with values (see rules.py), of every field at any depth."""

    error_messages: ClassVar[dict[str, str]] = {"unknown": "unknown_field", "type": "not_an_object"}  # type: ignore[misc]

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:
        """Each schema's fields are its own copies; what they share with their originals is replaced, not changed."""
        _code(field_obj)


def _code(field: Any) -> None:
    messages = dict.fromkeys(field.error_messages, ANY)
    for kind in reversed(type(field).__mro__):
        messages |= _OF_FIELDS.get(kind, {})
    field.error_messages = messages
    field.validators = [_coded(check) for check in field.validators]
    for inner in (getattr(field, "inner", None), getattr(field, "value_field", None), getattr(field, "key_field", None)):
        if inner is not None:
            _code(inner)


def _coded(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    code = _code_of(check)
    if code is None:
        return check
    coded: Any = copy(check)
    coded.error = code.replace("{", "{{").replace("}", "}}")  # marshmallow formats it once more
    return cast("Callable[[Any], Any]", coded)


def _code_of(check: Any) -> str | None:
    match check:
        case validate.Length(equal=None) | validate.Range(min_inclusive=True, max_inclusive=True):
            kind = "length" if isinstance(check, validate.Length) else "number"
            bounds = {name: _plain(value) for name, value in (("least", check.min), ("most", check.max)) if value is not None}
            which = "between" if len(bounds) == 2 else "at_least" if "least" in bounds else "at_most"
            return rule(f"{kind}_{which}", **bounds)
        case validate.OneOf():
            return rule("not_one_of", choices=[_plain(choice) for choice in check.choices if choice is not None])
        case validate.Equal():
            return rule("not_one_of", choices=[_plain(check.comparable)])
        case validate.Validator() if getattr(check, "error", None) in (None, getattr(check, "default_message", None)):
            return ANY
        case _:
            return None  # its own error is the code


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)
