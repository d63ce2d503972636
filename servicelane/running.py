"""How services are run: one process each, or all in one, until a signal ends them."""

import gc
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import eventlet
from eventlet import debug
from eventlet.support.greenlets import GreenletExit
from nameko import config
from nameko.runners import ServiceRunner

from chassis.process.logs import configure_logging
from chassis.process.settings import Settings
from chassis.wire.errors import SettingsError
from console.process import Console
from console.settings import ConsoleSettings
from servicelane.suite import CONSOLE, service_class
from servicelane.texts import text

T = TypeVar("T")

COLLECTED = 1_000, 10, 50
"""When cyclic garbage is looked for, and when among what has lasted: often and a little, so that no answer waits for more of it.

Ten times as many objects at once are the same time in all, but a pause of 7 ms instead of 0.3 for each tenth answer.
"""


def run(
    names: Iterable[str], *, console: ConsoleSettings | None = None, when_started: Callable[[], object] | None = None
) -> None:
    """Run services in this process, and the console if it is wanted, until SIGTERM or SIGINT, then stop gracefully.

    Returns when all have stopped.

    Raises SettingsError when a service cannot run with its settings or on its database; what `when_started` raises stops the
    services first.
    """
    _run(names, when_started, stay=True, console=console)


def run_during(names: Iterable[str], work: Callable[[], T]) -> T:
    """Run services in this process while `work` is done, and return what it returns.

    A signal gives the work up: KeyboardInterrupt, after all services have stopped.
    """
    results: list[T] = []
    _run(names, lambda: results.append(work()), stay=False)
    if not results:
        raise KeyboardInterrupt
    return results[0]


class _Runner:
    """Services and console, started and stopped as one."""

    def __init__(self, services: ServiceRunner, console: ConsoleSettings | None) -> None:
        self._services = services
        self._console = Console(console) if console is not None else None
        self._over = eventlet.Event()

    def start(self) -> None:
        """Start the services, then the console. Raises SettingsError when one of them cannot run with its settings."""
        self._services.start()
        if self._console is not None:
            try:
                self._console.start()
            except BaseException:
                self._services.stop()
                raise

    def stop(self) -> None:
        """Stop the console first: what it is finishing needs the services."""
        if self._console is not None:
            self._console.stop()
        self._services.stop()
        if not self._over.ready():
            self._over.send()

    def wait(self) -> None:
        """Wait until all have stopped."""
        self._services.wait()
        if self._console is not None:
            self._over.wait()


def _run(names: Iterable[str], work: Callable[[], object] | None, *, stay: bool, console: ConsoleSettings | None = None) -> None:
    runner = _Runner(_prepared(list(names), console), console)
    stopping = eventlet.Event()

    def shut_down(number: int, frame: Any) -> None:
        # A signal handler may not block; stopping does.
        if not stopping.ready():
            stopping.send()
        eventlet.spawn_n(runner.stop)

    signal.signal(signal.SIGTERM, shut_down)
    signal.signal(signal.SIGINT, shut_down)
    _start(runner)
    if stay:
        settle()
    if work is not None:
        try:
            _do(work, stopping)
        except BaseException:
            runner.stop()
            raise
    if stopping.ready() or not stay:
        runner.stop()  # the signal may have come before everything was started
    _wait(eventlet.spawn(runner.wait))


def settle() -> None:
    """What was loaded stays as long as the process: it is never looked through again for garbage.

    Else every few large answers all of it would be, for a tenth of a second in which nobody is answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED)


def _prepared(names: Sequence[str], console: ConsoleSettings | None) -> ServiceRunner:
    """A runner with these services, not yet started."""
    if console is not None and not names:
        configure_logging(CONSOLE, console.log_level, console.log_file)
        return ServiceRunner()
    settings = [Settings.read(name) for name in names]
    uris = {own.amqp_uri for own in settings}
    if len(uris) != 1:
        raise SettingsError(text("cli.run.different_brokers"))
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


def _start(runner: _Runner) -> None:
    """Start the services of a runner. Raises SettingsError when one cannot run with its settings or on its database."""
    with _raised_once():
        runner.start()


@contextmanager
def _raised_once() -> Iterator[None]:
    """Within the block, what a green thread raises goes to whoever waits for it; eventlet would print its traceback as well."""
    debug.hub_exceptions(False)
    try:
        yield
    finally:
        debug.hub_exceptions(True)


def _do(work: Callable[[], object], stopping: Any) -> None:
    """Do the work, and give it up when the services are to stop."""
    with _raised_once():
        thread = eventlet.spawn(work)
        giving_up = eventlet.spawn(lambda: (stopping.wait(), thread.kill()))
        try:
            _wait(thread)
        except GreenletExit:
            return
        finally:
            giving_up.kill()


def _wait(thread: Any) -> None:
    while True:
        try:
            thread.wait()
        except InterruptedError:
            continue  # the signal handler interrupted the hub; the runner is stopping
        return
