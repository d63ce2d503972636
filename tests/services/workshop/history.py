"""A dealer's years: closed orders by the thousand, copied in SQL from one, and what is read of them to answer a question."""

from collections.abc import Iterator
from typing import Any

import psycopg2
from sqlalchemy import event

from chassis.wire.messages import Query
from contracts.workshop.order import WorkOrder
from tests.services.workshop.shop import DEALER, Shop

_COPY = """
    INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', md5(one.id::text || n)::uuid, {changes}))).*
    FROM {table} AS one CROSS JOIN generate_series(1, %(count)s) AS n WHERE one.{of} = %(id)s"""
_ORDERS = """
    'number', 'RO-2019-' || lpad(n::text, 6, '0'), 'status', 'closed', 'vehicle_id', md5('car' || n)::uuid,
    'opened_at', one.opened_at - n * interval '1 hour', 'updated_at', one.updated_at - n * interval '1 hour'"""
_CHILDREN = "'work_order_id', md5(one.work_order_id::text || n)::uuid"


def grow(admin_url: str, order: WorkOrder, count: int) -> None:
    """So many closed orders like this one, with lines and clockings; and the planner knows of them."""
    connection = psycopg2.connect(admin_url.replace("+psycopg2", ""))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(_COPY.format(table="work_order", of="id", changes=_ORDERS), {"id": order.id, "count": count})
            for table in ("order_line", "clocking"):
                copied = _COPY.format(table=table, of="work_order_id", changes=_CHILDREN)
                cursor.execute(copied, {"id": order.id, "count": count})
            cursor.execute("VACUUM (ANALYZE)")
    finally:
        connection.close()


class Reading:
    """How many statements a question took, and how many rows of tables and indexes the database went through for it."""

    def __init__(self, shop: Shop, query: Query, **asking: Any) -> None:
        sent: list[tuple[str, Any]] = []
        engine = shop.desk.executor.engine

        def note(*given: Any) -> None:
            sent.append((given[2], given[3]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            self.answer = shop.desk.ask(query, **asking)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        self.statements = len(sent)
        self.rows = 0
        with shop.desk.executor.sessions() as session:
            session.scope_to(DEALER)
            for told, given in sent:
                explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {told.rpartition('; ')[2]}"
                (plan,) = session.connection().exec_driver_sql(explained, given).scalar_one()
                self.rows += sum(map(_gone_through, _nodes(plan["Plan"])))


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _gone_through(node: dict[str, Any]) -> int:
    if "Scan" not in node["Node Type"]:
        return 0
    passed = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(name, 0) for name in passed) * node["Actual Loops"])
