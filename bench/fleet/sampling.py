"""What a fleet takes and what is on its way, seen from outside: /proc, pg_stat_activity, the tables, the broker's management."""

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from bench.data.sandbox import Sandbox
from bench.data.uris import port_of
from bench.data.watch import EFFECTS, WATCHER
from bench.fleet.installation import SERVICES, Installation
from deploy.dev.processes import THREADS, stat
from deploy.local.fleet import Replica
from deploy.local.proc import listener

PAGE = os.sysconf("SC_PAGE_SIZE")
PAGES = 21
"""Resident pages: the place in /proc/<pid>/stat behind the name."""


@dataclass
class Sample:
    """One look: `at` in seconds since the first; processes by name of the replica, connections by service."""

    at: float
    processes: dict[str, dict[str, float]]
    database_connections: dict[str, int]
    broker_connections: int
    queued: int
    """Messages in all queues, those under way to a consumer included."""
    outbox_pending: int
    parked: int
    complete: int
    """Orders with all three effects."""

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not (self.queued or self.outbox_pending or self.parked)


class Sampler:
    """Looks at one installation and its fleet."""

    def __init__(self, sandbox: Sandbox, installation: Installation) -> None:
        self._sandbox, self._vhost, self._urls = sandbox, installation.vhost, installation.urls
        self._databases = {url.rpartition("/")[2]: service for service, url in installation.urls.items()}
        self._broker = listener(port_of(sandbox.infrastructure.amqp_uri, 5672))
        self._started = time.monotonic()

    def look(self, replicas: list[Replica]) -> Sample:
        """Look once."""
        pids = {one.name: one.pid for one in replicas} | ({} if self._broker is None else {"broker": self._broker})
        found = {name: process(pid) for name, pid in pids.items()}
        queues = self._sandbox.ask(f"queues/{self._vhost}?columns=name,messages")
        return Sample(
            at=round(time.monotonic() - self._started, 1),
            processes={name: figures for name, figures in found.items() if figures},
            database_connections=self._connections(),
            broker_connections=len(self._sandbox.ask(f"vhosts/{self._vhost}/connections")),
            queued=sum(queue.get("messages", 0) for queue in queues),
            outbox_pending=self._sum("SELECT count(*) FROM outbox WHERE sent_at IS NULL"),
            parked=self._sum("SELECT count(*) FROM parked_message"),
            complete=self.complete(),
        )

    def complete(self) -> int:
        """How many orders have all three effects."""
        return min(
            self._number(service, f"SELECT count(DISTINCT work_order_id) FROM {table}") for service, table in EFFECTS.items()
        )

    def missing(self, orders: Iterable[str]) -> list[str]:
        """Of these work orders those whose delivery is not in the books."""
        with closing(self._connect("workshop")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT work_order_id::text FROM delivery WHERE reversed_at IS NULL")
            return sorted(set(orders) - {identity for (identity,) in cursor.fetchall()})

    def _connections(self) -> dict[str, int]:
        with closing(self._connect("workshop")) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT datname, count(*) FROM pg_stat_activity WHERE datname = ANY(%s) AND application_name <> %s "
                "GROUP BY datname",
                [list(self._databases), WATCHER],
            )
            counts: Mapping[str, int] = dict(cursor.fetchall())
        return {service: counts.get(name, 0) for name, service in self._databases.items()}

    def _sum(self, query: str) -> int:
        return sum(self._number(service, query) for service in SERVICES)

    def _number(self, service: str, query: str) -> int:
        with closing(self._connect(service)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])

    def _connect(self, service: str) -> Any:
        return psycopg2.connect(self._urls[service], application_name=WATCHER)


def process(pid: int) -> dict[str, float] | None:
    """Resident memory in MiB, threads and open files of a process; None when it is gone."""
    fields = stat(pid)
    if fields is None:
        return None
    try:
        return {
            "memory_mib": round(int(fields[PAGES]) * PAGE / 2**20, 1),
            "threads": int(fields[THREADS]),
            "files": sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
        }
    except OSError:  # it has ended
        return None
