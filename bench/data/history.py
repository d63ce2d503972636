"""History: delivered orders by the ten thousand, copied in SQL from a few that were made and delivered by real commands.

A copy has every row that an order leaves in a service's database - order, lines, documents, moves, invoices, follow-up - and
the chassis' records of it: its events in the outboxes, what each inbox remembers of them, the idempotency record of the
delivery. Ids are older by whole windows, so that keys are as ordered as those of real history; numbers count on without a gap;
balances follow the moves. What JSON documents say inside (ids, numbers) is left as it is: it is as long, and no one reads it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg2
from psycopg2 import sql

from bench.data.mixes import Order
from bench.data.multiply import BALANCE

CHUNK = 5_000
"""So many orders are copied by one statement."""
NUMBER = re.compile(r"^[A-Z]+-\d{4}-\d{6}$")

# An id begins with its time in 48 bits of milliseconds: a copy is ten minutes older than the one before it. Derived ids have
# other bits there, and only need to differ.
_COPIED = """
    CREATE FUNCTION pattern.copied(id text, copy bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
        SELECT left(bits, 8) || '-' || right(bits, 4) || substr(id, 14) FROM lpad(to_hex(
            (('x' || left(id, 8) || substr(id, 10, 4))::bit(48)::bigint - copy * 600000) & 281474976710655), 12, '0') AS bits
    $$"""

Row = dict[str, Any]


class History:
    """The copies of one deployment; `orders` are the pattern: delivered, with all their effects, and nothing else is."""

    def __init__(self, urls: Mapping[str, str], orders: Sequence[Order]) -> None:
        self._urls = dict(urls)
        self._pattern = len(orders)
        self._copies = 0
        ids = {order.id for order in orders}
        rows = belonging({service: _every_row(url) for service, url in urls.items()}, ids)
        ids |= named_by(rows)
        self.rows_per_order = {
            service: {table: len(found) / len(orders) for table, found in tables.items()} for service, tables in rows.items()
        }
        """Rows that one delivered order leaves, by service and table."""
        self.bytes_per_order: dict[str, dict[str, int]] = {}
        """What they take with their indexes, measured at the last growth."""
        self._statements = {service: _prepare(urls[service], tables, ids) for service, tables in rows.items()}

    def grow(self, orders: int) -> None:
        """Copy until there are so many delivered orders of the pattern and its copies."""
        first, last = self._copies + 1, orders // self._pattern - 1
        with ThreadPoolExecutor() as pool:
            grown = pool.map(lambda service: self._grow(service, first, last), self._urls)
            self.bytes_per_order = dict(zip(self._urls, grown, strict=True))
        self._copies = last

    def _grow(self, service: str, first: int, last: int) -> dict[str, int]:
        with closing(psycopg2.connect(self._urls[service])) as connection, connection.cursor() as cursor:
            before = _sizes(cursor)
            cursor.execute("SET session_replication_role = replica")  # what the pattern refers to, the copy refers to
            step = max(1, CHUNK // self._pattern)
            for start in range(first, last + 1, step):
                for statement in self._statements[service]:
                    cursor.execute(statement, {"first": start, "last": min(start + step - 1, last)})
            if service == "parts":
                cursor.execute(BALANCE)
            connection.commit()
            connection.autocommit = True
            cursor.execute("VACUUM (ANALYZE)")  # now, and not by itself while something is measured
            cursor.execute("CHECKPOINT")
            copied = (last - first + 1) * self._pattern
            grown = {table: size - before[table] for table, size in _sizes(cursor).items()}
            return {table: round(size / copied) for table, size in grown.items() if size >= copied}


def belonging(rows: Mapping[str, Mapping[str, list[Row]]], orders: set[str]) -> dict[str, dict[str, list[Row]]]:
    """The rows of these orders, of all by service and table: a row belongs to an order that it names, or whose visit, or of
    which it names a row."""
    known = set(orders)
    taken: dict[str, dict[str, list[Row]]] = {}
    found = -1
    while found < (found := len(known)):
        taken = {
            service: {table: mine for table, there in tables.items() if (mine := [row for row in there if _names(row, known)])}
            for service, tables in rows.items()
        }
        known |= named_by(taken)
    return taken


def named_by(rows: Mapping[str, Mapping[str, list[Row]]]) -> set[str]:
    """The ids of these rows and of the visits they are of."""
    every = (row for tables in rows.values() for found in tables.values() for row in found)
    return {row[name] for row in every for name in ("id", "visit_id") if row.get(name)}


def _names(row: Row, known: set[str]) -> bool:
    return any(isinstance(value, str) and value in known for value in row.values())


def _every_row(url: str) -> dict[str, list[Row]]:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        tables = {}
        for table in _sizes(cursor):
            cursor.execute(sql.SQL("SELECT row_to_json(one)::text FROM {} AS one").format(sql.Identifier(table)))
            tables[table] = [json.loads(text) for (text,) in cursor.fetchall()]
        return tables


def _prepare(url: str, tables: Mapping[str, list[Row]], own: set[str]) -> list[sql.Composed]:
    """Lay the pattern down beside the tables; the statements that copy it, for copies `first` to `last`."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA pattern")
        cursor.execute(_COPIED)
        for table, rows in tables.items():
            name = sql.Identifier(table)
            cursor.execute(
                sql.SQL("CREATE TABLE pattern.{0} AS SELECT * FROM json_populate_recordset(NULL::public.{0}, %s::json)").format(
                    name
                ),
                [json.dumps(rows)],
            )
        return [statement for table, rows in tables.items() for statement in _copying(cursor, table, rows, own)]


def _copying(cursor: Any, table: str, rows: list[Row], own: set[str]) -> Iterator[sql.Composed]:
    cursor.execute(
        "SELECT column_name, udt_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s "
        "AND coalesce(column_default, '') NOT LIKE 'nextval%%' AND is_identity = 'NO' AND is_generated = 'NEVER'",
        [table],
    )
    columns = {
        name: _value(name, kind, {row[name] for row in rows if isinstance(row[name], str)}, own)
        for name, kind in cursor.fetchall()
    }
    numbered = any(NUMBER.match(str(row.get("number"))) for row in rows)
    pattern = _NUMBERED if numbered else sql.SQL("TABLE pattern.{}")
    yield sql.SQL(
        "INSERT INTO public.{table} ({names}) SELECT {values} FROM generate_series(%(first)s::bigint, %(last)s) AS copy "
        "CROSS JOIN ({pattern}) AS one"
    ).format(
        table=sql.Identifier(table),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(columns.values()),
        pattern=pattern.format(sql.Identifier(table)),
    )
    if numbered:
        yield _COUNTED.format(sql.Identifier(table))


def _value(name: str, kind: str, values: set[str], own: set[str]) -> sql.Composable:
    column = sql.Identifier("one", name)
    if values & own and kind in ("uuid", "varchar"):
        return sql.SQL("pattern.copied({}::text, copy)::{}").format(column, sql.Identifier(kind))
    if name == "number" and any(map(NUMBER.match, values)):
        return sql.SQL("left(one.number, -6) || lpad(({})::text, 6, '0')").format(_COUNT)
    if name == "sequence_number":
        return _COUNT
    return column


_COUNT = sql.SQL("one.last + (copy - %(first)s) * one.each + one.place")
_NUMBERED = sql.SQL("""
    SELECT pattern.*, counted.last, count(*) OVER (PARTITION BY dealer_id) AS each,
        row_number() OVER (PARTITION BY dealer_id ORDER BY pattern.number) AS place
    FROM pattern.{} AS pattern JOIN public.number_series AS counted USING (dealer_id)""")
_COUNTED = sql.SQL("""
    UPDATE public.number_series AS counted SET last = last + (%(last)s::bigint - %(first)s + 1) * (
        SELECT count(*) FROM pattern.{} AS one WHERE one.dealer_id = counted.dealer_id)""")


def _sizes(cursor: Any) -> dict[str, int]:
    """Bytes of each table with its indexes and what is stored out of line."""
    cursor.execute(
        "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return dict(cursor.fetchall())
