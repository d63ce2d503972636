"""How PostgreSQL would answer the questions of a query, as the service's own role behind row-level security."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event

from tests.infrastructure import ServiceDatabase
from tests.services.desk import Desk


def conditions(desk: Desk, table: str, ask: Callable[[], object]) -> list[str]:
    """For each question that `ask` asks of a table: what is looked up in an index; empty where it has to read all of it.

    Of a few rows PostgreSQL would rather read all: it is told not to where it has a choice, and `grow` makes them many.
    """
    with _heard(desk, table) as asked:
        ask()
    found = []
    with desk.executor.sessions() as session:
        session.scope_to("sh-pudong")
        connection = session.connection()
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for statement, parameters in asked:
            [[plan]] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).all()
            found.append(" ".join(_looked_up(plan if isinstance(plan, list) else json.loads(plan))))
    return found


def grow(desk: Desk, database: ServiceDatabase, table: str, **changed: str) -> None:
    """Copy the first row of a table 3,000 times, with other values of these columns: SQL with `n` for the number of the copy.

    Its owner tells PostgreSQL what is in it then, as the autovacuum does after a while.
    """
    values = ", ".join(f"'{column}', {expression}" for column, expression in {"id": "gen_random_uuid()", **changed}.items())
    copied = f"(jsonb_populate_record(NULL::{table}, to_jsonb(one) || jsonb_build_object({values}))).*"
    with desk.executor.sessions() as session:
        session.scope_to("sh-pudong")
        session.connection().exec_driver_sql(
            f"INSERT INTO {table} SELECT {copied} FROM (SELECT * FROM {table} LIMIT 1) AS one, generate_series(1, 3000) AS n"
        )
        session.commit()
    engine = create_engine(database.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ANALYZE {table}")
    engine.dispose()


@contextmanager
def _heard(desk: Desk, table: str) -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def hear(connection: Any, cursor: Any, statement: str, parameters: Any, *ignored: Any) -> None:
        if f"FROM {table} " in statement.replace("\n", " ") + " ":
            # Without what goes before it in the same round trip, and unsorted: of a few rows any order would do as well.
            asked.append((statement.rpartition("; ")[2].partition(" ORDER BY ")[0], parameters))

    event.listen(desk.executor.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(desk.executor.engine, "before_cursor_execute", hear)


def _looked_up(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "Index Cond" in part:
            yield part["Index Cond"]
        part = list(part.values())
    for one in part if isinstance(part, list) else ():
        yield from _looked_up(one)
