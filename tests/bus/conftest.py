"""Bus tests run twice: over the embedded bus with SQLite, and over real RabbitMQ with real PostgreSQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import eventlet
import kombu
import pytest

from chassis import topology
from chassis.call import Call
from chassis.ids import new_id
from chassis.migrations import migrate
from chassis.runtime import Runtime
from chassis.settings import Settings
from tests.bus.toy.service import Count, Counter, ToyService

_numbers = count(1)


@dataclass
class Bus:
    """One bus and one database for the toy service; each `replica()` is a process of its own in all but memory."""

    amqp_uri: str
    database_url: str
    admin_url: str | None
    running: list["Replica"] = field(default_factory=list)

    def replica(self, service_class: type[ToyService] = ToyService, **settings: Any) -> "Replica":
        """A started replica of the toy."""
        replica = Replica(self, service_class, settings)
        self.running.append(replica)
        return replica


class Replica:
    """One running toy."""

    def __init__(self, bus: Bus, service_class: type[ToyService], settings: dict[str, Any]) -> None:
        environ = {"AMQP_URI": bus.amqp_uri, "DATABASE_URL": bus.database_url, **{name: str(value) for name, value in settings.items()}}
        self.runtime = Runtime(Settings.read("toy", environ), service_class)
        self.core = self.runtime.core
        self.threads: list[Any] = []
        self.runtime.start(lambda run: self.threads.append(eventlet.spawn(run)))

    def count(self, name: str, by: int = 1, *, dealer: str = "sh-pudong", key: str | None = None) -> Any:
        """Have the toy count, as its door would."""
        call = Call(dealer=dealer, idempotency_key=key)
        service = ToyService()
        door: Any = ToyService.count
        return self.core.execute(
            Count, lambda command, work: door.__wrapped__(service, command, work), {"name": name, "by": by}, call, new_id()
        )

    def total(self, name: str, *, dealer: str = "sh-pudong") -> int:
        """What a counter stands at; 0 if there is none."""
        from sqlalchemy import select

        with self.core.sessions() as session:
            session.scope_to(dealer)
            return session.scalar(select(Counter.total).where(Counter.name == name)) or 0

    def rows(self, statement: Any) -> list[Any]:
        """Read chassis tables."""
        with self.core.sessions() as session:
            return list(session.execute(statement))

    def stop(self) -> None:
        """Leave gracefully."""
        self.runtime.stop()
        for thread in self.threads:
            thread.kill()

    def kill(self) -> None:
        """Vanish: every green thread dies where it stands, connections break."""
        for thread in self.threads:
            thread.kill()


def eventually(check: Callable[[], bool], awaited: str, seconds: float = 15.0) -> None:
    """Poll until `check` is true; say what was awaited if it never is."""
    with eventlet.Timeout(seconds, AssertionError(f"not within {seconds} s: {awaited}")):
        while not check():
            eventlet.sleep(0.02)


@pytest.fixture(params=["embedded", "server"])
def bus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bus]:
    """A fresh bus and database."""
    if request.param == "embedded":
        url = f"sqlite:///{tmp_path}/toy.sqlite"
        made = Bus(f"embedded://toy-{next(_numbers)}/", url, None)
        migrate(ToyService, url)
    else:
        database = request.getfixturevalue("fresh_database")("toy")
        made = Bus(request.getfixturevalue("vhosts").make(), database.url, database.admin_url)
        migrate(ToyService, database.owner_url)
    topology.declare_exchange(made.amqp_uri, "toy")
    yield made
    for replica in made.running:
        replica.stop()


@pytest.fixture
def connection(bus: Bus) -> Iterator[Any]:
    """A plain kombu connection to the bus."""
    with kombu.Connection(bus.amqp_uri) as opened:
        yield opened
