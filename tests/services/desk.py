"""A service under test, on its own real database, without a bus: commands go in, facts are heard, announcements are read."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from chassis.events.subscriber import Subscriber
from chassis.events.subscription import Delivery
from chassis.process.clock import ManualClock
from chassis.process.settings import Settings
from chassis.service.entrypoints import Service
from chassis.store.tables import outbox, parked_message
from chassis.wire.call import Call
from chassis.wire.envelope import seal
from chassis.wire.errors import Refused
from chassis.wire.ids import derived_id, new_id
from chassis.wire.messages import Answer, Command, Event, Query
from chassis.work.executor import Executor
from contracts.gateway.events import AccountRecorded, DealerRecorded, StaffRoles
from gateway.http import problem_codes
from tests.lending import Lent

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""Noon at the dealers, who are in Shanghai; a Monday."""


class Desk:
    """One service on one database, and two dealers it knows: `sh-pudong` and `bj-chaoyang`."""

    def __init__(self, service_class: type[Service], *, url: str, lent: Lent | None = None, now: datetime = NOON) -> None:
        self.clock = ManualClock(now)
        settings = Settings.read(service_class.name, {"AMQP_URI": "embedded://", "DATABASE_URL": url})
        self.executor = Executor(settings, clock=self.clock, engine=lent.engine if lent else None)
        self.service = service_class
        self._lent = lent
        self.sees: Callable[[Any, str | None], Any] = lambda command, dealer: command
        """What whoever signs a command is shown before: its answer is the command as they give it."""
        self.subscriptions = {one.name: one for one in self.service.subscriptions()}
        self.subscriber = Subscriber(self.executor, self.subscriptions)
        for dealer in ("sh-pudong", "bj-chaoyang"):
            self.register(dealer)

    @property
    def owner_url(self) -> str:
        """The database as its owner has it; afterwards no other test gets it."""
        assert self._lent is not None, "the database of this desk is its test's own"
        return self._lent.owner_url

    def register(self, dealer: str, **changes: Any) -> None:
        """Let the service know a dealer, as the registry announces it."""
        facts = {
            "dealer": dealer,
            "name": dealer,
            "time_zone": "Asia/Shanghai",
            "currency": "CNY",
            "locale": "zh",
            "tax_mode": "inclusive",
        }
        self.hear(DealerRecorded(**{**facts, **changes}), subject=dealer, dealer=dealer)

    def employ(
        self, login: str, *roles: str, at: tuple[str, ...] = ("sh-pudong", "bj-chaoyang"), active: bool = True, sequence: int = 1
    ) -> None:
        """Let the service know a person, as the gateway announces accounts."""
        dealers = [StaffRoles(dealer=dealer, roles=list(roles)) for dealer in at]
        fact = AccountRecorded(login=login, name=login, active=active, dealers=dealers)
        self.hear(fact, subject=derived_id("account", login), sequence=sequence, dealer=None)

    def do(
        self,
        command: Command,
        *,
        dealer: str | None = "sh-pudong",
        actor: str = "wang",
        key: str | None = None,
        if_match: int | None = None,
        roles: tuple[str, ...] = (),
    ) -> Any:
        """Give the service a command; its typed answer, or the typed error it raises."""
        command = self.sees(command, dealer)
        call = Call(
            dealer=dealer,
            principal=f"account:{actor}",
            actor=actor,
            idempotency_key=key,
            if_match=if_match,
            roles=roles,
            request_hash=json.dumps(command.dump(), sort_keys=True)[:64],
        )
        try:
            answer = self.executor.execute(type(command), self._handler(command), command.dump(), call, new_id())
        except Refused as refused:
            listed = problem_codes.refusals().get(f"{command.service}.{command.method}")
            if listed is not None and refused.code not in listed:
                raise AssertionError(f"{command.method} refuses {refused.code}, which contracts/refused.json lacks") from refused
            raise
        return _typed(type(command).answer, answer)

    def ask(self, query: Query, *, dealer: str | None = "sh-pudong", actor: str = "wang") -> Any:
        """Ask the service; its typed answer."""
        call = Call(dealer=dealer, principal=f"account:{actor}", actor=actor)
        return _typed(type(query).answer, self.executor.ask(type(query), self._handler(query), query.dump(), call))

    def hear(
        self,
        fact: Event,
        *,
        subject: str | None = None,
        sequence: int = 1,
        dealer: str | None = "sh-pudong",
        visit: str | None = None,
        times: int = 1,
    ) -> None:
        """Deliver an event to every subscription of this service that takes it, `times` times with the same id."""
        envelope = seal(
            fact,
            subject=subject or new_id(),
            sequence=sequence,
            time=self.clock.now(),
            dealer=dealer,
            correlation_id=visit,
            causation_id=None,
            traceparent=None,
            actor="test",
        )
        for name, subscription in self.subscriptions.items():
            if fact.type in subscription.events:
                for _ in range(times):
                    self.subscriber.process([Delivery(name, envelope.to_json())])

    def fire_timers(self) -> None:
        """Have every timer that is due by the desk's time its effect, and those that are set by them, too."""
        use_cases = self.service.timers()
        while due := self.executor.due_timers(100, use_cases):
            for one in due:
                self.executor.fire(one, use_cases[one.name])

    def announced(self, kind: type[Event] | None = None) -> list[Any]:
        """The facts announced so far, in order; of one kind, if named."""
        with self.executor.sessions() as session:
            rows = session.execute(select(outbox.c.envelope).order_by(outbox.c.position)).scalars().all()
        envelopes = [json.loads(row) for row in rows]
        kinds = {cls.type: cls for cls in _events()}
        return [kinds[one["type"]].load(one["data"]) for one in envelopes if kind is None or one["type"] == kind.type]

    def envelopes(self) -> list[dict[str, Any]]:
        """The announced envelopes as they go on the bus."""
        with self.executor.sessions() as session:
            return [json.loads(row) for row in session.execute(select(outbox.c.envelope).order_by(outbox.c.position)).scalars()]

    def parked(self) -> list[Any]:
        """What could not be handled: rows with subscriber, kind and reason."""
        with self.executor.sessions() as session:
            return list(session.execute(select(parked_message)))

    def pass_time(self, **by: float) -> None:
        """Let time go by: `desk.pass_time(hours=3)`."""
        self.clock.advance(timedelta(**by))

    def rows(self, read: Callable[[Any], Any], *, dealer: str = "sh-pudong") -> Any:
        """Read with a session scoped to a dealer."""
        with self.executor.sessions() as session:
            session.scope_to(dealer)
            return read(session)

    def _handler(self, request: Command | Query) -> Any:
        return self.service.use_case(type(request))


def _typed(answer: type[Answer] | None, data: Any) -> Any:
    return data if answer is None else answer.load(data)


def _events() -> list[type[Event]]:
    found, todo = [], list(Event.__subclasses__())
    while todo:
        cls = todo.pop()
        found.append(cls)
        todo += cls.__subclasses__()
    return [cls for cls in found if "type" in cls.__dict__]
