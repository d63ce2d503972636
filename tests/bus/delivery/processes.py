"""The toy service as real processes, started the way any nameko service is."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bus.delivery.replicas import Bus
from tests.waiting import awaited

ROOT = Path(__file__).parents[3]


class Process:
    """`nameko run … tests.bus.toy.service` in a process of its own; settings become environment variables."""

    def __init__(self, bus: Bus, **settings: Any) -> None:
        environ = {
            **os.environ,
            "AMQP_URI": bus.amqp_uri,
            "DATABASE_URL": bus.database_url,
            "PYTHONWARNINGS": "ignore::DeprecationWarning",
            **{name.upper(): str(value) for name, value in settings.items()},
        }
        command = [
            sys.executable,
            "-m",
            "nameko",
            "run",
            "--config",
            str(ROOT / "tests/bus/toy/config.yaml"),
            "tests.bus.toy.service",
        ]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environ)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def exit_status(self, seconds: float = 30.0) -> int:
        """Wait for its end; negative is the signal that killed it."""
        awaited(lambda: self._process.poll() is not None, "the process to end", seconds)
        return self._process.returncode

    def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
