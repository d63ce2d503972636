"""What can be done to a broker or a database that is ours: the handles of the fault tests.

Every method returns when its effect is there, or raises InfrastructureError at its deadline.
"""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from typing import Any, Literal

from deploy.dev.processes import wait_until
from deploy.dev.state import Record, Store, secret

MEMORY_WATERMARK = "0.4"
BROKER_USER = "servicelane"
SUPERUSER = "postgres"


class ManagementApi:
    """RabbitMQ's management HTTP API, read with the standard library. Proxies of the environment are not used."""

    def __init__(self, root: str, user: str, password: str) -> None:
        self._root = root
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {token}"}
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(self, path: str) -> tuple[int, Any]:
        """(status, document) of GET /api/`path`; status 0 when nothing answers there."""
        request = urllib.request.Request(f"{self._root}/api/{path}", headers=self._headers)
        try:
            with self._opener.open(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, None
        except (OSError, ValueError):
            return 0, None


class Server(ABC):
    """A server of ours. Its facts stand in the state file under `key`."""

    key: str
    name: str
    kind: str  # how it runs, as the developer is told
    record_kind: str  # how it runs, in the state file

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def _record(self) -> Record:
        """What the state file says; empty before the first start."""
        return self._store.read(self.key) or {}

    @property
    @abstractmethod
    def description(self) -> str:
        """Where it listens, what it is and where its log is."""

    @abstractmethod
    def is_running(self) -> bool:
        """Whether it lives and takes connections."""

    @abstractmethod
    def start(self) -> None:
        """Start it with the data it has; a frozen one goes on, a hung one is killed first. Ports stay if nobody took them."""

    @abstractmethod
    def kill(self) -> None:
        """SIGKILL: what a power cut leaves is all that is left."""

    @abstractmethod
    def down(self) -> None:
        """End it and all that belongs to it; the data stays for the next start."""

    def discard(self) -> None:
        """End it and give up what it keeps outside the state directory."""
        self.down()


class Broker(Server):
    """A RabbitMQ of ours."""

    key = "broker"
    name = "RabbitMQ"

    @property
    def port(self) -> int:
        """Where AMQP is spoken."""
        return int(self._record["ports"]["amqp"])

    @property
    def amqp_uri(self) -> str:
        """The administrator's URI of the vhost `/`."""
        return f"amqp://{BROKER_USER}:{self._password}@127.0.0.1:{self.port}/%2F"

    @property
    def management_url(self) -> str:
        """The management interface with the administrator's credentials, without `/api`."""
        return f"http://{BROKER_USER}:{self._password}@127.0.0.1:{self._record['ports']['management']}"

    @abstractmethod
    def stop(self) -> None:
        """End it politely, as an administrator does."""

    @abstractmethod
    def pause(self) -> None:
        """Freeze it: connections stay open, nothing answers."""

    @abstractmethod
    def resume(self) -> None:
        """Let a frozen broker go on."""

    def set_memory_alarm(self, on: bool) -> None:
        """Raise or clear the memory alarm: while it is on, every connection that publishes is blocked."""
        self._rabbitmqctl("set_vm_memory_high_watermark", "0" if on else MEMORY_WATERMARK)
        wait_until(lambda: self._has_alarm() == on, f"RabbitMQ's memory alarm to be {'on' if on else 'off'}", seconds=20)

    def _clear_alarm(self) -> None:
        """An interrupted fault test may have left it on."""
        if self._has_alarm():
            self.set_memory_alarm(False)

    @abstractmethod
    def _rabbitmqctl(self, *arguments: str) -> None:
        """Run RabbitMQ's own administration program."""

    @property
    def _password(self) -> str:
        return secret(self._store.directory / "rabbitmq-password")

    def _api(self) -> ManagementApi:
        return ManagementApi(f"http://127.0.0.1:{self._record['ports']['management']}", BROKER_USER, self._password)

    def _has_alarm(self) -> bool:
        status, _ = self._api().get("health/checks/local-alarms")
        return status == 503

    def _answers(self) -> bool:
        status, _ = self._api().get("overview")
        return status == 200


class Database(Server):
    """A PostgreSQL of ours."""

    key = "database"
    name = "PostgreSQL"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._record["ports"]["postgres"])

    @property
    def url(self) -> str:
        """The superuser's URL of the database `postgres`."""
        return f"postgresql+psycopg2://{SUPERUSER}:{self._password}@127.0.0.1:{self.port}/postgres"

    @abstractmethod
    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """End it: `fast` closes cleanly, `immediate` leaves recovery to the next start."""

    def terminate_connections(self, database: str) -> None:
        """End every connection to `database` from the server's side."""
        literal = database.replace("'", "''")
        self._psql(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{literal}' AND pid <> pg_backend_pid()"
        )

    @abstractmethod
    def _psql(self, statement: str) -> None:
        """Run one statement as superuser."""

    @property
    def _password(self) -> str:
        return secret(self._store.directory / "postgres-password")
