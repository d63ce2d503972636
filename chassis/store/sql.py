"""The few statements that PostgreSQL and SQLite both know but SQLAlchemy spells per dialect."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, text, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")


def dialect(session: Session) -> str:
    """`postgresql` or `sqlite`."""
    return session.get_bind().dialect.name


def insert_new(session: Session, table: Table, *returning: Column[Any]) -> Any:
    """INSERT … ON CONFLICT DO NOTHING, returning columns of the rows that were new."""
    return _insert_new(dialect(session), table, returning)


def upsert(
    session: Session,
    table: Table,
    *,
    key: Iterable[str] = (),
    values: Iterable[str] = (),
    newer: str | None = None,
    counted: str | None = None,
) -> Any:
    """INSERT, or overwrite the row with the same key; with `newer` only if the row's value of that column is less.

    `key` names the columns of a unique key; without it, it is the primary one. `values` names the columns that are overwritten;
    without it, they are all that are no part of a key. `counted` is a column that rises by one instead.
    """
    return _upsert(dialect(session), table, key=tuple(key), values=tuple(values), newer=newer, counted=counted)


def has_word(session: Session, column: Column[Any], key: str, word: str) -> ColumnElement[bool]:
    """Whether a document of lists by key has this word in the list of this key."""
    if dialect(session) == "postgresql":
        found: ColumnElement[bool] = column.op("@>", is_comparison=True)(type_coerce({key: [word]}, postgresql.JSONB))
        return found
    return func.json_extract(column, f'$."{key}"').contains(f'"{word}"', autoescape=True)


def many_at_once(statement: Any, table: Table) -> Any:
    """The same upsert, so that many rows go in one statement: SQLAlchemy does that only where something is returned."""
    return statement.returning(*table.primary_key)


def advisory_locks(session: Session, names: Sequence[str]) -> None:
    """Hold these locks until the transaction ends, taken in this order. SQLite has one writer anyway."""
    if names and dialect(session) == "postgresql":
        session.connection().execute(_LOCK, {"names": list(names)})


@cache
def _insert_new(dialect: str, table: Table, returning: tuple[Column[Any], ...]) -> Any:
    return _INSERT[dialect](table).on_conflict_do_nothing().returning(*returning)


@cache
def _upsert(
    dialect: str, table: Table, *, key: tuple[str, ...], values: tuple[str, ...], newer: str | None, counted: str | None
) -> Any:
    statement = _INSERT[dialect](table)
    primary = [column.name for column in table.primary_key]
    names = values or [column.name for column in table.columns]
    overwritten = {name: statement.excluded[name] for name in names if name not in {*primary, *key}}
    if counted is not None:
        overwritten[counted] = table.c[counted] + 1
    return statement.on_conflict_do_update(
        index_elements=key or primary,
        set_=overwritten,
        where=None if newer is None else table.c[newer] < statement.excluded[newer],
    )
