"""What a list costs as history grows: rows copied past the code, and how many rows the database touches to answer."""

import json
from functools import partial
from typing import Any

from sqlalchemy import Table, create_engine, event, insert, select, text

from chassis.wire.ids import new_id
from chassis.wire.messages import Query
from tests.services.desk import Desk


def grow(desk: Desk, table: Any, times: int, *, dealer: str = "sh-pudong", **changes: Any) -> None:
    """Copy one row of a table so often, each with an id of its own and these changes; a callable makes each its own value."""
    assert isinstance(table, Table)

    def copy(session: Any) -> None:
        row = dict(session.execute(select(table).limit(1)).one()._mapping)
        copies = [
            {**row, "id": new_id(), **{name: make() if callable(make) else make for name, make in changes.items()}}
            for _ in range(times)
        ]
        session.execute(insert(table), copies)
        session.commit()

    desk.rows(copy, dealer=dealer)
    # As the database does by itself, sooner or later: its plans are made from what it knows of a table.
    engine = create_engine(desk.owner_url)
    with engine.begin() as connection:
        connection.execute(text(f'ANALYZE "{table.name}"'))
    engine.dispose()


def rows_touched(desk: Desk, query: Query) -> int:
    """How many rows the database reads, or looks at and leaves out, to answer the query once."""
    asked: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        told, _, itself = statement.partition("; ")  # a query's statement tells the database first whose it is
        asked.append((itself if told.startswith("SELECT set_config(") else statement, parameters))

    engine = desk.executor.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        desk.ask(query)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked
    return sum(desk.rows(partial(_touched, asked=one)) for one in asked)


def _touched(session: Any, *, asked: tuple[str, Any]) -> int:
    statement, parameters = asked
    session.connection().exec_driver_sql("SELECT 1", {})  # whose it is, is told together with the first statement
    explained = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar()
    plan = explained if isinstance(explained, list) else json.loads(explained)
    return sum(_of(node) for node in _scans(plan[0]["Plan"]))


def _scans(node: dict[str, Any]) -> list[dict[str, Any]]:
    mine = [node] if "Scan" in node["Node Type"] else []
    return mine + [one for inner in node.get("Plans", ()) for one in _scans(inner)]


def _of(node: dict[str, Any]) -> int:
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int(each * node["Actual Loops"])
