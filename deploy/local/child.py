"""A process that does not outlive us: started with a log of its own, signalled, stopped, killed."""

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import InfrastructureError, wait_until

STOP_SECONDS = 40.0
"""More than the twenty seconds a service takes to drain."""


class Child:
    """One process we started in a project's folder, ours if none is named; what it prints is appended to its log."""

    standard_input: ClassVar[int] = subprocess.DEVNULL
    standard_output: ClassVar[int | None] = None
    """Where it prints; None is the log."""
    own_session: ClassVar[bool] = False
    """Whether Ctrl-C at our terminal is kept from it: then it is ours to pass on, in order."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, project: Path = PROJECT
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                cwd=project,
                env=environment,
                stdin=self.standard_input,
                stdout=output if self.standard_output is None else self.standard_output,
                stderr=output,
                start_new_session=self.own_session,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended; a frozen one runs."""
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.running:
            self._process.send_signal(number)

    def freeze(self) -> None:
        """SIGSTOP: its connections stay open and nothing comes."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        self.signal(signal.SIGKILL)
        self._process.wait()

    def wait(self, seconds: float) -> int:
        """Wait for its end; its exit status, negative if a signal killed it. Raises InfrastructureError when it does not end."""
        # Not Popen.wait with a time-out: under eventlet that raises a class that cannot be named.
        wait_until(lambda: not self.running, f"{self.name} to end", seconds=seconds)
        return self._process.wait()

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM, and its exit status; what does not end in time is killed."""
        self.signal(signal.SIGTERM)
        return self.wait_or_kill(seconds)

    def wait_or_kill(self, seconds: float = STOP_SECONDS) -> int:
        """Wait for its end; what does not end in time is killed. Its exit status."""
        try:
            return self.wait(seconds)
        except InfrastructureError:
            self.kill()
            return self._process.returncode


def stop(children: Iterable[Child]) -> None:
    """Stop processes together."""
    together = list(children)
    for child in together:
        child.signal(signal.SIGTERM)
    for child in together:  # a second SIGTERM would cut short what the first one began
        child.wait_or_kill()


def bare_environment() -> dict[str, str]:
    """Our own environment without the servers it names: a process gets only those it is given."""
    servers = ("AMQP_URI", "DATABASE_URL", "MIGRATION_DATABASE_URL")
    return {name: value for name, value in os.environ.items() if name not in servers}
