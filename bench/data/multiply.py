"""Many orders from one that was made by real commands: its rows are copied, with new ids, in workshop's and parts' databases.

A copy has every row the original has - order, lines, estimate, authorisations, clockings, reservation, issue slip, moves - and a
number of its own. Ids that follow from others are derived anew; balances follow the moves. Copied are the facts of the
order, not the chassis' records of how they came about: outbox, inbox and idempotency records are only those of the originals.
"""

import hashlib
import json
import re
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import cycle
from typing import Any

import psycopg2

from bench.data.mixes import Order
from chassis.wire.ids import derived_id, new_id

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CHUNK = 200

DELIVERED = "workshop.work_order.delivered"
NOT_YET = "1970-01-01T00:00:00+00:00"
"""When the events of delivered copies are said to have been sent, until `announce`."""

_OF_AN_ORDER = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'work_order_id' AND table_name <> ALL(%s) ORDER BY table_name"""
_LEFT_BY_A_DELIVERY = ["delivery", "deduction"]
_NOT_COPIED = ["parts_task", "occupancy"]

Rows = list[tuple[str, str]]
"""(table, row as JSON text), parents first."""


class Original:
    """One order with all its rows."""

    def __init__(self, urls: dict[str, str], dealer: str, identity: str) -> None:
        self.dealer, self.id = dealer, identity
        self._rows: dict[str, Rows] = {}
        with closing(psycopg2.connect(urls["workshop"])) as connection, connection.cursor() as cursor:
            order = _rows(cursor, "work_order", "id", identity)
            self._rows["workshop"] = order + _children(cursor, identity)
        with closing(psycopg2.connect(urls["parts"])) as connection, connection.cursor() as cursor:
            rows = _children(cursor, identity)
            rows.sort(key=lambda row: row[0] != "reservation")
            reservation = json.loads(rows[0][1])["id"]
            self._rows["parts"] = rows + _rows(cursor, "reservation_line", "reservation_id", reservation)
        root = json.loads(order[0][1])
        self.version, self.number = root["version"], root["number"]
        own = {json.loads(text)["id"] for rows in self._rows.values() for _, text in rows}
        self._own = own | {root["visit_id"]}
        estimates = [json.loads(text) for table, text in self._rows["workshop"] if table == "estimate"]
        self._derived: dict[str, Callable[[str], str]] = {
            reservation: partial(derived_id, "reservation", "order"),
            **{one["id"]: partial(_estimate_id, version=one["estimate_version"]) for one in estimates},
        }

    def copy(self, number: str) -> tuple[Order, dict[str, Rows]]:
        """Another order like this one, and its rows by service."""
        ids = {old: new_id() for old in self._own}
        ids.update({old: derive(ids[self.id]) for old, derive in self._derived.items()})
        rows = {
            service: [(table, self._renamed(text, ids, number)) for table, text in rows] for service, rows in self._rows.items()
        }
        return Order(self.dealer, ids[self.id], self.version), rows

    def _renamed(self, text: str, ids: dict[str, str], number: str) -> str:
        renamed = UUID.sub(lambda found: ids.get(found[0], found[0]), text).replace(self.number, number)
        return _signed(renamed) if '"signature":{' in renamed else renamed

    def deliver(self, urls: dict[str, str]) -> None:
        """From now on its copies are delivered, as it is itself by now, and parts and all others have not heard of it."""
        with closing(psycopg2.connect(urls["workshop"])) as connection, connection.cursor() as cursor:
            rows = _rows(cursor, "work_order", "id", self.id) + _children(cursor, self.id, delivered=True)
            told = [json.loads(text) for _, text in _rows(cursor, "outbox", "subject", self.id)]
        event = max((one for one in told if one["type"] == DELIVERED), key=lambda one: one["sequence"])
        del event["position"]
        self._rows["workshop"] = [*rows, ("outbox", json.dumps({**event, "sent_at": NOT_YET}, ensure_ascii=False))]
        self._own |= {row["id"] for row in map(json.loads, (text for _, text in self._rows["workshop"])) if "id" in row}


class Multiplier:
    """Makes orders like the templates, in turn; the templates themselves stay as they are."""

    def __init__(self, urls: dict[str, str], templates: list[dict[str, str]]) -> None:
        self._urls = urls
        self._originals = [Original(urls, one["dealer"], one["id"]) for one in templates]
        self._turn = cycle(self._originals)
        self._last: dict[str, int] = {}

    @property
    def templates(self) -> list[Order]:
        """The orders the others are like."""
        return [Order(one.dealer, one.id, one.version) for one in self._originals]

    def orders(self, count: int) -> list[Order]:
        """So many further orders."""
        orders: list[Order] = []
        workshop, parts = (psycopg2.connect(self._urls[service]) for service in ("workshop", "parts"))
        with closing(workshop), closing(parts):
            with workshop, workshop.cursor() as cursor:
                cursor.execute("SELECT dealer_id, last FROM number_series")
                self._last = dict(cursor.fetchall())
            while len(orders) < count:
                chunk = [self._copy() for _ in range(min(CHUNK, count - len(orders)))]
                orders += [order for order, _ in chunk]
                for service, connection in (("workshop", workshop), ("parts", parts)):
                    _insert(connection, [row for _, rows in chunk for row in rows[service]])
            with workshop, workshop.cursor() as cursor:
                for dealer, number in self._last.items():
                    cursor.execute("UPDATE number_series SET last = %s WHERE dealer_id = %s", [number, dealer])
            with parts, parts.cursor() as cursor:
                cursor.execute(BALANCE)
        return orders

    def deliver(self) -> None:
        """The templates are delivered by now: further orders are, too, and their events wait for `announce`."""
        for one in self._originals:
            one.deliver(self._urls)

    def announce(self) -> None:
        """Have the deliveries of all such orders published."""
        with closing(psycopg2.connect(self._urls["workshop"])) as connection, connection, connection.cursor() as cursor:
            cursor.execute("UPDATE outbox SET sent_at = NULL WHERE sent_at = %s", [NOT_YET])

    def _copy(self) -> tuple[Order, dict[str, Rows]]:
        original = next(self._turn)
        self._last[original.dealer] += 1
        prefix, _, digits = original.number.rpartition("-")
        return original.copy(f"{prefix}-{self._last[original.dealer]:0{len(digits)}d}")


BALANCE = """
    UPDATE stock_balance SET quantity_units = moved.units, value_milli = moved.value FROM (
        SELECT dealer_id, part_number, location, sum(units) AS units, sum(value) AS value FROM (
            SELECT dealer_id, part_number, to_location AS location, quantity_units AS units, value_milli AS value FROM stock_move
            UNION ALL SELECT dealer_id, part_number, from_location, -quantity_units, -value_milli FROM stock_move
        ) AS ends GROUP BY 1, 2, 3
    ) AS moved WHERE (stock_balance.dealer_id, stock_balance.part_number, stock_balance.location)
        = (moved.dealer_id, moved.part_number, moved.location)"""


def _signed(text: str) -> str:
    """The row, signed as its copy is: the document that was signed names other ids. What another service had signed stays."""
    row = json.loads(text)
    if "document" not in row:
        return text
    canonical = json.dumps(row["document"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    row["signature"]["document_hash"] = hashlib.sha256(canonical.encode()).hexdigest()
    return json.dumps(row, ensure_ascii=False)


def _estimate_id(order: str, *, version: int) -> str:
    return derived_id("estimate", order, version)


def _children(cursor: Any, order: str, *, delivered: bool = False) -> Rows:
    cursor.execute(_OF_AN_ORDER, [_NOT_COPIED if delivered else _LEFT_BY_A_DELIVERY + _NOT_COPIED])
    return [row for (table,) in cursor.fetchall() for row in _rows(cursor, table, "work_order_id", order)]


def _rows(cursor: Any, table: str, column: str, value: str) -> Rows:
    cursor.execute(f'SELECT row_to_json(one)::text FROM "{table}" AS one WHERE one."{column}" = %s', [value])
    return [(table, text) for (text,) in cursor.fetchall()]


def _insert(connection: Any, rows: Rows) -> None:
    by_table: dict[str, list[str]] = {}
    for table, text in rows:
        by_table.setdefault(table, []).append(text)
    with connection, connection.cursor() as cursor:
        for table, texts in by_table.items():
            names = ", ".join(f'"{name}"' for name in json.loads(texts[0]))
            statement = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s::json)'
            cursor.execute(statement, [f"[{','.join(texts)}]"])
