"""Which broker and which database development and tests use, and how they come to run.

For each of the two, the first that can be had, said in one line: what the environment names; what runs or ran before; a
container of a Docker engine that answers; a private instance of installed binaries; the same after apt-get installed them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from deploy.dev.containers import ContainerBroker, ContainerDatabase
from deploy.dev.control import Broker, Database
from deploy.dev.machine import Machine
from deploy.dev.postgres import PrivateDatabase
from deploy.dev.processes import InfrastructureError
from deploy.dev.rabbitmq import PrivateBroker
from deploy.dev.state import Store, create_private, state_directory

PROJECT = Path(__file__).resolve().parents[2]
MANAGEMENT_PORT = 15672

ServerT = TypeVar("ServerT", Broker, Database)


@dataclass(frozen=True)
class Infrastructure:
    """A broker and a database that run. `broker` and `database` are None where the environment named somebody else's.

    `database_url` is a superuser's URL of the database `postgres`; `management_url` is RabbitMQ's management interface with
    credentials, without `/api`.
    """

    amqp_uri: str
    management_url: str
    database_url: str
    broker: Broker | None
    database: Database | None


@dataclass(frozen=True)
class Wanted(Generic[ServerT]):
    """What differs between broker and database when one is looked for."""

    key: str
    name: str
    variable: str
    package: str
    advice: str
    container: Callable[[Store], ServerT]
    private: Callable[[Store, Machine], ServerT | None]


def _private_broker(store: Store, machine: Machine) -> Broker | None:
    scripts = machine.rabbitmq_scripts()
    return PrivateBroker(store, scripts) if scripts else None


def _private_database(store: Store, machine: Machine) -> Database | None:
    binaries = machine.postgres_binaries()
    return PrivateDatabase(store, binaries, machine.server_user()) if binaries else None


BROKER = Wanted[Broker](
    key=Broker.key,
    name=Broker.name,
    variable="AMQP_URI",
    package="rabbitmq-server",
    advice="Install RabbitMQ (Debian, Ubuntu: sudo apt-get install rabbitmq-server; macOS: brew install rabbitmq)",
    container=ContainerBroker,
    private=_private_broker,
)
DATABASE = Wanted[Database](
    key=Database.key,
    name=Database.name,
    variable="DATABASE_URL",
    package="postgresql",
    advice="Install PostgreSQL (Debian, Ubuntu: sudo apt-get install postgresql; macOS: brew install postgresql@15)",
    container=ContainerDatabase,
    private=_private_database,
)


def ensure(project: Path = PROJECT, machine: Machine | None = None) -> Infrastructure:
    """A broker and a database that run now; a second call finds those of the first.

    Raises InfrastructureError with one sentence that says what is missing and how to get it.
    """
    machine = machine or Machine()
    amqp_uri, database_url = machine.environ.get("AMQP_URI"), _named_database(machine)
    broker = database = None
    if not (amqp_uri and database_url):
        store = open_store(project, machine)
        with store.locked():
            broker = None if amqp_uri else obtain(BROKER, store, machine)
            database = None if database_url else obtain(DATABASE, store, machine)
    if broker:
        amqp_uri, management_url = broker.amqp_uri, broker.management_url
    else:
        management_url = _reuse_broker(str(amqp_uri), machine)
    if database:
        database_url = database.url
    else:
        _reuse_database(str(database_url), machine)
    return Infrastructure(str(amqp_uri), management_url, str(database_url), broker, database)


def open_store(project: Path, machine: Machine) -> Store:
    """The state of this working copy's private servers."""
    directory = state_directory(project, as_root=machine.is_root())
    create_private(directory, mode=0o711)  # PostgreSQL's user passes through to its own
    return Store(directory)


def recorded(wanted: Wanted[ServerT], store: Store, machine: Machine) -> ServerT | None:
    """The server the state file names, running or not."""
    record = store.read(wanted.key)
    if record is None:
        return None
    return wanted.container(store) if record["kind"] == "container" else wanted.private(store, machine)


def obtain(wanted: Wanted[ServerT], store: Store, machine: Machine) -> ServerT:
    """A server of ours that runs: the one of last time, else the first of the ways that works."""
    name = wanted.name
    known = recorded(wanted, store, machine)
    if known:
        found = "the {} that runs" if known.is_running() else "starting again the {} of last time"
        try:
            return _started(known, f"{name}: {found.format(known.kind)}", machine)
        except InfrastructureError as reason:
            machine.say(f"{name}: the {known.kind} of last time does not start ({reason}); trying the other ways.")
    if machine.has_docker():
        try:
            return _started(wanted.container(store), f"{name}: a Docker engine answers, using a container", machine)
        except InfrastructureError as reason:
            machine.say(f"{name}: the Docker engine answers but gives no container ({reason}); trying installed binaries.")
    private = wanted.private(store, machine)
    if private is None and machine.can_install():
        machine.say(f"{name}: not installed; installing {wanted.package} with apt-get (SERVICELANE_NO_APT=1 forbids it).")
        machine.install(wanted.package)
        private = wanted.private(store, machine)
    if private is None:
        raise InfrastructureError(
            f"There is no {name}: {wanted.variable} is not set, no Docker engine answers and no server is installed. "
            f"{wanted.advice}, start Docker, or name a server in {wanted.variable}."
        )
    return _started(private, f"{name}: a {private.kind}", machine)


def _started(server: ServerT, line: str, machine: Machine) -> ServerT:
    server.start()
    machine.say(f"{line} ({server.description}).")
    return server


def _named_database(machine: Machine) -> str | None:
    """The superuser's URL the environment names. ADMIN_DATABASE_URL wins: DATABASE_URL then is the services' setting."""
    url = machine.environ.get("ADMIN_DATABASE_URL") or machine.environ.get("DATABASE_URL")
    if url and "{service}" in url:
        raise InfrastructureError(
            "DATABASE_URL names one database per service ({service}); tests create databases: "
            "name a superuser's URL in ADMIN_DATABASE_URL, or unset DATABASE_URL."
        )
    return url


def _reuse_broker(amqp_uri: str, machine: Machine) -> str:
    """Check the broker that AMQP_URI names and return its management URL."""
    parts = urlsplit(amqp_uri)
    host = parts.hostname or "127.0.0.1"
    _expect("AMQP_URI", host, parts.port or 5672, machine)
    management_url = machine.environ.get("RABBITMQ_MANAGEMENT_URL")
    if not management_url:
        credentials = parts.netloc.rpartition("@")[0] or "guest:guest"
        management_url = f"http://{credentials}@{host}:{MANAGEMENT_PORT}"
    management = urlsplit(management_url)
    _expect("RABBITMQ_MANAGEMENT_URL", management.hostname or host, management.port or MANAGEMENT_PORT, machine)
    machine.say(f"RabbitMQ: reusing what AMQP_URI names ({host}).")
    return management_url


def _reuse_database(url: str, machine: Machine) -> None:
    """Check the database that the environment names."""
    parts = urlsplit(url)
    _expect("DATABASE_URL", parts.hostname or "127.0.0.1", parts.port or 5432, machine)
    machine.say(f"PostgreSQL: reusing what the environment names ({parts.hostname}).")


def _expect(variable: str, host: str, port: int, machine: Machine) -> None:
    if not machine.answers(host, port):
        raise InfrastructureError(
            f"{variable} leads to {host}:{port}, but nothing answers there; start that server, correct {variable}, "
            "or unset it to have a private server started."
        )
