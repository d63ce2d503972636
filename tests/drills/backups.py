"""Backing up and restoring as an operator does: by the scripts of deploy/backup, then the commands that the runbook names."""

import secrets
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from deploy.dev.infrastructure import PROJECT
from deploy.dev.postgres import client_environment
from servicelane import suite
from servicelane.provision import provision_database
from tests.faults.fleet import Fleet

SCRIPTS = PROJECT / "deploy/backup"
SCRIPT_SECONDS = 300
EARLIER = timedelta(minutes=1)
"""The runbook's "a little earlier than the backup"."""


class Backups:
    """The backups of one fleet's databases, in a folder with the key that opens them."""

    def __init__(self, fleet: Fleet, folder: Path) -> None:
        self._fleet = fleet
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._key = folder / "key"
        self._key.write_text(secrets.token_hex(32), encoding="ascii")
        self.made: dict[str, tuple[Path, datetime]] = {}

    def make(self, *services: str) -> None:
        """A backup of each of these."""
        databases = [self._fleet.databases[one].name for one in services]
        for service, database in zip(services, databases, strict=True):
            at = datetime.now(UTC).replace(microsecond=0)
            self.run("backup.sh", str(self._folder), database)
            *_, newest = sorted((self._folder / database).iterdir())
            self.made[service] = newest, at

    def restore(self, service: str) -> list[dict[str, Any]]:
        """Put the backup in place, up to where the service may start; the events that it has forgotten."""
        import json

        database, (file, at) = self._fleet.databases[service], self.made[service]
        self._fleet.let_go(service)
        self.run("restore.sh", str(file), database.name)
        owner, role = urlsplit(database.owner_url), urlsplit(database.url)
        provision_database(
            database.admin_url,
            service,
            database=database.name,
            owner=unquote(owner.username or ""),
            owner_password=unquote(owner.password or ""),
            role=unquote(role.username or ""),
            role_password=unquote(role.password or ""),
        )
        self._fleet.operator("migrate", service)
        forgotten: list[dict[str, Any]] = json.loads(self.recall(service, at))
        return forgotten

    def recall(self, service: str, at: datetime) -> str:
        """What the service announced since then and has forgotten."""
        return self._fleet.operator("recall", service, "--since", at.isoformat(), "--json")

    def tell_again(self, told_by: Sequence[str]) -> None:
        """What was announced since a little before the oldest backup, by these."""
        since = min(at for _, at in self.made.values()) - EARLIER
        for service in told_by:
            self._fleet.operator("republish", service, "--since", since.isoformat())

    def run(self, script: str, *arguments: str) -> str:
        """Run one of the scripts."""
        admin_url = next(iter(self._fleet.databases.values())).admin_url
        environment = {**client_environment(admin_url), "KEY_FILE": str(self._key)}
        command = ["bash", str(SCRIPTS / script), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SCRIPT_SECONDS, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def others_than(*services: str) -> list[str]:
    """All services but these."""
    return [one for one in suite.SERVICES if one not in services]
