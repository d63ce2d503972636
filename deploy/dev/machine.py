"""What this computer offers: installed servers, a Docker engine, a package manager, an account to run a server under."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.dev import containers, postgres, processes, rabbitmq
from deploy.dev.processes import InfrastructureError, User
from deploy.dev.progress import Progress, last_line

INSTALL_SECONDS = 900


class Machine:
    """The computer we run on. Tests put another in its place."""

    environ: Mapping[str, str] = os.environ

    def say(self, line: str) -> None:
        """Tell the developer one thing."""
        processes.say(line)

    def is_root(self) -> bool:
        """Whether we may do everything here; PostgreSQL then needs another account."""
        return os.getuid() == 0

    def server_user(self) -> User | None:
        """Whom PostgreSQL runs as: us, unless we are root, whom it refuses."""
        if not self.is_root():
            return None
        for name in ("postgres", "nobody"):
            try:
                account = pwd.getpwnam(name)
            except KeyError:
                continue
            return User(name, account.pw_uid, account.pw_gid)
        raise InfrastructureError("PostgreSQL refuses to run as root, and there is no user postgres or nobody.")

    def has_docker(self) -> bool:
        """Whether a Docker engine answers."""
        return containers.engine_answers()

    def rabbitmq_scripts(self) -> Path | None:
        """Where RabbitMQ is installed, if it is."""
        return rabbitmq.find_scripts()

    def postgres_binaries(self) -> Path | None:
        """Where PostgreSQL's server is installed, if it is."""
        return postgres.find_binaries()

    def can_install(self) -> bool:
        """Whether apt-get may be used: we are root and SERVICELANE_NO_APT is not set."""
        return self.is_root() and shutil.which("apt-get") is not None and not self.environ.get("SERVICELANE_NO_APT")

    def install(self, package: str) -> None:
        """Install a Debian package; its own service is not started where the init system lets itself be told so."""
        environment = {**self.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            progress = Progress(f"apt-get {arguments[0]}", last_line)
            processes.run(["apt-get", *arguments], env=environment, seconds=INSTALL_SECONDS, progress=progress)

    def answers(self, host: str, port: int) -> bool:
        """Whether something listens there."""
        return processes.accepts_connections(port, host)
