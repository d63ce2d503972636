"""The few statements that PostgreSQL and SQLite both know but SQLAlchemy spells per dialect."""

from functools import cache
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def dialect(session: Session) -> str:
    """`postgresql` or `sqlite`."""
    return session.get_bind().dialect.name


def insert_new(session: Session, table: Table, *returning: Column[Any]) -> Any:
    """INSERT … ON CONFLICT DO NOTHING, returning columns of the rows that were new."""
    return _insert_new(dialect(session), table, returning)


@cache
def _insert_new(dialect: str, table: Table, returning: tuple[Column[Any], ...]) -> Any:
    return _INSERT[dialect](table).on_conflict_do_nothing().returning(*returning)


def upsert_newer(session: Session, table: Table, key: str, newer: str) -> Any:
    """INSERT or overwrite the row with that key, unless the row is as new already by the column `newer`."""
    statement = _INSERT[dialect(session)](table)
    return statement.on_conflict_do_update(
        index_elements=[key],
        set_={column.name: statement.excluded[column.name] for column in table.columns if column.name != key},
        where=table.c[newer] < statement.excluded[newer],
    )
