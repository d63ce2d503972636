"""Which services there are, and how they are run: one process each, or all in one."""

import signal
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, cast

import eventlet
from eventlet import debug
from nameko import config
from nameko.runners import ServiceRunner

from chassis.amqp import topology
from chassis.process.settings import Settings
from chassis.service.entrypoints import Service
from chassis.store.migrations import migrate
from chassis.wire.errors import SettingsError

SERVICES = {
    "booking": "services.booking.service:BookingService",
    "workshop": "services.workshop.service:WorkshopService",
    "parts": "services.parts.service:PartsService",
    "billing": "services.billing.service:BillingService",
    "crm": "services.crm.service:CrmService",
    "gateway": "gateway.service:GatewayService",
}


def service_class(name: str) -> type[Service]:
    """The door class of a service. Raises SettingsError for a name that is none."""
    if name not in SERVICES:
        raise SettingsError(f"there is no service {name!r}: choose from {', '.join(SERVICES)}")
    module, _, class_name = SERVICES[name].partition(":")
    return cast("type[Service]", getattr(import_module(module), class_name))


def migrate_all(names: Iterable[str]) -> None:
    """Bring the databases of these services to their newest revision."""
    for name in names:
        migrate(service_class(name), Settings.read(name).migration_database_url)


def declare_all(names: Iterable[str]) -> set[str]:
    """Declare exchanges, queues and bindings of these services; the exchanges of all come first, others bind to them.

    Returns the exchanges of further services that were missing: declare again when those services have theirs.
    """
    settings = {name: Settings.read(name) for name in names}
    for name, own in settings.items():
        topology.declare_exchange(own.amqp_uri, name)
    missing = set()
    for name, own in settings.items():
        subscriptions = service_class(name).subscriptions()
        missing |= topology.declare(own.amqp_uri, name, {one.name: one.events.values() for one in subscriptions})
    return missing


def run(names: Iterable[str], *, when_started: Callable[[], None] | None = None) -> None:
    """Run services in this process until SIGTERM or SIGINT, then stop gracefully; returns when all have stopped.

    Raises SettingsError when a service cannot run with its settings or on its database.
    """
    runner = prepared(names)

    def shut_down(number: int, frame: Any) -> None:
        # A signal handler may not block; stopping does.
        eventlet.spawn_n(runner.stop)

    signal.signal(signal.SIGTERM, shut_down)
    signal.signal(signal.SIGINT, shut_down)
    start(runner)
    if when_started is not None:
        when_started()
    _wait(runner)


def prepared(names: Iterable[str]) -> ServiceRunner:
    """A runner with these services, not yet started."""
    settings = [Settings.read(name) for name in names]
    uris = {own.amqp_uri for own in settings}
    if len(uris) != 1:
        raise SettingsError("AMQP_URI differs between these services: services with their own broker user run in a process each")
    first = settings[0]
    config.setup(
        {
            "AMQP_URI": first.amqp_uri,
            "HEARTBEAT": first.heartbeat,
            "DRAIN_SECONDS": first.drain_seconds,
            "max_workers": first.workers,
        }
    )
    runner = ServiceRunner()
    for own in settings:
        runner.add_service(service_class(own.service))
    return runner


def start(runner: ServiceRunner) -> None:
    """Start the services of a runner. Raises SettingsError when one cannot run with its settings or on its database."""
    # What stops a start is raised here; eventlet would print it as well, once for each green thread it passes through.
    debug.hub_exceptions(False)
    try:
        runner.start()
    finally:
        debug.hub_exceptions(True)


def _wait(runner: ServiceRunner) -> None:
    waiting = eventlet.spawn(runner.wait)
    while True:
        try:
            waiting.wait()
        except InterruptedError:
            continue  # the signal handler interrupted the hub; the runner is stopping
        return
