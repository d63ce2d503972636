"""Kinds of fields that many messages have, for use in Annotated: ids, text with a length, whole numbers within bounds."""

from typing import Annotated, Any

from marshmallow import fields, validate

Id = Annotated[
    str,
    fields.String(
        validate=validate.Regexp(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", error="not_an_id")
    ),
]
"""A UUID in its canonical text form."""

DEALER_ID = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\Z"

DealerId = Annotated[
    str,
    fields.String(validate=validate.Regexp(DEALER_ID, error="not_a_dealer_code")),
]
"""The dealer's code in the registry; it stands in paths, rows and logs."""


class _Text(fields.String):
    """Text whose lines end as ours do, wherever it was written."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value.replace("\r\n", "\n") if isinstance(value, str) else value, *args, **kwargs)


def text(longest: int, *, shortest: int = 1) -> fields.String:
    """A field of text with a length, for use in Annotated[str, text(80)]; control characters are refused."""
    return _Text(
        validate=[
            validate.Length(min=shortest, max=longest),
            validate.Regexp(r"^[^\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]*\Z", error="control_characters"),
        ]
    )


def whole(least: int = 0, most: int | None = None) -> fields.Integer:
    """A whole number within bounds, for use in Annotated[int, whole(0)]."""
    return fields.Integer(strict=True, validate=validate.Range(min=least, max=most))
