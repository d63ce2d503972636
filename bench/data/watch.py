"""Effects as they are committed, seen from the databases: the same eyes for every arm, however it works inside.

Each look is a transaction of its own that writes nothing: it is not among the transactions counted, and holds no vacuum back.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from bench.arms.worker import ArmFailed
from bench.data.mixes import Order

EFFECTS = {"crm": "follow_up", "parts": "deduction", "billing": "invoice"}
"""Where each of the three effects of a delivery stands: service and table, both with a work_order_id."""

DRAIN_SECONDS = 90.0
PAUSE = 0.005
"""Between two looks: what is seen is as exact as this."""
AT_ONCE = 10
"""So many orders are looked for at once, and so many are expected before their time: looking must not cost what is looked at."""
WATCHER = "bench-watcher"


COUNTER = "pg_stat_statements"


@dataclass(frozen=True)
class Counts:
    """So far: statements in the arm's databases but for the watcher's, None if nobody counts them; the server's transactions."""

    statements: int | None
    transactions: int


class Watcher:
    """Watches the databases of one arm; `urls` are superusers' URLs by service."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = dict(urls)
        self._open: dict[str, Any] = {}
        self._asked = 0
        """Statements of our own."""

    def open(self) -> None:
        """Begin to watch."""
        for service, url in self._urls.items():
            self._open[service] = psycopg2.connect(url, application_name=WATCHER)
            self._open[service].autocommit = True
        self._counts_statements = COUNTER in self._ask("workshop", "SHOW shared_preload_libraries")[0][0]
        if self._counts_statements:
            self._ask("workshop", f"CREATE EXTENSION IF NOT EXISTS {COUNTER}")

    def close(self) -> None:
        """Watch no more."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def drained(self, orders: Sequence[Order], *, services: Iterable[str] = EFFECTS, seconds: float = DRAIN_SECONDS) -> float:
        """Wait until all these orders have the effects of these services; the moment of the monotonic clock. Raises ArmFailed.

        Looked up by key and few at a time, so that looking costs the same however long the tables are.
        """
        deadline = time.monotonic() + seconds
        for service in services:
            table = EFFECTS[service]
            waiting = {order.id: order for order in orders}
            while waiting:
                seen = self._seen(service, table, [*waiting.values()][-AT_ONCE:])
                for one in seen:
                    del waiting[one]
                if time.monotonic() > deadline:
                    raise ArmFailed(f"{len(waiting)} orders had no effect in {service} after {seconds:g} s")
                if not seen:
                    time.sleep(PAUSE)
        return time.monotonic()

    def latencies(self, orders: Sequence[Order], rate: float) -> list[float]:
        """Seconds from the commit of each delivery to the commit of its last effect, for orders sent in this order at this rate.

        Seen to within the pause between two looks, at both ends alike. Raises ArmFailed.
        """
        started = time.monotonic()
        deadline = started + len(orders) / rate + DRAIN_SECONDS
        unseen = {order.id: order for order in orders}
        waiting: dict[str, dict[str, Order]] = {service: {} for service in EFFECTS}
        committed: dict[str, float] = {}
        last: dict[str, float] = {}
        while unseen or any(waiting.values()):
            looked = time.monotonic()
            if looked > deadline:
                raise ArmFailed(f"{len(unseen)} orders were not delivered, others await {[*map(len, waiting.values())]} effects")
            sent = int((looked - started) * rate) + AT_ONCE - (len(orders) - len(unseen))
            for seen in self._seen("workshop", "delivery", [*unseen.values()][: max(sent, 1)]):
                committed[seen] = time.monotonic()
                order = unseen.pop(seen)
                for one in waiting.values():
                    one[seen] = order
            for service, table in EFFECTS.items():
                for seen in self._seen(service, table, [*waiting[service].values()]):
                    del waiting[service][seen]
                    last[seen] = time.monotonic()
            time.sleep(max(0.0, looked + PAUSE - time.monotonic()))
        return [max(0.0, last[one] - committed[one]) for one in committed]

    def unbilled(self) -> int:
        """How many deliveries have no invoice yet."""
        ((delivered,),) = self._ask("workshop", "SELECT count(*) FROM delivery")
        ((billed,),) = self._ask("billing", "SELECT count(DISTINCT work_order_id) FROM invoice")
        return int(delivered - billed)

    def settled(self) -> None:
        """Wait until every outbox is sent. Raises ArmFailed."""
        deadline = time.monotonic() + DRAIN_SECONDS
        for service in self._open:
            while True:
                ((pending,),) = self._ask(service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")
                if not pending:
                    break
                if time.monotonic() > deadline:
                    raise ArmFailed(f"{pending} events of {service} are not sent")
                time.sleep(PAUSE)

    def batches(self) -> dict[str, tuple[int, int]]:
        """By service, the messages in its inbox and the transactions that wrote them: a batch is one transaction."""
        query = "SELECT count(*), count(DISTINCT xmin::text) FROM inbox"
        return {service: self._ask(service, query)[0] for service in self._open}

    def counts(self) -> Counts:
        """What the server has counted."""
        ((transactions,),) = self._ask("workshop", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        if not self._counts_statements:
            return Counts(None, transactions)
        ours = self._asked
        query = f"SELECT sum(calls) FROM {COUNTER}(false) JOIN pg_database ON oid = dbid WHERE datname = ANY(%s)"
        ((calls,),) = self._ask("workshop", query, [_databases(self._urls)])
        return Counts(int(calls) - ours, transactions)

    def _seen(self, service: str, table: str, orders: Sequence[Order]) -> list[str]:
        if not orders:
            return []
        query = (
            f"SELECT DISTINCT work_order_id FROM {table} WHERE (dealer_id, work_order_id) IN "
            "(SELECT * FROM unnest(%s::text[], %s::uuid[]))"
        )
        keys = [[order.dealer for order in orders], [order.id for order in orders]]
        return [str(identity) for (identity,) in self._ask(service, query, keys)]

    def _ask(self, service: str, query: str, arguments: Sequence[object] = ()) -> list[Any]:
        self._asked += 1
        with self._open[service].cursor() as cursor:
            cursor.execute(query, arguments or None)
            return cursor.fetchall() if cursor.description else []


def analyze(urls: Mapping[str, str]) -> None:
    """Let the planner know the tables as they are."""
    for url in urls.values():
        with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def backends(urls: Mapping[str, str]) -> list[int]:
    """The server processes that work for these databases, but for us."""
    with closing(psycopg2.connect(next(iter(urls.values())))) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = ANY(%s) AND application_name <> %s AND pid <> pg_backend_pid()",
            [_databases(urls), WATCHER],
        )
        return [pid for (pid,) in cursor.fetchall()]


def _databases(urls: Mapping[str, str]) -> list[str]:
    return [urlsplit(url).path.removeprefix("/") for url in urls.values()]
