"""Keyset pagination: stable under inserts, and a cursor is worth nothing for another dealer or another filter."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, func, select, tuple_

from chassis.wire.cursors import not_ours, opened, sealed
from chassis.wire.fields import FIRST_YEAR, LAST_YEAR
from chassis.work.unit_of_work import Work

T = TypeVar("T")

LIMIT = 50
MOST = 200


class Listing(Protocol):
    """A query that answers page by page; its other fields are what it filters and sorts by."""

    @property
    def cursor(self) -> str | None: ...
    @property
    def limit(self) -> int: ...
    def dump(self) -> dict[str, Any]: ...


class KeptListing(Listing, Protocol):
    """A list of which a program may keep a copy: it comes in the order asked for, and from a time of change on."""

    @property
    def sort(self) -> str: ...
    @property
    def updated_since(self) -> datetime | None: ...


def page(
    work: Work,
    statement: Select[T],
    query: Listing,
    *,
    keys: Sequence[Any],
    ascending: bool = False,
) -> tuple[list[T], str | None]:
    """One page of the objects `statement` selects, newest key first unless `ascending`, and the cursor of the next page or None.

    `keys` are mapped attributes that order the rows uniquely (the last one the id). Raises Invalid for a cursor that was made for
    another dealer, another filter or another order, or by nobody.
    """
    seal = _seal(work, query)
    if query.cursor is not None:
        last_seen = tuple(_open(query.cursor, seal, keys))
        statement = statement.where(tuple_(*keys) > last_seen if ascending else tuple_(*keys) < last_seen)
    rows = list(work.all(statement.order_by(*(key if ascending else key.desc() for key in keys)).limit(query.limit + 1)))
    if len(rows) <= query.limit:
        return rows, None
    last = rows[query.limit - 1]
    values = [_plain(getattr(last, key.key)) for key in keys]
    return rows[: query.limit], sealed([seal, *values])


def oldest(work: Work, kind: type[T], *conditions: ColumnElement[bool], since: Any, most: int) -> tuple[list[T], int]:
    """The first so many objects that meet the conditions, the smallest `since` first, and how many there are: one statement."""
    number: ColumnElement[int] = func.count().over()
    id: Any = kind.id  # type: ignore[attr-defined]  # noqa: A001  # whatever is listed has one; the trade calls it id
    rows: Sequence[Any] = work.execute(select(kind, number).where(*conditions).order_by(since, id).limit(most))
    return [row[0] for row in rows], rows[0][1] if rows else 0


def matching(*asked: tuple[Any, object]) -> list[ColumnElement[bool]]:
    """That each column is what was asked of it: one value, or any of a list. None and an empty list ask nothing."""
    return [
        column.in_(value) if isinstance(value, list) else column == value for column, value in asked if value not in (None, [])
    ]


def sorted_page(
    work: Work,
    statement: Select[T],
    query: KeptListing,
    by: Mapping[str, Any],
    *,
    id: Any,  # noqa: A002  # the trade calls it id
) -> tuple[list[T], str | None]:
    """A page in the order that the query's `sort` names, of what was changed since the time it names.

    `sort` is a key of `by`, the largest first if a `-` stands before it; `by` has `updated_at` in any case.
    """
    if query.updated_since is not None:
        statement = statement.where(by["updated_at"] >= query.updated_since)
    return page(work, statement, query, keys=[by[query.sort.removeprefix("-")], id], ascending=not query.sort.startswith("-"))


def _seal(work: Work, query: Listing) -> str:
    asked = {name: value for name, value in query.dump().items() if name not in ("cursor", "limit")}
    return hashlib.sha256(json.dumps([work.call.dealer, type(query).__name__, asked]).encode()).hexdigest()[:16]


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
    elif type(value) is not kind:
        raise TypeError(value)
    return value


def _open(cursor: str, seal: str, keys: Sequence[Any]) -> list[Any]:
    found, *values = opened(cursor, 1 + len(keys))
    if found != seal:
        raise not_ours()
    try:
        return [_typed(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, AttributeError):
        raise not_ours() from None
