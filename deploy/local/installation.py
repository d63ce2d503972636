"""ServiceLane as an operator has it: commands and processes that share one environment."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.dev.infrastructure import PROJECT
from deploy.dev.processes import InfrastructureError
from deploy.local.child import Child, bare_environment

SERVICELANE = ["-W", "ignore", "-m", "servicelane"]
COMMAND = [sys.executable, *SERVICELANE]
COMMAND_SECONDS = 180
PASSWORD = "showroom-2026"
"""Everybody's, in tests and measurements."""


class Installation:
    """`environment` names servers, databases and secrets; logs are written into `folder`.

    `project` is the checkout whose commands and processes these are, from now on: ours, if none is named.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, project: Path = PROJECT) -> None:
        self.environment = dict(environment)
        self.project = project
        self._folder = folder

    def environ(self, **settings: Any) -> dict[str, str]:
        """The environment of a process or command; settings come on top."""
        return {**bare_environment(), **self.environment, **{name.upper(): str(value) for name, value in settings.items()}}

    def command(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Run a `servicelane` command as an operator does, whatever comes of it."""
        return subprocess.run(
            [*self._servicelane, *arguments],
            cwd=self.project,
            env=self.environ(**settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )

    def operator(self, *arguments: str, expect: int = 0) -> str:
        """Run a `servicelane` command that must end with this status; what it printed. Raises InfrastructureError."""
        done = self.command(*arguments)
        if done.returncode != expect:
            raise InfrastructureError(f"servicelane {' '.join(arguments)}: {done.stdout}{done.stderr.strip()[-600:]}")
        return done.stdout

    def prepare(self) -> None:
        """Tables, bus, and the first administrator."""
        self.operator("migrate")
        self.operator("accounts", "create-admin", "admin", "--password", PASSWORD)

    def run(self, service: str, name: str | None = None, **settings: Any) -> Child:
        """Start a process of a service."""
        name = name or service
        log = self._folder / f"{name}.log"
        return Child(name, [*self._servicelane, "run", service], self.environ(**settings), log, self.project)

    @property
    def _servicelane(self) -> list[str]:
        """The checkout's own interpreter, if it has one."""
        own = self.project / ".venv" / "bin" / "python"
        return [str(own) if own.exists() else sys.executable, *SERVICELANE]
