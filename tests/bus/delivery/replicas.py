"""The toy service on a bus and a database: its replicas, and reading what became of what they were told."""

from dataclasses import dataclass, field
from typing import Any

import eventlet
from sqlalchemy import select

from chassis.process.settings import Settings
from chassis.service.runtime import Runtime
from chassis.store.tables import outbox
from chassis.wire.call import Call
from chassis.wire.ids import new_id
from chassis.wire.messages import Command
from chassis.work.executor import Executor
from tests.bus.toy.service import Count, Counter, Note, ToyService
from tests.waiting import awaited


@dataclass
class Bus:
    """One bus and one database for the toy service; each `replica()` is a process of its own in all but memory."""

    amqp_uri: str
    database_url: str
    admin_url: str | None
    running: list["Replica"] = field(default_factory=list)

    def settings(self, **more: Any) -> Settings:
        """The toy's settings on this bus."""
        given = {name.upper(): str(value) for name, value in more.items()}
        return Settings.read("toy", {"AMQP_URI": self.amqp_uri, "DATABASE_URL": self.database_url, **given})

    def reader(self) -> "Reader":
        """The toy's database and doors only."""
        return Reader(Executor(self.settings()))

    def replica(self, service_class: type[ToyService] = ToyService, **settings: Any) -> "Replica":
        """A started replica of the toy."""
        replica = Replica(self, service_class, settings)
        self.running.append(replica)
        return replica


class Reader:
    """The toy's database and its doors, without anything running in the background."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    def count(self, name: str, by: int = 1, *, dealer: str = "sh-pudong", key: str | None = None) -> Any:
        """Have the toy count, as its door would."""
        return self._do(Count(name=name, by=by), Call(dealer=dealer, idempotency_key=key))

    def note(self, text: str, *, dealer: str = "sh-pudong") -> Any:
        """Have the toy write something down."""
        return self._do(Note(text=text), Call(dealer=dealer))

    def total(self, name: str, *, dealer: str = "sh-pudong") -> int:
        """What a counter stands at; 0 if there is none."""
        with self.executor.sessions() as session:
            session.scope_to(dealer)
            return session.scalar(select(Counter.total).where(Counter.name == name)) or 0

    def rows(self, statement: Any) -> list[Any]:
        """Read chassis tables."""
        with self.executor.sessions() as session:
            return list(session.execute(statement))

    def unsent(self) -> list[Any]:
        """Outbox rows that wait to be sent."""
        return self.rows(select(outbox).where(outbox.c.sent_at.is_(None)))

    def _do(self, command: Command, call: Call) -> Any:
        return self.executor.execute(type(command), ToyService.use_case(type(command)), command.dump(), call, new_id())


class Replica(Reader):
    """One running toy."""

    def __init__(self, bus: Bus, service_class: type[ToyService], settings: dict[str, Any]) -> None:
        self.runtime = Runtime(bus.settings(**settings), service_class)
        super().__init__(self.runtime.executor)
        self.threads: list[Any] = []
        self.runtime.start(lambda run: self.threads.append(eventlet.spawn(run)))
        awaited(lambda: self.runtime.ready, "the replica to consume")

    def stop(self) -> None:
        """Leave gracefully."""
        self.runtime.stop()
        for thread in self.threads:
            thread.kill()
