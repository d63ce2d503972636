"""The whole suite as real processes: on RabbitMQ and PostgreSQL, or embedded in one; for journeys and faults."""

import subprocess
from pathlib import Path
from typing import Any

import requests

from deploy.dev.infrastructure import PROJECT
from deploy.dev.state import free_port
from deploy.local.child import Child, bare_environment
from deploy.local.fleet import START_SECONDS, Fleet
from deploy.local.installation import COMMAND, Installation
from servicelane import suite
from tests.infrastructure import ServiceDatabase
from tests.waiting import awaited

SECRET = "a secret for tests only, long enough to sign with"


class Embedded(Installation):
    """`servicelane run --embedded` on a folder: kill it, start it again, and nothing that was answered is lost."""

    def __init__(self, folder: Path) -> None:
        super().__init__({}, folder)
        self.data = folder / "data"
        self._log = folder / "embedded.log"
        self.base_url = f"http://127.0.0.1:{free_port()}"
        self.console_url = f"http://127.0.0.1:{free_port()}"
        self.process = self.start()

    def start(self, *options: str) -> Child:
        """Start it, and wait until it answers."""
        port = self.base_url.rpartition(":")[2]
        ports = ["--port", port, "--console-port", self.console_url.rpartition(":")[2]]
        command = [*COMMAND, "run", "--embedded", "--data", str(self.data), *ports, *options]
        said_before = self._log.stat().st_size if self._log.exists() else 0
        self.process = Child("embedded", command, bare_environment(), self._log)

        def said() -> bytes:
            return self._log.read_bytes()[said_before:]

        def is_up() -> bool:
            assert self.process.running, "the embedded suite ended"
            return _answers(self.base_url) and b"demo logins" in said()

        try:
            awaited(is_up, "the embedded suite to be up", START_SECONDS)
        except BaseException as error:
            self.stop()
            error.add_note(f"It said: {said().decode()}")
            raise
        return self.process

    def command(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run a `servicelane` command on its files."""
        return super().command("--embedded-data", str(self.data), *arguments, **settings)

    def second(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Start another suite on its folder."""
        return super().command("run", "--embedded", "--data", str(self.data), "--port", str(free_port()), *options)

    def stop(self) -> None:
        """End it."""
        self.process.kill()


class Deployment(Fleet):
    """The suite on real servers."""

    def __init__(
        self,
        amqp_uri: str,
        databases: dict[str, ServiceDatabase],
        folder: Path,
        *,
        replicas: int = 1,
        project: Path = PROJECT,
    ) -> None:
        urls = {f"{name.upper()}_DATABASE_URL": database.url for name, database in databases.items()}
        owners = {f"{name.upper()}_MIGRATION_DATABASE_URL": database.owner_url for name, database in databases.items()}
        installation = Installation(
            {**urls, **owners, "AMQP_URI": amqp_uri, "JWT_SECRET": SECRET, "ATTACHMENT_STORE": str(folder / "attachments")},
            folder,
            project,
        )
        super().__init__(installation, [*suite.SERVICES], replicas=replicas, seed=str(folder))
        self.amqp_uri = amqp_uri
        self.databases = databases

    @property
    def base_url(self) -> str:
        """Where the gateway answers."""
        return self.addresses[0]

    def open(self) -> None:
        """Prepare it and start everything at once; returns when all can work."""
        self.installation.prepare()
        self.mend()
        self.restore()

    def command(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run a `servicelane` command as an operator does, whatever comes of it."""
        return self.installation.command(*arguments, **settings)


def _answers(base_url: str) -> bool:
    try:
        return requests.get(f"{base_url}/v1/openapi.json", timeout=2).ok
    except requests.RequestException:
        return False
