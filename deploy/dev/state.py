"""What is remembered between calls: where the private servers live, their ports, pids and passwords."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import socket
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.dev.processes import InfrastructureError, say, wait_until

SOCKET_PATH_LIMIT = 100  # the kernel takes 107 bytes for a unix socket's path, macOS 103
# Below every system's ephemeral range: while a server is down, a client's own outgoing connection must not take its port
# (a loopback client that retries can even connect to itself).
PORTS = range(20000, 30000)
OTHERS_PORTS = {25672}  # RabbitMQ's default for its cluster links

Record = dict[str, Any]


def project_hash(project: Path) -> str:
    """Eight characters that tell this working copy from another one on the same machine."""
    return hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:8]


def open_to_others(directory: Path) -> bool:
    """Whether any user may enter `directory` and every directory above it."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [directory, *directory.parents])


def state_directory(project: Path, *, as_root: bool, elsewhere: Path = Path("/var/tmp")) -> Path:
    """`.dev` in the project; a directory of its own under `elsewhere` where the database could not live there.

    Started by root, PostgreSQL runs as another user, who must be able to reach its files. The choice depends on the
    project's place alone, so that every call finds the same directory.
    """
    project = project.resolve()
    socket_path = project / ".dev" / "postgres" / ".s.PGSQL.65535"
    if len(str(socket_path)) <= SOCKET_PATH_LIMIT and (not as_root or open_to_others(project)):
        return project / ".dev"
    return elsewhere / f"servicelane-{project_hash(project)}"


def create_private(directory: Path, mode: int = 0o700) -> None:
    """Make a directory that only we write to; refuse one that is somebody else's."""
    directory.mkdir(mode=mode, parents=True, exist_ok=True)
    facts = directory.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        raise InfrastructureError(f"{directory} belongs to another user; remove it or move the project elsewhere.")
    directory.chmod(mode)


def secret(path: Path) -> str:
    """The generated password kept in `path`, readable by its owner alone; made on first use."""
    if not path.exists():
        write_atomically(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8")


def write_atomically(path: Path, text: str) -> None:
    """Replace `path` in one step, mode 600: a reader sees the old text or the new one, a crash leaves one of them."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


class Store:
    """The state file: one record per server."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.path = directory / "state.json"

    def read(self, server: str) -> Record | None:
        """The record of `server` ("broker" or "database"); None when there is none."""
        return self._records().get(server)

    def write(self, server: str, record: Record) -> None:
        """Remember the record of `server`."""
        records = {**self._records(), server: record}
        write_atomically(self.path, json.dumps(records, indent=2))

    def _records(self) -> dict[str, Record]:
        try:
            records = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise InfrastructureError(
                f"{self.path} is damaged ({error}); end the servers it named by hand and delete {self.directory}."
            ) from error
        return dict(records)

    @contextmanager
    def locked(self, *, seconds: float = 900) -> Iterator[None]:
        """Hold the only right to start and stop servers; a second caller waits (an installation by the first takes minutes)."""
        with (self.directory / "lock").open("w", encoding="utf-8") as file:
            if not _lock(file.fileno()):
                say("Another process is starting or stopping the infrastructure: waiting for it.")
                wait_until(lambda: _lock(file.fileno()), f"the lock {file.name}", seconds=seconds)
            yield


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def choose_ports(names: Sequence[str], kept: Mapping[str, int], seed: str) -> dict[str, int]:
    """A free port on the loopback for each name: the one of last time, or a new one where somebody took it.

    The same seed starts looking at the same place.
    """
    chosen = {name: kept[name] for name in names if name in kept and is_free(kept[name])}
    first = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % len(PORTS)
    candidates = (
        port
        for port in [*PORTS[first:], *PORTS[:first]]
        if port not in OTHERS_PORTS and port not in chosen.values() and is_free(port)
    )
    for name in names:
        if name not in chosen:
            port = next(candidates, None)
            if port is None:
                raise InfrastructureError(f"No free port between {PORTS.start} and {PORTS.stop} on the loopback.")
            chosen[name] = port
    return chosen


def free_port() -> int:
    """A free port on the loopback, hardly ever the same twice: for a server that is started at once."""
    return choose_ports(["any"], {}, secrets.token_hex())["any"]


def is_free(port: int) -> bool:
    """Whether we could listen on `port`; connections that only linger after a close do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
