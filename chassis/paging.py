"""Keyset pagination: stable under inserts, and a cursor is worth nothing for another dealer or another filter."""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, tuple_

from chassis.errors import Invalid
from chassis.work import Work

T = TypeVar("T")

LIMIT = 50
MOST = 200


def page(
    work: Work,
    statement: Select[T],
    *,
    keys: Sequence[Any],
    cursor: str | None,
    limit: int,
    filters: Sequence[object] = (),
) -> tuple[list[T], str | None]:
    """One page of the objects `statement` selects, newest key first, and the cursor of the next page or None.

    `keys` are mapped attributes that order the rows uniquely (the last one the id). `filters`: the values of the list's filter.
    Raises Invalid for a cursor that was made for another dealer or filter, or by nobody.
    """
    seal = hashlib.sha256(json.dumps([work.dealer, *map(str, filters)]).encode()).hexdigest()[:16]
    if cursor is not None:
        statement = statement.where(tuple_(*keys) < tuple(_open(cursor, seal, len(keys))))
    rows = list(work.all(statement.order_by(*(key.desc() for key in keys)).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    values = [_plain(getattr(last, key.key)) for key in keys]
    return rows[:limit], base64.urlsafe_b64encode(json.dumps([seal, *values]).encode()).decode()


def _plain(value: object) -> str | int:
    return value if isinstance(value, int) else str(value)


def _open(cursor: str, seal: str, keys: int) -> list[Any]:
    try:
        found, *values = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError):
        raise _not_ours() from None
    if found != seal or len(values) != keys:
        raise _not_ours()
    return list(values)


def _not_ours() -> Invalid:
    return Invalid.fields({"cursor": ["Not a cursor of this list."]})
