"""The whole suite as real processes: on RabbitMQ and PostgreSQL, or embedded in one; for journeys and faults."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from servicelane import suite
from servicelane.embedded import free_port
from tests.waiting import awaited

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-W", "ignore", "-m", "servicelane"]
PASSWORD = "showroom-2026"
SECRET = "a secret for tests only, long enough to sign with"


class Process:
    """One process of the suite; its output goes to a file that is shown when it does not do what it should."""

    def __init__(self, name: str, arguments: list[str], environ: dict[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, env=environ, stdout=output, stderr=output)

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.running:
            self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait for its end."""
        self.signal(signal.SIGKILL)
        self._process.wait()

    def stop(self, seconds: float = 40.0) -> int:
        """SIGTERM, and its exit status."""
        self.signal(signal.SIGTERM)
        awaited(lambda: not self.running, f"{self.name} to end", seconds)
        return self._process.returncode


class Embedded:
    """`servicelane run --embedded` on a folder: kill it, start it again, and nothing that was answered is lost."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.base_url = f"http://127.0.0.1:{free_port()}"
        self.process = self.start()

    def start(self) -> Process:
        """Start it, and wait until it answers."""
        environ = {**_bare(), "HTTP_ADDRESS": self.base_url.removeprefix("http://")}
        arguments = ["run", "--embedded", "--data", str(self._folder / "data")]
        self.process = Process("embedded", arguments, environ, self._folder / "embedded.log")
        awaited(
            lambda: _answers(self.base_url) and "demo logins" in self.process.log.read_text(), "the embedded suite to be up", 60
        )
        return self.process

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `servicelane` command on its files."""
        command = [*COMMAND, "--embedded-data", str(self._folder / "data"), *arguments]
        return subprocess.run(command, cwd=ROOT, env=_bare(), capture_output=True, text=True, check=False, timeout=60)

    def stop(self) -> None:
        """End it."""
        self.process.kill()


class Deployment:
    """One process per service on real servers; more replicas and other settings on demand."""

    def __init__(self, amqp_uri: str, databases: dict[str, Any], folder: Path) -> None:
        self.amqp_uri = amqp_uri
        self.databases = databases
        self._folder = folder
        self.base_url = f"http://127.0.0.1:{free_port()}"
        self.processes: list[Process] = []

    def environ(self, **settings: Any) -> dict[str, str]:
        """The environment of every process and command."""
        urls = {f"{name.upper()}_DATABASE_URL": database.url for name, database in self.databases.items()}
        owners = {f"{name.upper()}_MIGRATION_DATABASE_URL": database.owner_url for name, database in self.databases.items()}
        return {
            **_bare(),
            **urls,
            **owners,
            "AMQP_URI": self.amqp_uri,
            "JWT_SECRET": SECRET,
            "HTTP_ADDRESS": self.base_url.removeprefix("http://"),
            **{name.upper(): str(value) for name, value in settings.items()},
        }

    def command(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a `servicelane` command as an operator does."""
        environ = self.environ(**settings)
        return subprocess.run(
            [*COMMAND, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    def prepare(self) -> None:
        """Databases, bus and the first administrator, as an operator does it."""
        for arguments in (["migrate"], ["accounts", "create-admin", "admin", "--password", PASSWORD]):
            done = self.command(*arguments)
            assert done.returncode == 0, done.stderr

    def start(self, name: str, **settings: Any) -> Process:
        """Start one more process of a service."""
        process = Process(name, ["run", name], self.environ(**settings), self._folder / f"{name}.log")
        self.processes.append(process)
        return process

    def start_all(self) -> None:
        """Start one process of every service, and wait until the gateway answers."""
        for name in suite.SERVICES:
            self.start(name)
        awaited(lambda: _answers(self.base_url), "the gateway to answer", 60)

    def of(self, name: str) -> list[Process]:
        """The running processes of a service."""
        return [process for process in self.processes if process.name == name and process.running]

    def stop(self) -> None:
        """End every process."""
        for process in self.processes:
            process.kill()


def _answers(base_url: str) -> bool:
    try:
        return requests.get(f"{base_url}/v1/openapi.json", timeout=2).ok
    except requests.RequestException:
        return False


def _bare() -> dict[str, str]:
    # The environment of the test run names servers of its own; a process gets only what it is given.
    return {
        name: value for name, value in os.environ.items() if name not in ("AMQP_URI", "DATABASE_URL", "MIGRATION_DATABASE_URL")
    }
