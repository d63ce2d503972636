"""Keyset pagination: stable under inserts, and a cursor is worth nothing for another dealer or another filter."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, Uuid, tuple_

from chassis.wire.errors import Invalid
from chassis.wire.fields import FIRST_YEAR, LAST_YEAR
from chassis.work.unit_of_work import Work

T = TypeVar("T")

LIMIT = 50
MOST = 200

LARGEST = 2**63 - 1
"""What a column of whole numbers can hold."""


def page(
    work: Work,
    statement: Select[T],
    *,
    keys: Sequence[Any],
    cursor: str | None,
    limit: int,
    filters: Sequence[object] = (),
    ascending: bool = False,
) -> tuple[list[T], str | None]:
    """One page of the objects `statement` selects, newest key first unless `ascending`, and the cursor of the next page or None.

    `keys` are mapped attributes that order the rows uniquely (the last one the id). `filters`: the values of the list's filter.
    Raises Invalid for a cursor that was made for another dealer or filter, or by nobody.
    """
    seal = hashlib.sha256(json.dumps([work.call.dealer, *map(str, filters)]).encode()).hexdigest()[:16]
    if cursor is not None:
        last_seen = tuple(_open(cursor, seal, keys))
        statement = statement.where(tuple_(*keys) > last_seen if ascending else tuple_(*keys) < last_seen)
    rows = list(work.all(statement.order_by(*(key if ascending else key.desc() for key in keys)).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    values = [_plain(getattr(last, key.key)) for key in keys]
    return rows[:limit], base64.urlsafe_b64encode(json.dumps([seal, *values]).encode()).decode()


def _plain(value: object) -> str | int:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def _typed(key: Any, value: Any) -> Any:
    """The value as its column takes it. Raises ValueError or TypeError for what no page has ended with: a cursor may be bent."""
    if isinstance(key.type, Uuid):
        return str(UUID(value))
    kind = key.type.python_type
    if issubclass(kind, date):
        value = kind.fromisoformat(value)
        if not FIRST_YEAR <= value.year <= LAST_YEAR or (isinstance(value, datetime) and value.tzinfo is None):
            raise ValueError(value)
    elif type(value) is not kind or (kind is int and abs(value) > LARGEST):
        raise TypeError(value)
    elif kind is str and ("\0" in value or not value.encode()):  # half a surrogate cannot be encoded: a ValueError
        raise ValueError(value)
    return value


def _open(cursor: str, seal: str, keys: Sequence[Any]) -> list[Any]:
    try:
        found, *values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError, RecursionError):
        raise _not_ours() from None
    if found != seal or len(values) != len(keys):
        raise _not_ours()
    try:
        return [_typed(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, AttributeError):
        raise _not_ours() from None


def _not_ours() -> Invalid:
    return Invalid.field("cursor", "not_a_cursor")
