"""A service: a nameko class whose body is its registration table (see registration.py).

`nameko run` and `servicelane run` both start such a class.
"""

import inspect
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import structlog
from nameko import config
from nameko.extensions import DependencyProvider
from sqlalchemy import ColumnElement, Table
from sqlalchemy.exc import OperationalError

from chassis.events.standing_still import MessagesStandingStill, messages_standing_still
from chassis.events.subscription import Subscription
from chassis.events.timeline import VisitEvents, visit_events
from chassis.process import crash
from chassis.process.settings import Settings
from chassis.service.registration import CurrentCall, Errand, Recalled, Subscribed, Timed, query
from chassis.service.runtime import Runtime
from chassis.store import migrations
from chassis.store.database import create_database_engine
from chassis.wire.call import Call
from chassis.wire.errors import SettingsError
from chassis.wire.messages import Command, Event, Query
from chassis.work.executor import UseCase
from chassis.work.unit_of_work import Work

log = structlog.get_logger()

T = TypeVar("T")


class Chassis(DependencyProvider):  # type: ignore[misc]  # nameko ships no types
    """Starts and stops everything a service needs with its nameko container, and hands each worker its call."""

    def setup(self) -> None:
        """Read and check the settings, the contracts, the database: what is wrong stops the start before anything runs."""
        service_class = self.container.service_cls
        given = {name: str(value) for name, value in config.items() if isinstance(value, str | int | float)}
        settings = Settings.read(self.container.service_name, {**os.environ, **given})
        self.runtime = Runtime(settings, service_class)
        service_class.check(settings)

    def start(self) -> None:
        """Publish what is pending, take what comes, keep the schedules."""
        self.runtime.start(self.container.spawn_managed_thread)

    def stop(self) -> None:
        """Finish what runs, acknowledge it, and leave; called when the last RPC worker has ended."""
        self.runtime.stop()

    def get_dependency(self, worker_ctx: Any) -> CurrentCall:
        """The call a worker answers."""
        data = worker_ctx.data
        return CurrentCall(self.runtime.executor, data.get("call", Call()), data.get("message_id", worker_ctx.call_id))


class Service:
    """Base of every service class; `name` is also its exchange, its queues' prefix and its database's name."""

    name: ClassVar[str]
    chassis = Chassis()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Not on the base itself: nameko takes any class with an entrypoint that it finds in a module for a service to run.
        cls.visit_events = query(VisitEvents, visit_events)  # type: ignore[attr-defined]
        cls.messages_standing_still = query(MessagesStandingStill, messages_standing_still)  # type: ignore[attr-defined]
        for name, row in vars(cls).items():
            contract = getattr(row, "contract", None)
            if contract is not None and contract.method != name:
                raise TypeError(f"{cls.__name__}.{name} must be called {contract.method}: callers find it by its contract's name")

    @classmethod
    def check(cls, settings: Settings) -> None:
        """Raise SettingsError, before anything runs, for what would stop the start: a wrong setting, a database not migrated.

        A database that is away stops nothing: the service starts, is not ready, and does its work when the database is back.
        """
        crash.arm(settings.crash_point)
        engine = create_database_engine(settings.database_url, name=f"servicelane-{cls.name}", connections=1)
        try:
            missing = migrations.pending(cls, engine)
        except OperationalError as error:
            log.warning("database_away_at_start", service=cls.name, reason=str(error.orig))
            return
        finally:
            engine.dispose()
        if missing is not None:
            raise SettingsError(missing)

    @classmethod
    def outdated(cls, before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
        """What of its own tables may go in the daily purge: what was over before this time. Nothing, unless a service says so."""
        return []

    @classmethod
    def use_case(cls, request: type[Command] | type[Query]) -> UseCase:
        """What answers this command or query: for those who run it without the bus."""
        answering: UseCase = getattr(cls, request.method).use_case
        return answering

    @classmethod
    def subscriptions(cls) -> Iterator[Subscription]:
        """Every subscription of this service.

        Raises SettingsError when the contract of an event does not name the subscription.
        """
        for name, row in cls._rows(Subscribed):
            queue = f"{cls.name}.{name}"
            for event in row.events:
                if queue not in event.subscribers:
                    raise SettingsError(f"{queue} handles {event.type}, whose contract does not name it as a subscriber")
            known = {event.type: event for event in row.events}
            yield Subscription(queue, known, row.use_case, row.prefetch, row.any_dealer, row.retry)

    @classmethod
    def timers(cls) -> dict[str, Callable[[Work, str], object]]:
        """What each timer of this service does with its subject, by the timer's name."""
        return {name: row.use_case for name, row in cls._rows(Timed)}

    @classmethod
    def errands(cls) -> dict[str, Errand]:
        """What this service has done outside, by the name of the timer."""
        return dict(cls._rows(Errand))

    @classmethod
    def recalls(cls) -> dict[str, tuple[type[Event], Callable[[Work, Any], object]]]:
        """What this service keeps of events that it has forgotten, by their type, and their contract."""
        return {row.event.type: (row.event, row.use_case) for _, row in cls._rows(Recalled)}

    @classmethod
    def _rows(cls, kind: type[T]) -> list[tuple[str, T]]:
        return inspect.getmembers(cls, lambda row: isinstance(row, kind))
