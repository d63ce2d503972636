"""Everything that runs in the background of one service process, started and stopped as one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

import eventlet
import psycopg2.extensions
import structlog
from sqlalchemy.pool import QueuePool

from chassis.amqp import topology
from chassis.amqp.connection import BROKEN
from chassis.events import retention
from chassis.events.consumer import EventConsumer
from chassis.events.relay import Relay
from chassis.process import tracing
from chassis.process.clock import Clock
from chassis.process.logs import configure_logging, log_context
from chassis.process.probes import Probes
from chassis.process.settings import Settings
from chassis.service.following import Following, follow
from chassis.service.schedule import Job, Scheduler, claim_run, daily_job, run_before
from chassis.service.timekeeping import Errands, Timekeeper
from chassis.store import migrations
from chassis.store.leadership import Leadership
from chassis.wire.errors import SettingsError
from chassis.work.executor import Executor

if TYPE_CHECKING:
    from chassis.service.entrypoints import Service

log = structlog.get_logger()

Spawn = Callable[[Callable[[], None]], Any]

TOPOLOGY_SECONDS = 30.0
TOPOLOGY_RETRY_SECONDS = 2.0
PURGE = daily_job("chassis.purge", at="03:30")


class Runtime:
    """Relay, event consumer, parked messages, timers, errands, the daily purge, topology and probes of one service."""

    def __init__(self, settings: Settings, service_class: "type[Service]", *, clock: Clock | None = None) -> None:
        configure_logging(settings.service, settings.log_level, settings.log_file)
        if not settings.embedded and psycopg2.extensions.get_wait_callback() is None:
            raise SettingsError("the process must be started with eventlet's monkey patch: one slow query would stop all others")
        tracing.start(settings.span_collector)
        self.settings = settings
        self.executor = Executor(settings, clock=clock)
        self._service_class = service_class
        service = service_class()
        self._subscriptions = {one.name: one for one in service.subscriptions()}
        self._relay = Relay(self.executor)
        self._consumer = EventConsumer(self.executor, self._subscriptions)
        clock, timekeeper = self.executor.clock, Timekeeper(self.executor, service.timers())
        leadership = Leadership(self.executor.leading_engine, "schedule", clock)
        self._scheduler = Scheduler([PURGE], self.run_job, leadership, clock, timekeeper.look)
        errands = Errands(self.executor, service.errands())
        self._follows = follow(clock, Following(self.executor, [PURGE], self._scheduler, timekeeper, errands))
        outside = Leadership(self.executor.leading_engine, "errands", clock)
        self._errands = Scheduler([], self.run_job, outside, clock, errands.look)
        led = [leadership, self._relay.leadership, *([outside] if service.errands() else [])]
        self._watch([] if self._follows else led)
        self._probes = Probes(settings.probe_address, self.executor.metrics)
        self._probes.register_liveness("event_consumer", self._check_consumer)
        self._probes.register_readiness("database", self._check_database)
        self._probes.register_readiness("topology", self._check_topology)
        self._topology_trouble: str | None = "not declared yet"
        self._stop = Event()

    def start(self, spawn: Spawn) -> None:
        """Start every loop as a green thread by `spawn`."""
        loops = [
            self._keep_topology,
            self._consumer.consume,
            self._consumer.handle,
            self._consumer.retry_parked,
            self._relay.run,
        ]
        if not self._follows:
            loops.append(self._keep_schedule)
            if self._service_class.errands():
                loops.append(self._run_errands)
        for loop in loops:
            spawn(self._named(loop))
        self._probes.start()
        log.info("service_started", service=self.settings.service, subscriptions=sorted(self._subscriptions))

    @property
    def ready(self) -> bool:
        """Whether it consumes, on a bus that has all its queues and bindings."""
        return self._topology_trouble is None and self._consumer.ready

    def stop(self) -> None:
        """Stop taking, finish what runs, acknowledge it, let the relay send what is committed if it can do so at once."""
        self._consumer.stop(self.settings.drain_seconds)
        self._stop.set()
        self._relay.stop()
        self._probes.stop()
        eventlet.sleep(0)
        self.executor.engine.dispose()
        self.executor.leading_engine.dispose()
        tracing.flush()
        log.info("service_stopped", service=self.settings.service)

    def _watch(self, led: Sequence[Leadership]) -> None:
        metrics, pool = self.executor.metrics, self.executor.engine.pool
        for one in led:
            metrics.watches_leader(one.name, partial(_leads, one))
        if isinstance(pool, QueuePool):
            metrics.watches_pool(pool.checkedout, pool.size())

    def _named(self, loop: Callable[[], None]) -> Callable[[], None]:
        # A green thread starts without its parent's log context.
        def run() -> None:
            with log_context(service=self.settings.service):
                loop()

        return run

    def _keep_schedule(self) -> None:
        self._scheduler.run(self._stop)

    def _run_errands(self) -> None:
        self._errands.run(self._stop)

    def run_job(self, job: Job, due: datetime) -> None:
        """Purge what is past its retention, which is the one job there is; it may be done already."""
        # By the time of the purge before: a clock must be wrong for a day before what is young is deleted as old.
        with self.executor.sessions() as session:
            before = run_before(session, job.name, due)
            fresh = claim_run(session, job.name, due)
            session.commit()
        if fresh and before is not None:
            retention.purge(self.executor, before, self._service_class.outdated(before))

    def _keep_topology(self) -> None:
        # A binding that somebody deleted is put back; what was published meanwhile is found by reconciliation.
        while not self._stop.is_set():
            try:
                missing = self._declare_topology()
                self._topology_trouble = f"no exchange yet: {', '.join(sorted(missing))}" if missing else None
            except BROKEN as error:
                self._topology_trouble = str(error)
                log.warning("topology_not_asserted", reason=str(error))
            self._stop.wait(TOPOLOGY_SECONDS if self._topology_trouble is None else TOPOLOGY_RETRY_SECONDS)

    def _declare_topology(self) -> set[str]:
        subscriptions = {name: one.events.values() for name, one in self._subscriptions.items()}
        waiting = self.executor.metrics.waiting
        return topology.declare(self.settings.amqp_uri, self.settings.service, subscriptions, waiting=waiting)

    def _check_topology(self) -> None:
        if not self.ready:
            raise RuntimeError(self._topology_trouble or "the event consumer is not connected")

    def _check_consumer(self) -> None:
        if not self._consumer.alive():
            raise RuntimeError("the event consumer's loop stands still")

    def _check_database(self) -> None:
        missing = migrations.pending(self._service_class, self.executor.engine)
        if missing is not None:
            raise RuntimeError(missing)


def _leads(leadership: Leadership) -> bool:
    return leadership.leading_since is not None
