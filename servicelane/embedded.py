"""The embedded mode: all services and the gateway in one process, a SQLite file each, the bus in memory.

Nothing to install and nothing to recover: what was answered is committed, and what was not yet sent is still in an outbox.
"""

import os
import secrets
import socket
from contextlib import closing
from pathlib import Path

from chassis.process.settings import Settings
from servicelane import suite

DEFAULT_FOLDER = Path("data")


def configure(folder: Path, *, http_address: str | None = None) -> None:
    """Point every service at this folder and at the bus of this process; variables that are set already stay."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {
        "AMQP_URI": "embedded://servicelane/",
        "DATABASE_URL": f"sqlite:///{folder.absolute()}/{{service}}.sqlite",
        "JWT_SECRET": _secret(folder / "jwt.secret"),
        "LOG_LEVEL": "WARNING",
    }
    if http_address is not None:
        given["HTTP_ADDRESS"] = http_address
    for name, value in given.items():
        os.environ.setdefault(name, value)


def prepare() -> None:
    """Create or migrate the databases and declare the bus."""
    suite.migrate_all(suite.SERVICES)
    suite.declare_all(suite.SERVICES)


def base_url() -> str:
    """Where the gateway of this process answers."""
    return f"http://{Settings.read('gateway').http_address}"


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _secret(file: Path) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return file.read_text(encoding="ascii")
