"""Cursors: where a page begins, as a text that anyone can write by hand and nobody needs to understand."""

import base64
import json
from collections.abc import Sequence

from chassis.wire.errors import Invalid

LARGEST = 2**63 - 1
"""What a column of whole numbers can hold."""

Value = str | int | None


def sealed(values: Sequence[Value]) -> str:
    """The cursor that holds these values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def opened(cursor: str, length: int) -> list[Value]:
    """The values of a cursor: so many, each a text or number that a database takes. Raises Invalid for what is no cursor."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, RecursionError):
        raise not_ours() from None
    if not isinstance(values, list) or len(values) != length or not all(_plain(value) for value in values):
        raise not_ours()
    return values


def not_ours() -> Invalid:
    """The refusal of a cursor that no page has ended with."""
    return Invalid.field("cursor", "not_a_cursor")


def _plain(value: object) -> bool:
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return value is None or (type(value) is int and abs(value) <= LARGEST)
