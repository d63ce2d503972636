"""F1 and F2: the job with raw psycopg2 and raw py-amqp, one process per role, no ORM and no validation - the yardstick.

The same transactions, rows, publishes, confirms and acknowledgements as ServiceLane's: outbox, inbox, idempotency record,
business keys. F1 has one order or message per transaction, F2 fifty; relays publish what is pending, in both. There is no RPC and
no client: the service takes the orders from memory, which makes the yardstick the harder one.

    python -m bench.arms.plain.raw workshop|billing|parts|crm <batch>      # DATABASE_URL, AMQP_URI
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
from psycopg2.extras import RealDictCursor

from bench.arithmetic import schedule
from bench.arms.plain import facts
from bench.arms.plain.bus import Relay, consume, until
from bench.arms.plain.effects import announce, deduct_stock, deliver, issue_invoices, schedule_follow_ups

Handle = Callable[[Any, list[facts.Envelope]], list[facts.Envelope]]

CONNECTIONS = 4
"""Connections of the service: with one, it waits for the disk while processors idle."""


def main() -> None:
    """Play one role until the harness ends the process."""
    role, batch = sys.argv[1], int(sys.argv[2])
    relay = Relay(os.environ["DATABASE_URL"], os.environ["AMQP_URI"])
    relay.start()
    if role == "workshop":
        Workshop(os.environ["DATABASE_URL"], relay, batch).serve()
        return
    queue, handle = ROLES[role]
    say({"ready": True})
    consume(os.environ["AMQP_URI"], queue, batch, Role(queue, os.environ["DATABASE_URL"], relay, handle).process)


def say(message: object) -> None:
    """One line to the harness."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


class Workshop:
    """Delivers orders; jobs come as lines: {"orders": [[dealer, id, version]], "rate": per second or null, "repeats": share}."""

    def __init__(self, url: str, relay: Relay, batch: int) -> None:
        self._databases = [psycopg2.connect(url, cursor_factory=RealDictCursor) for _ in range(CONNECTIONS)]
        self._relay = relay
        self._batch = batch

    def serve(self) -> None:
        """Do job after job."""
        say({"ready": True})
        for line in sys.stdin:
            job = json.loads(line)
            started = time.monotonic()
            todo = iter(batches(job["orders"], self._batch, job["rate"], job["repeats"]))
            turn = threading.Lock()
            workers = [threading.Thread(target=self._work, args=[one, todo, turn, started]) for one in self._databases]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            say({"seconds": time.monotonic() - started, "failed": {}})

    def _work(self, database: Any, todo: Iterator[tuple[float, list[Any]]], turn: threading.Lock, started: float) -> None:
        while True:
            with turn:
                due, orders = next(todo, (0.0, None))
            if orders is None:
                return
            until(started + due)
            with database, database.cursor() as cursor:
                deliver(cursor, orders)
            self._relay.wake()


def batches(orders: list[Any], size: int, rate: float | None, repeats: float) -> Iterator[tuple[float, list[Any]]]:
    """(when, orders): at a rate one by one, else as many as fit in a transaction; a repeated command follows its first."""
    if rate:
        yield from ((due, [order]) for due, order in zip(schedule(len(orders), rate), orders, strict=True))
        return
    every = round(1 / repeats) if repeats else 0
    for start in range(0, len(orders), size):
        yield 0.0, orders[start : start + size]
        again = [order for number, order in enumerate(orders[start : start + size], start) if every and number % every == 0]
        if again:
            yield 0.0, again


class Role:
    """A subscriber: inbox, effect, outbox and commit for what it is given."""

    def __init__(self, queue: str, url: str, relay: Relay, handle: Handle) -> None:
        self._queue = queue
        self._database = psycopg2.connect(url)
        self._relay = relay
        self._handle = handle

    def process(self, bodies: list[str]) -> None:
        """Have the effect of every message that is new."""
        events = {event["id"]: event for event in map(json.loads, bodies)}
        with self._database, self._database.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inbox (subscriber, message_id) SELECT %s, unnest(%s) ON CONFLICT DO NOTHING RETURNING message_id",
                [self._queue, list(events)],
            )
            new = [events[identity] for (identity,) in cursor.fetchall()]
            if new:
                announce(cursor, self._handle(cursor, new))
        self._relay.wake()


ROLES: dict[str, tuple[str, Handle]] = {
    "billing": ("billing.issue_invoices", issue_invoices),
    "parts": ("parts.deduct_stock", deduct_stock),
    "crm": ("crm.schedule_follow_up", schedule_follow_ups),
}

if __name__ == "__main__":
    main()
