"""A private PostgreSQL: its own cluster, port, socket and superuser password, on the loopback only."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from deploy.dev.control import SUPERUSER, Database
from deploy.dev.processes import InfrastructureError, Process, User, accepts_connections, run, wait_until
from deploy.dev.state import Store, choose_ports

START_SECONDS = 60
STOP_SECONDS = 30
BINARY_DIRECTORIES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# Durability is what is measured and promised: it is stated here so that nobody switches it off for speed.
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{socket}'
password_encryption = 'scram-sha-256'
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 400
shared_buffers = 256MB
shared_preload_libraries = '{preloaded}'
log_min_messages = warning
log_min_error_statement = panic
log_timezone = 'UTC'
timezone = 'UTC'
"""


COUNTER = "pg_stat_statements"
"""Counts statements, for the benchmark. Not every installation has it, and a server that cannot load it does not start."""
LIBRARIES = ("lib", "lib/postgresql", "lib/pgsql")


def client_environment(url: str) -> dict[str, str]:
    """What psql, pg_dump and the scripts that call them are told, to be at a URL's server as its user, and the way to them."""
    server = urlsplit(url)
    return {
        "PATH": os.environ["PATH"],
        "PGHOST": str(server.hostname),
        "PGPORT": str(server.port),
        "PGUSER": unquote(server.username or ""),
        "PGPASSWORD": unquote(server.password or ""),
    }


def has_counter(binaries: Path) -> bool:
    """Whether the installation with these programs has COUNTER."""
    return any(next((binaries.parent / folder).glob(f"{COUNTER}.*"), None) for folder in LIBRARIES)


def find_binaries() -> Path | None:
    """The directory of PostgreSQL's server programs, the newest version's; None when it is not installed."""
    found = [
        directory
        for pattern in BINARY_DIRECTORIES
        for directory in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
        if (directory / "initdb").exists()
    ]
    if found:
        return found[0]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class PrivateDatabase(Database):
    """Our own PostgreSQL cluster, started from installed binaries."""

    kind = "private instance of installed binaries"
    record_kind = "private"

    def __init__(self, store: Store, binaries: Path, user: User | None) -> None:
        super().__init__(store)
        self._binaries = binaries
        self._user = user
        self._directory = store.directory / "postgres"
        self._data = self._directory / "data"
        self._log = self._directory / "postgres.log"

    @property
    def description(self) -> str:
        return f"127.0.0.1:{self.port}, pid {self._record['pid']}, log {self._log}"

    def is_running(self) -> bool:
        return self._postmaster() is not None and accepts_connections(self.port)

    def start(self) -> None:
        if self.is_running():
            return
        self.kill()
        if not self._data.exists():
            self._create_cluster()
        ports = choose_ports(["postgres"], self._record.get("ports", {}), str(self._directory))
        preloaded = COUNTER if has_counter(self._binaries) else ""
        settings = CONFIGURATION.format(port=ports["postgres"], socket=self._directory, preloaded=preloaded)
        self._write(self._data / "servicelane.conf", settings + self._more_configuration())
        self._pg_ctl("start", "-w", "-t", str(START_SECONDS), "-l", self._log)
        pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        postmaster = Process.of(pid)
        if postmaster is None:
            raise InfrastructureError(f"PostgreSQL ended right after its start; its log is {self._log}.")
        record = {"kind": self.record_kind, "pid": pid, "started": postmaster.started, "ports": ports}
        self._store.write(self.key, record)

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        if self._postmaster():
            self._pg_ctl("stop", "-w", "-t", str(STOP_SECONDS), "-m", mode)

    def kill(self) -> None:
        """SIGKILL the server and every one of its processes: orphans would hold its memory and stop the next start."""
        postmaster = self._postmaster()
        if postmaster is None:
            return
        family = [postmaster, *postmaster.children()]
        for member in family:
            member.send(signal.SIGKILL)
        wait_until(lambda: not any(member.runs for member in family), "PostgreSQL's end after SIGKILL", seconds=10)
        # Until init has collected the dead server, its pid still exists and PostgreSQL would take its lock files for valid.
        for lock in (self._data / "postmaster.pid", self._directory / f".s.PGSQL.{self.port}.lock"):
            lock.unlink(missing_ok=True)

    def down(self) -> None:
        self.stop()

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._directory),
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
        }

    def _postmaster(self) -> Process | None:
        return Process.recorded(self._record.get("pid"), self._record.get("started"))

    def _more_configuration(self) -> str:
        """What else stands in servicelane.conf."""
        return ""

    def _create_cluster(self) -> None:
        """Made beside the final place and moved: an interrupted one leaves nothing that looks like a cluster."""
        self._directory.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            shutil.chown(self._directory, self._user.uid, self._user.gid)
        draft = self._directory / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        self._fill(draft)
        draft.rename(self._data)

    def _fill(self, draft: Path) -> None:
        password_file = self._directory / "initial-password"
        self._write(password_file, self._password + "\n")
        try:
            run(
                [
                    *(self._binaries / "initdb", "-D", draft, "-U", SUPERUSER, f"--pwfile={password_file}"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
                ],
                env=self._environment,
                user=self._user,
                cwd=self._directory,
                seconds=120,
            )
        finally:
            password_file.unlink()
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write("\ninclude 'servicelane.conf'\n")

    def _write(self, path: Path, text: str) -> None:
        """Write a file that the server's user alone may read."""
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if self._user:
            shutil.chown(path, self._user.uid, self._user.gid)

    def _pg_ctl(self, action: str, *options: str | Path) -> None:
        run(
            [self._binaries / "pg_ctl", action, "-D", self._data, *options],
            env=self._environment,
            user=self._user,
            cwd=self._directory,
            seconds=START_SECONDS + 10,
        )

    def _psql(self, statement: str) -> None:
        self._ask(statement)

    def _ask(self, statement: str) -> str:
        """What the server answers, without headings."""
        answered = run(
            [
                *(self._binaries / "psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"),
                *("-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER, "-d", "postgres", "-c", statement),
            ],
            env={**self._environment, "PGPASSWORD": self._password},
            seconds=20,
        )
        return answered.strip()
