"""A private pgbouncer in front of a PostgreSQL of ours, which gives a connection away for a transaction only, for the drills."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from deploy.dev.processes import InfrastructureError, Process, User, accepts_connections, launch, wait_until
from deploy.dev.state import create_private, free_port, write_atomically

PACKAGE = "pgbouncer"
CONFIGURATION = """\
[databases]
* = host=127.0.0.1 port={postgres}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 1000
# What we ask of a session at its start is the role's own setting, too: servicelane provision.
ignore_startup_parameters = options,extra_float_digits
"""


class Pooler:
    """Runs from `start` to `end`; `users` are the roles with their passwords."""

    def __init__(self, folder: Path, user: User | None) -> None:
        self._folder = folder
        self._user = user
        self._process: Process | None = None
        self.port = free_port()

    def start(self, postgres: int, users: Mapping[str, str], *, size: int) -> None:
        """Listen, with so many connections to each database for each role. Raises InfrastructureError, without pgbouncer too."""
        binary = shutil.which(PACKAGE, path="/usr/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
        if binary is None:
            raise InfrastructureError(f"The drill needs {PACKAGE}, which is not installed: apt-get install {PACKAGE}")
        create_private(self._folder, mode=0o711)
        write_atomically(self._folder / "users.txt", "".join(f'"{name}" "{word}"\n' for name, word in users.items()))
        settings = CONFIGURATION.format(postgres=postgres, port=self.port, folder=self._folder, size=size)
        write_atomically(self._folder / "pgbouncer.ini", settings)
        command: list[str | Path] = [binary, self._folder / "pgbouncer.ini"]
        if self._user:
            for name in ("users.txt", "pgbouncer.ini"):
                shutil.chown(self._folder / name, self._user.uid, self._user.gid)
            command[1:1] = ["-u", self._user.name]  # it refuses to run as root
        self._process = launch(command, env={"PATH": "/usr/bin:/bin"}, log=self._folder / "log", cwd=self._folder)
        wait_until(lambda: accepts_connections(self.port), f"pgbouncer to listen, see {self._folder}/log", seconds=10)

    def url(self, direct: str) -> str:
        """The URL of the same database through the pooler."""
        parts = urlsplit(direct)
        return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{self.port}"))

    def end(self) -> None:
        """End it."""
        if self._process:
            self._process.end(what=PACKAGE)
