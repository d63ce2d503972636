"""The executor of one service process: its settings, database, clock and metrics, and how commands and queries are run."""

import random
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from chassis.process import crash, tracing
from chassis.process.clock import Clock, clock_of
from chassis.process.logs import log_context
from chassis.process.metrics import Metrics
from chassis.process.settings import Settings
from chassis.store.database import LOST_RACES_AND_OUTAGES, create_database_engine, database_is_down, session_factory, try_again
from chassis.store.tenancy import ScopedSession, read_only
from chassis.wire.call import Call
from chassis.wire.errors import DeadlineExceeded, ServiceError, Unavailable
from chassis.wire.messages import Answer, Command, Query
from chassis.wire.traces import new_traceparent
from chassis.work.idempotency import Record
from chassis.work.outbox import write_outbox
from chassis.work.timers import DueTimer, find_due, settle, write_timers
from chassis.work.unit_of_work import Work

T = TypeVar("T")

ATTEMPTS = 6


class Describable(Protocol):
    """What can say how it is, as a command or query answers it."""

    def describe(self) -> Answer: ...


Result = Describable | Answer | None

LEADERS = 6
"""Connections of the relay, the schedule and the errands, each of which looks once more while another leads."""

UseCase = Callable[[Work, Any], Result]


class Executor:
    """Runs commands and queries of one service; everything else of the chassis stands on it."""

    def __init__(
        self, settings: Settings, *, clock: Clock | None = None, metrics: Metrics | None = None, engine: Engine | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock or clock_of(settings.simulated_since)
        self.metrics = metrics or Metrics(settings.service)
        self.engine: Engine = engine or create_database_engine(
            settings.database_url,
            name=f"servicelane-{settings.service}",
            connections=settings.workers + 5,
            durable=settings.simulated_since is None,  # simulated days end with their process
        )
        self.leading_engine = self.engine
        """Where a leader's session is its own: past a pooler."""
        if engine is None and settings.direct_database_url != settings.database_url:
            self.leading_engine = create_database_engine(
                settings.direct_database_url, name=f"servicelane-{settings.service}-leader", connections=LEADERS
            )
        remembered: dict[type, Any] = {}
        self.sessions = session_factory(self.engine, remembered)
        self._reading = session_factory(read_only(self.engine) if self.engine.name == "postgresql" else self.engine, remembered)
        self._on_commit: list[Callable[[], None]] = []

    def on_commit(self, wake: Callable[[], None]) -> None:
        """Have `wake` called after every commit that may have announced something: it must not block."""
        self._on_commit.append(wake)

    def committed(self) -> None:
        """Tell the relay at once that there may be something to publish."""
        for wake in self._on_commit:
            wake()

    def execute(self, contract: type[Command], use_case: UseCase, payload: Any, call: Call, message_id: str) -> Any:
        """Run a command: validated, one unit of work, idempotent; answer what was committed, as plain data.

        Raises the service's typed errors; Unavailable when the database is away and nothing was done; DeadlineExceeded when
        the outcome is unknown.
        """
        with self._log_context(call):
            command = contract.load(payload)
            return self.retrying(lambda: self._attempt(command, use_case, call, message_id), call.deadline)

    def ask(self, contract: type[Query], use_case: UseCase, payload: Any, call: Call) -> Any:
        """Answer a query as plain data; it can change nothing."""
        with self._log_context(call):
            query = contract.load(payload)
            with tracing.begin("internal", self.settings.service, f"ask {contract.method}", call.traceparent) as span:
                return self.read(lambda work: described(_run(use_case, work, query)), span.of(call))

    def read(self, find: Callable[[Work], T], call: Call) -> T:
        """What `find` makes of the database in a unit of work that can change nothing; no mapped object may leave it."""

        def attempt() -> T:
            with self._reading() as session:
                return find(Work(session, call, self.clock.now()))

        return self.retrying(attempt, call.deadline)

    def keep(self, change: Callable[[Work], T]) -> T:
        """What `change` answers, once what it changed is committed; for what must not be kept with an idempotency record.

        It announces nothing. Raises Unavailable when the database is away; it may be done all the same if that was at the end.
        """

        def attempt() -> T:
            with self.sessions() as session:
                answer = change(Work(session, Call(), self.clock.now()))
                session.commit()
                return answer

        return self.retrying(attempt)

    def run_for(
        self,
        dealer: str,
        job: Callable[[Work], T],
        *,
        settled: Callable[[ScopedSession], bool] = lambda session: True,
        name: str = "job",
    ) -> T | None:
        """Run what nobody asked for in one unit of work of a dealer; no effect, and None, unless it is `settled` at the end.

        It begins a trace of its own, in which it is called `name`.
        """
        call = Call(dealer=dealer, principal="schedule", actor="schedule", traceparent=new_traceparent())

        def attempt() -> T | None:
            span = tracing.begin("internal", self.settings.service, name, None, facts={"servicelane.dealer": dealer})
            with span, self._log_context(span.of(call)), self.sessions() as session:
                work = Work(session, span.of(call), self.clock.now())
                answer = job(work)
                session.flush()
                write_outbox(session, work.announcements())
                if not settled(session):
                    return None
                write_timers(session)
                crash.here("timer_before_commit")
                session.commit()
                return answer

        answered = self.retrying(attempt)
        self.committed()
        return answered

    def due_timers(self, most: int, names: Collection[str] | None = None) -> Sequence[DueTimer]:
        """The timers of all dealers that are due now, or those with these names, the first ones first, by one statement."""
        return self.read(lambda work: find_due(work.session, work.now, most, names), Call())

    def fire(self, due: DueTimer, use_case: Callable[[Work, str], T]) -> T | None:
        """Let a timer have its effect, once: nothing is done, and None answered, if it was fired, moved or cleared meanwhile."""
        answer = self.run_for(
            due.dealer,
            lambda work: use_case(work, due.subject),
            settled=lambda session: settle(session, due),
            name=f"timer {due.name}",
        )
        crash.here("timer_after_commit")
        return answer

    def retrying(self, attempt: Callable[[], T], deadline: float | None = None) -> T:
        """Run a unit of work again while it only lost a race with another one, a few times and never past the deadline."""
        for tried in range(1, ATTEMPTS + 1):
            try:
                return attempt()
            except LOST_RACES_AND_OUTAGES as error:
                if database_is_down(error):
                    raise Unavailable("database_unavailable", service=self.settings.service) from error
                if not try_again(error) or tried == ATTEMPTS:
                    raise
                pause = random.uniform(0, 0.02 * 2**tried)
                if deadline is not None and time.time() + pause > deadline:
                    raise Unavailable("too_busy", service=self.settings.service) from error
                self.metrics.retried_for_concurrency()
                time.sleep(pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _log_context(self, call: Call) -> AbstractContextManager[None]:
        return log_context(
            service=self.settings.service,
            dealer=call.dealer,
            correlation_id=call.correlation_id,
            traceparent=call.traceparent,
        )

    def _attempt(self, command: Command, use_case: UseCase, call: Call, message_id: str) -> Any:
        facts = {"servicelane.dealer": call.dealer, "servicelane.correlation_id": call.correlation_id}
        with tracing.begin("internal", self.settings.service, f"do {command.method}", call.traceparent, facts=facts) as span:
            return self._execute_once(command, use_case, span.of(call), message_id)

    def _execute_once(self, command: Command, use_case: UseCase, call: Call, message_id: str) -> Any:
        record = Record(call, message_id)
        with self.sessions() as session:
            try:
                answer = self._effect(session, command, use_case, call, record)
            except Exception as error:
                if isinstance(error, LOST_RACES_AND_OUTAGES) and (try_again(error) or database_is_down(error)):
                    raise
                session.rollback()
                answered = record.find(session)
                if answered is None:
                    raise
                self.metrics.replayed_answer()
                return answered
            crash.here("command_before_commit")
            try:
                session.commit()
            except DBAPIError as error:
                if database_is_down(error):
                    raise DeadlineExceeded("outcome_unknown", service=self.settings.service) from error
                raise
        crash.here("command_after_commit")
        self.committed()
        return answer

    def _effect(self, session: ScopedSession, command: Command, use_case: UseCase, call: Call, record: Record) -> Any:
        work = Work(session, call, self.clock.now())
        result = _run(use_case, work, command)
        session.flush()
        answer = described(result)
        write_outbox(session, work.announcements())
        write_timers(session)
        if not record.store(session, answer):
            raise _AnsweredBefore
        return answer


class _AnsweredBefore(Exception):
    """Somebody else's transaction had the same effect first."""


def described(result: Result) -> Any:
    """What a use case returned, as plain data."""
    if result is None:
        return {}
    return (result if isinstance(result, Answer) else result.describe()).dump()


def _run(use_case: UseCase, work: Work, request: Command | Query) -> Result:
    """What the use case makes of a request. What a refusal names is ready to travel, its moments on the dealer's clock."""
    try:
        return use_case(work, request)
    except ServiceError as error:
        error.details.update({name: _told(work, value) for name, value in error.details.items()})
        raise


def _told(work: Work, value: Any) -> Any:
    if isinstance(value, datetime) and work.call.dealer is not None:
        value = work.profile.local(value)
    return value.isoformat() if isinstance(value, date) else value
