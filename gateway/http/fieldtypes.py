"""How each kind of field stands in the document, so that browsers' and generators' own rules read it as the service does."""

from typing import Any

from marshmallow import fields, validate

from chassis.wire.fields import ID
from chassis.wire.values import HoursField, MoneyField, QuantityField

DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
MONEY_NAME = "Money"
MONEY: dict[str, Any] = {
    "type": "object",
    "description": "An exact amount of one currency: a decimal string with at most the currency's decimals; never a float.",
    "properties": {
        "amount": {
            "type": "string",
            "pattern": DECIMAL,
            "description": "The amount in major units, with a point for the decimals; a refund or credit is negative.",
            "examples": ["12.50"],
        },
        "currency": {
            "type": "string",
            "pattern": "^[A-Z]{3}$",
            "description": "The ISO 4217 code; at a dealer always the dealer's own currency.",
            "examples": ["CNY"],
        },
    },
    "required": ["amount", "currency"],
    "additionalProperties": False,
    "examples": [{"amount": "12.50", "currency": "CNY"}],
}
AN_ID = "0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d10"

_CONTROL_CHARACTERS = r"\x00"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"

_NOTES: list[tuple[type[fields.Field[Any]], dict[str, Any]]] = [
    (QuantityField, {"pattern": DECIMAL, "description": "A decimal string with at most three decimals.", "examples": ["4.5"]}),
    (
        HoursField,
        {"pattern": DECIMAL, "description": "Hours as a decimal string with at most two decimals.", "examples": ["0.75"]},
    ),
    (fields.DateTime, {"examples": ["2026-03-02T04:00:00+00:00"]}),
    (fields.Date, {"examples": ["2026-03-02"]}),
    (fields.Time, {"pattern": _TIME, "examples": ["10:30:00"]}),
]


def refined(field: fields.Field[Any], known: dict[str, Any], words_of: Any) -> dict[str, Any]:
    """What is `known` of a field, as the document says it. `words_of` names a set of words that has a component of its own."""
    if isinstance(field, MoneyField):
        return _named(MONEY_NAME, field, known)
    if "enum" in known:
        return _of_words(field, known, words_of)
    known = {name: value for name, value in known.items() if not name.startswith("x-")}
    for kind, note in _NOTES:
        if isinstance(field, kind):
            known |= note
            known["description"] = " ".join([note.get("description", ""), *_bounds(field)]).strip()
    pattern = known.pop("pattern", None)
    if pattern == ID:
        known |= {"format": "uuid", "examples": [AN_ID]}
    if pattern is not None and _CONTROL_CHARACTERS not in pattern:
        known["pattern"] = pattern.replace(r"\Z", "$")  # JSON Schema speaks ECMAScript's regular expressions
    return {name: value for name, value in known.items() if value != ""}


def _of_words(field: fields.Field[Any], known: dict[str, Any], words_of: Any) -> dict[str, Any]:
    words = [word for word in known["enum"] if word is not None]
    name = words_of(words)
    if name is not None:
        return _named(name, field, known)
    others = {name: value for name, value in known.items() if name not in ("type", "enum")}
    if field.allow_none:
        return {"type": ["string", "null"], "enum": [*words, None], **others}
    return {"type": "string", "enum": words, **others}


def _named(name: str, field: fields.Field[Any], known: dict[str, Any]) -> dict[str, Any]:
    reference: dict[str, Any] = {"$ref": f"#/components/schemas/{name}"}
    default = {"default": known["default"]} if "default" in known else {}
    return {**({"anyOf": [reference, {"type": "null"}]} if field.allow_none else reference), **default}


def _bounds(field: fields.Field[Any]) -> list[str]:
    """The bounds of a number that travels as text: JSON Schema has no words for them."""
    ranges = [check for check in field.validators if isinstance(check, validate.Range)]
    least = [f"At least {check.min}." for check in ranges if check.min is not None]
    return least + [f"At most {check.max}." for check in ranges if check.max is not None]
