"""The door of a service: a nameko class whose methods each hand one validated message to a use case.

    class PartsService(Service):
        name = "parts"

        @command(IssueParts)
        def issue_parts(self, command, work):
            return issuing.issue(work, command)

        @subscribe(WorkOrderDelivered)
        def deduct_stock(self, fact, work):
            deduction.deduct(work, fact)

The door validates, opens the unit of work, answers repeats, commits. A method returns an aggregate (it describes itself), an
answer, or nothing. `nameko run` and `servicelane run` both start such a class.
"""

import inspect
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, ClassVar

import structlog
from nameko import config
from nameko.extensions import DependencyProvider
from sqlalchemy.exc import OperationalError

from chassis.events.subscriber import Look, Subscription
from chassis.events.timeline import VisitEvents, visit_events
from chassis.process import crash
from chassis.process.settings import Settings
from chassis.rpc.server import RpcMethod
from chassis.service.runtime import Runtime
from chassis.service.schedule import Job, daily_job, every_job
from chassis.store import migrations
from chassis.store.database import create_database_engine
from chassis.wire.call import Call
from chassis.wire.errors import ServiceError, SettingsError
from chassis.wire.messages import Command, Event, Query
from chassis.work.executor import Core
from chassis.work.unit_of_work import Work

log = structlog.get_logger()

Method = Callable[..., Any]

_rpc = RpcMethod.decorator(expected_exceptions=(ServiceError,))


@dataclass(frozen=True)
class CurrentCall:
    """What a door method has at hand: the core, and the context of the call that is being answered."""

    core: Core
    call: Call
    message_id: str


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
        return CurrentCall(self.runtime.core, data.get("call", Call()), data.get("message_id", worker_ctx.call_id))


class Service:
    """Base of every service class; `name` is also its exchange, its queues' prefix and its database's name."""

    name: ClassVar[str]
    chassis = Chassis()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Not on the base itself: nameko takes any class with an entrypoint that it finds in a module for a service to run.
        cls.visit_events = _visit_events  # type: ignore[attr-defined]

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

    def subscriptions(self) -> Iterator[Subscription]:
        """Every subscription of this service, bound to this instance.

        Raises SettingsError when a method subscribes to an event whose contract does not name it.
        """
        for name, method in _marked(type(self), "_subscribed"):
            queue = f"{self.name}.{name}"
            for fact in method._subscribed:
                if queue not in fact.subscribers:
                    raise SettingsError(f"{queue} handles {fact.type}, whose contract does not name it as a subscriber")
            yield Subscription(queue, {fact.type: fact for fact in method._subscribed}, getattr(self, name), method._look)

    def jobs(self) -> Iterator[tuple[Job, Callable[[Work], object]]]:
        """Every scheduled job of this service with the method that does it for one dealer."""
        for name, method in _marked(type(self), "_scheduled"):
            yield method._scheduled(name), getattr(self, name)


@_rpc  # type: ignore[untyped-decorator]
def _visit_events(self: Service, payload: Any) -> Any:
    """This service's events of one visit, for the timeline (Rule G3)."""
    current: Any = self.chassis
    return current.core.ask(VisitEvents, visit_events, payload, current.call)


def command(contract: type[Command]) -> Callable[[Method], Method]:
    """The method answers this command in one idempotent unit of work: `(self, command, work)`."""
    return _door(
        contract,
        lambda current, handler, payload: current.core.execute(contract, handler, payload, current.call, current.message_id),
    )


def query(contract: type[Query]) -> Callable[[Method], Method]:
    """The method answers this query and changes nothing: `(self, query, work)`."""
    return _door(contract, lambda current, handler, payload: current.core.ask(contract, handler, payload, current.call))


def subscribe(*facts: type[Event], read_ahead: Look | None = None) -> Callable[[Method], Method]:
    """The method has the effect of these events, each once: `(self, fact, work)`; its queue is `<service>.<method>`.

    `read_ahead` is asked before a batch of them is handled: see chassis/work/prefetch.py.
    """

    def mark(method: Method) -> Method:
        method._subscribed = facts  # type: ignore[attr-defined]
        method._look = read_ahead  # type: ignore[attr-defined]
        return method

    return mark


def every(seconds: int) -> Callable[[Method], Method]:
    """The method runs for each dealer at this interval, led by one replica: `(self, work)`."""
    return _scheduled(partial(every_job, seconds=seconds))


def daily(at: str) -> Callable[[Method], Method]:
    """The method runs for each dealer once a day at this UTC time: `(self, work)`."""
    return _scheduled(partial(daily_job, at=at))


def _scheduled(job: Callable[[str], Job]) -> Callable[[Method], Method]:
    def mark(method: Method) -> Method:
        method._scheduled = job  # type: ignore[attr-defined]
        return method

    return mark


def _door(contract: type[Command] | type[Query], run: Callable[[CurrentCall, Method, Any], Any]) -> Callable[[Method], Method]:
    def wrap(handler: Method) -> Method:
        if handler.__name__ != contract.method:
            raise TypeError(f"{handler.__name__} must be called {contract.method}: callers find it by its contract's name")

        @wraps(handler)
        def door(self: Service, payload: Any) -> Any:
            return run(self.chassis, partial(handler, self), payload)

        door.contract = contract  # type: ignore[attr-defined]
        # nameko checks a call's arguments against the signature it sees: callers send the payload only.
        door.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in ("self", "payload")]
        )
        wrapped: Method = _rpc(door)
        return wrapped

    return wrap


def _marked(service_class: type, mark: str) -> Iterator[tuple[str, Any]]:
    for name, method in inspect.getmembers(service_class, inspect.isfunction):
        if hasattr(method, mark):
            yield name, method
