"""Replicas that would lead: databases, engines, and one that runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from chassis.process.clock import SystemClock
from chassis.store.database import create_database_engine
from chassis.store.leadership import Leadership

RELAY_KEY = 4182077271328886942


@pytest.fixture
def url(fresh_database: Callable[[str], Any]) -> str:
    """A database of PostgreSQL."""
    return str(fresh_database("leadership").owner_url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine of one replica."""
    with an_engine(url) as engine:
        yield engine


@pytest.fixture
def other_engine(url: str) -> Iterator[Engine]:
    """An engine of another replica."""
    with an_engine(url) as engine:
        yield engine


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An engine of the embedded mode: its pool has one connection."""
    with an_engine(f"sqlite:///{tmp_path}/service.sqlite") as engine:
        yield engine


@contextmanager
def an_engine(url: str) -> Iterator[Engine]:
    engine = create_database_engine(url, name="test", connections=2)
    yield engine
    engine.dispose()


def a_leadership(engine: Engine, name: str = "relay", idle_seconds: float = 60.0) -> Leadership:
    # The idle limit is far away: no test may pass only because the server cleans up what was left behind.
    return Leadership(engine, name, SystemClock(), idle_seconds=idle_seconds)


class Replica:
    """A replica that runs `leadership.run` in a thread and counts its calls."""

    def __init__(self, leadership: Leadership, body: Callable[[Connection], None] = lambda connection: None) -> None:
        self.leadership = leadership
        self.calls = 0
        self._body = body
        self.stop = Event()
        self.thread = Thread(target=leadership.run, args=(self._work, self.stop), kwargs={"poll_seconds": 0.05})

    def _work(self, connection: Connection) -> None:
        self.leadership.confirm(connection)
        self._body(connection)
        self.calls += 1
        self.stop.wait(0.02)

    def __enter__(self) -> "Replica":
        self.thread.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        self.stop.set()
        self.thread.join(5)
        assert not self.thread.is_alive(), "the replica did not stop"

    @property
    def leads(self) -> bool:
        return self.leadership.leading_since is not None


def can_lead(leadership: Leadership) -> bool:
    with leadership.attempt() as connection:
        return connection is not None


def locks_held(engine: Engine) -> int:
    with engine.connect() as connection:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        held: int = connection.execute(text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}")).scalar_one()
        return held
