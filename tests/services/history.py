"""What questions cost as history grows: rows copied by the thousand, what is read of them, and by which index."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import create_engine, event

from chassis.wire.messages import Query
from contracts.workshop.order import WorkOrder
from tests.services.desk import Desk

DEALER = "sh-pudong"
ANYBODY = "gen_random_uuid()"
"""SQL of an id that nobody else has."""


def grow(desk: Desk, table: str, times: int, *, of: str = "", **changed: str | datetime) -> None:
    """Copy a row of a table so often - or each that meets the condition `of` - with other values of these columns.

    The values are times, or SQL with `n` for the number of the copy and `one` for the row that is copied. The planner learns of
    it, as it does by itself after a while.
    """
    given = {"id": ANYBODY, **changed}.items()
    values = ", ".join(f"'{name}', {value if isinstance(value, str) else repr(value.isoformat())}" for name, value in given)
    copied = f"SELECT * FROM {table} {f'WHERE {of}' if of else 'LIMIT 1'}"
    with desk.executor.sessions() as session:
        session.scope_to(DEALER)
        session.connection().exec_driver_sql(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(one) || jsonb_build_object({values}))).* "
            f"FROM ({copied}) AS one, generate_series(1, {times}) AS n"
        )
        session.commit()
    engine = create_engine(desk.owner_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ANALYZE {table}")
    engine.dispose()


def grow_orders(desk: Desk, order: WorkOrder, times: int) -> None:
    """A dealer's years: so many closed orders like this one, with lines and clockings."""
    copy = "md5({}::text || n)::uuid"
    grow(
        desk,
        "work_order",
        times,
        of=f"id = '{order.id}'",
        id=copy.format("one.id"),
        number="'RO-2019-' || lpad(n::text, 6, '0')",
        status="'closed'",
        vehicle_id=ANYBODY,
        opened_at="one.opened_at - n * interval '1 hour'",
        updated_at="one.updated_at - n * interval '1 hour'",
    )
    for table in ("order_line", "clocking"):
        grow(desk, table, times, of=f"work_order_id = '{order.id}'", work_order_id=copy.format("one.work_order_id"))


class Reading:
    """How many statements a question took, and how many rows of tables and indexes the database went through for it.

    The dealer's profile does not count: it is kept for two seconds, and read by whichever question comes next.
    """

    def __init__(self, desk: Desk, query: Query, **asking: Any) -> None:
        with _heard(desk) as heard:
            self.answer = desk.ask(query, **asking)
        sent = [one for one in heard if "dealer_profile" not in one[0]]
        assert sent
        self.statements = len(sent)
        self.rows = sum(_gone_through(node) for plan in _plans(desk, sent, "ANALYZE, ") for node in _nodes(plan))


def conditions(desk: Desk, table: str, ask: Callable[[], object]) -> list[str]:
    """For each question that `ask` asks of a table: what is looked up in an index; empty where it has to read all of it.

    Of a few rows PostgreSQL would rather read all: it is told not to where it has a choice, and `grow` makes them many.
    """
    with _heard(desk) as sent:
        ask()
    # Unsorted: of a few rows any order would do as well.
    asked = [
        (told.partition(" ORDER BY ")[0], given) for told, given in sent if f"FROM {table} " in told.replace("\n", " ") + " "
    ]
    return [
        " ".join(node["Index Cond"] for node in _nodes(plan) if "Index Cond" in node)
        for plan in _plans(desk, asked, "", "SET LOCAL enable_seqscan = off")
    ]


@contextmanager
def _heard(desk: Desk) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent, each without what goes before it in the same round trip."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement.rpartition("; ")[2], parameters))

    engine = desk.executor.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plans(desk: Desk, sent: list[tuple[str, Any]], how: str, *first: str) -> Iterator[dict[str, Any]]:
    """How the database answers each, as the service's own role behind row-level security."""
    with desk.executor.sessions() as session:
        session.scope_to(DEALER)
        connection = session.connection()
        for statement in first or ("SELECT 1",):  # whose it is, is told together with the first statement
            connection.exec_driver_sql(statement)
        for statement, given in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN ({how}FORMAT JSON) {statement}", given).scalar_one()
            yield (plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _gone_through(node: dict[str, Any]) -> int:
    if "Scan" not in node["Node Type"]:
        return 0
    passed = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(name, 0) for name in passed) * node["Actual Loops"])
