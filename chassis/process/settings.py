"""Settings of one service process: read once from the environment, checked, typed. Errors name the variable."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from chassis.wire.errors import SettingsError

T = TypeVar("T")

MOST_PORT = 65535
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
EMBEDDED_URI = "embedded://"
BROKER_SCHEMES = ("amqp", "amqps", "pyamqp", "embedded")
PASSWORD = re.compile(r"\{((?:[a-z0-9]+_)*password)\}")
"""In a value, the place of what the variable of this name says: `{owner_password}` of OWNER_PASSWORD."""
FILE = "_FILE"
"""Behind a variable's name: the file that says its value, where a container finds its secrets."""


def broker_addresses(uri: str) -> list[str]:
    """The URIs of a cluster's nodes, which AMQP_URI names with `;` between them, as kombu does."""
    return re.split(r";(?=\w+://)", uri)


@dataclass(frozen=True)
class Settings:
    """What one service process needs to know. URIs carry secrets, so the object does not show them when printed."""

    service: str
    amqp_uri: str
    database_url: str
    direct_database_url: str
    """The same database past a pooler, for who holds a lock for as long as it leads."""
    migration_database_url: str
    http_address: str
    probe_address: str | None
    jwt_secret: str | None
    log_level: str
    log_file: str | None
    workers: int
    prefetch: int
    batch: int
    heartbeat: int
    drain_seconds: float
    rpc_timeout: float
    outbox_retention_days: int
    inbox_retention_days: int
    crash_point: str | None
    span_collector: str | None = None
    """Where spans of traces are sent, by OTLP over HTTP; None, and none are made."""
    simulated_since: datetime | None = None
    """When the simulated clock of the embedded suite begins; None, and the time is the machine's, everywhere else."""
    jwt_secret_previous: str | None = None
    """The other secret whose tokens are believed while one takes the place of the other; none is signed with it."""

    def __repr__(self) -> str:
        return f"Settings(service={self.service!r})"

    @property
    def embedded(self) -> bool:
        """Whether the bus is the in-process one."""
        return self.amqp_uri.startswith(EMBEDDED_URI)

    @classmethod
    def read(cls, service: str, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings of `service`; `{service}` in a value stands for its name, and PARTS_WORKERS beats WORKERS for parts.

        Raises SettingsError naming the variable that is missing or wrong.
        """
        source = Source(service, os.environ if environ is None else environ)
        database_url = source.database_url("DATABASE_URL")
        settings = cls(
            service=service,
            amqp_uri=source.broker_uri("AMQP_URI"),
            database_url=database_url,
            direct_database_url=source.database_url("DIRECT_DATABASE_URL", default=database_url),
            migration_database_url=source.database_url("MIGRATION_DATABASE_URL", default=database_url),
            http_address=source.address("HTTP_ADDRESS", "127.0.0.1:8000"),
            probe_address=source.address("PROBE_ADDRESS", "") or None,
            jwt_secret=source.text("JWT_SECRET", "") or None,
            log_level=source.one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
            log_file=source.text("LOG_FILE", "") or None,
            workers=source.number("WORKERS", int, 10, least=1),
            prefetch=source.number("PREFETCH", int, 100, least=1),
            batch=source.number("BATCH", int, 50, least=1),
            heartbeat=source.number("HEARTBEAT", int, 10, least=1),
            drain_seconds=source.number("DRAIN_SECONDS", float, 20.0, least=0),
            rpc_timeout=source.number("RPC_TIMEOUT", float, 10.0, least=0.1),
            outbox_retention_days=source.number("OUTBOX_RETENTION_DAYS", int, 400, least=1),
            inbox_retention_days=source.number("INBOX_RETENTION_DAYS", int, 30, least=1),
            crash_point=source.text("SERVICELANE_CRASH_POINT", "") or None,
            span_collector=source.span_collector(),
            simulated_since=source.moment("SIMULATED_SINCE"),
            jwt_secret_previous=source.text("JWT_SECRET_PREVIOUS", "") or None,
        )
        if settings.simulated_since is not None and not settings.embedded:
            raise SettingsError("SIMULATED_SINCE is the embedded suite's alone: services on a broker have the machine's time")
        if settings.outbox_retention_days <= settings.inbox_retention_days:
            raise SettingsError("OUTBOX_RETENTION_DAYS must be longer than INBOX_RETENTION_DAYS: a replay needs the inbox")
        return settings


class Source:
    """Reads single variables of one process and says which one is wrong; PARTS_WORKERS beats WORKERS for parts.

    Any of them may stand in a file instead, which WORKERS_FILE names. In a value `{service}` stands for the service's name, and
    `{password}`, `{owner_password}` … for what PASSWORD, OWNER_PASSWORD … says, written as a URL writes it.
    """

    def __init__(self, service: str, environ: Mapping[str, str]) -> None:
        self._service = service
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        value = self._said(name, default).replace("{service}", self._service)
        return PASSWORD.sub(lambda place: quote(self._password(place[1].upper(), name), safe=""), value)

    def required(self, name: str) -> str:
        value = self.text(name, "")
        if not value:
            raise SettingsError(f"{name} is not set")
        return value

    def _password(self, name: str, of: str) -> str:
        value = self._said(name, "")
        if not value:
            raise SettingsError(f"{of} has the place of a password in it, and {name} is not set")
        return value

    def _said(self, name: str, default: str) -> str:
        own = self._of_one(f"{self._service.upper()}_{name}", "")
        return own or self._of_one(name, default)

    def _of_one(self, variable: str, default: str) -> str:
        file = self._environ.get(variable + FILE, "").strip()
        if not file:
            return self._environ.get(variable, default).strip()
        if self._environ.get(variable, "").strip():
            raise SettingsError(f"{variable} and {variable}{FILE} are both set: which of them is meant?")
        return _secret_in(Path(file), variable + FILE)

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default).upper()
        if value not in allowed:
            raise SettingsError(f"{name} must be one of {', '.join(allowed)}")
        return value

    def number(self, name: str, kind: Callable[[str], T], default: T, *, least: float, most: float = inf) -> T:
        raw = self.text(name, str(default))
        try:
            value = kind(raw)
        except ValueError:
            raise SettingsError(f"{name} must be a number, not {raw!r}") from None
        if value < least:  # type: ignore[operator]  # kind is int or float
            raise SettingsError(f"{name} must be at least {least}")
        if value > most:  # type: ignore[operator]  # as above
            raise SettingsError(f"{name} must be at most {most}")
        return value

    def moment(self, name: str) -> datetime | None:
        value = self.text(name, "")
        try:
            found = datetime.fromisoformat(value) if value else None
        except ValueError:
            found = None
        if value and (found is None or found.tzinfo is None):
            raise SettingsError(f"{name} must be a time with its offset such as 2026-03-02T08:00:00+08:00, not {value!r}")
        return found

    def address(self, name: str, default: str) -> str:
        value = self.text(name, default)
        _, colon, port = value.rpartition(":")
        if value and not (colon and port.isdecimal() and int(port) <= MOST_PORT):
            raise SettingsError(f"{name} must be host:port, not {value!r}")
        return value

    def web_address(self, name: str, default: str = "", *, example: str, path: bool = False) -> str:
        given = self.text(name, default)
        value = given.rstrip("/")
        try:
            parts = urlsplit(value)
            valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and (path or not parts.path)
        except ValueError:  # a port that is no number
            valid = False
        if given and not valid:
            raise SettingsError(f"{name} must be an address such as {example}, not {value!r}")
        return value

    def span_collector(self) -> str | None:
        """The name is OpenTelemetry's: whoever runs a collector knows it."""
        return self.web_address("OTEL_EXPORTER_OTLP_ENDPOINT", example="http://collector:4318", path=True) or None

    def broker_uri(self, name: str) -> str:
        value = self.required(name)
        try:
            nodes = [urlsplit(one) for one in broker_addresses(value)]
            valid = all(one.scheme in BROKER_SCHEMES and one.port != 0 for one in nodes)
        except ValueError:  # a port that is no number
            valid = False
        if not valid:
            raise SettingsError(
                f"{name} must be a URI such as amqp://user:password@host:5672/vhost, or several with ; between them"
            )
        if len({(one.username, one.path) for one in nodes}) > 1:
            raise SettingsError(f"{name} names nodes of one cluster: each with the same user and the same virtual host")
        return value

    def database_url(self, name: str, default: str | None = None) -> str:
        value = self.text(name, default or "") or self.required(name)
        try:
            backend = make_url(value).drivername
        except (ArgumentError, ValueError):  # the latter for a port that is no number
            raise SettingsError(f"{name} is not a database URL") from None
        if "@" in (make_url(value).host or ""):
            raise SettingsError(f"{name} has an @ in its password: write it as %40")
        if backend not in ("postgresql+psycopg2", "sqlite"):
            raise SettingsError(f"{name} must start with postgresql+psycopg2:// or sqlite:///, not {backend}://")
        return value


def setting(service: str, name: str, default: str = "") -> str:
    """One setting of a service that its settings' class does not know. Raises SettingsError for a file that cannot be read."""
    return Source(service, os.environ).text(name, default)


def _secret_in(file: Path, variable: str) -> str:
    try:
        value = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{variable} names {file}, which cannot be read: {error.strerror}") from None
    except ValueError:  # no text
        raise SettingsError(f"{variable} names {file}, which is no text") from None
    if len(value.splitlines()) > 1:
        raise SettingsError(f"{variable} names {file}, which has several lines")
    return value
