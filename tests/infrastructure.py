"""Virtual hosts and databases that belong to one test run, named after its process so that a dead run's can be found."""

import itertools
import os
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import requests
from psycopg2 import sql

from deploy.dev import Infrastructure
from deploy.dev.processes import Process
from servicelane.provision import provision_database

RUN = f"test_{os.getpid()}"
GONE = 404
OF_A_RUN = re.compile(r"^test_(\d+)_")


def _left_over(name: str) -> bool:
    """Whether the run that made `name` has ended without removing it."""
    match = OF_A_RUN.match(name)
    return match is not None and Process.of(int(match[1])) is None


class Vhosts:
    """Virtual hosts on the broker, each with all permissions for the administrator.

    A user whose name begins with its virtual host's goes with the run as well.
    """

    def __init__(self, infrastructure: Infrastructure) -> None:
        self._uri = infrastructure.amqp_uri
        self._ours = infrastructure.broker is not None
        self._api = infrastructure.management_url + "/api"
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment does not reach the loopback
        self._user = urlsplit(infrastructure.amqp_uri).username or "guest"
        self._numbers = itertools.count(1)
        self._made: set[str] = set()

    def make(self) -> str:
        """A new virtual host; its AMQP URI."""
        name = f"{RUN}_{next(self._numbers)}_{secrets.token_hex(3)}"
        self._call("PUT", f"vhosts/{name}")
        self._made.add(name)
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self._call("PUT", f"permissions/{name}/{quote(self._user, safe='')}", everything)
        return urlunsplit(urlsplit(self._uri)._replace(path=f"/{name}"))

    def delete(self, uri: str) -> None:
        """Delete a virtual host with all that is in it."""
        name = urlsplit(uri).path.lstrip("/")
        self._call("DELETE", f"vhosts/{name}")
        self._made.discard(name)

    def remove(self) -> None:
        """Delete every virtual host and user this run made."""
        for name in list(self._made):
            self.delete(f"/{name}")
        self._delete_users(lambda name: name.startswith(f"{RUN}_"))

    def remove_leftovers(self) -> None:
        """Delete those of runs that were killed. On somebody else's broker nothing is guessed."""
        if self._ours:
            for vhost in self._call("GET", "vhosts").json():
                if _left_over(vhost["name"]):
                    self._call("DELETE", f"vhosts/{vhost['name']}")
            self._delete_users(_left_over)

    def _delete_users(self, chosen: Callable[[str], bool]) -> None:
        for user in self._call("GET", "users").json():
            if chosen(user["name"]):
                self._call("DELETE", f"users/{user['name']}")

    def _call(self, method: str, path: str, document: object = None) -> requests.Response:
        answer = self._session.request(method, f"{self._api}/{path}", json=document, timeout=30)
        if not (method == "DELETE" and answer.status_code == GONE):  # another worker was quicker
            answer.raise_for_status()
        return answer


@dataclass(frozen=True)
class ServiceDatabase:
    """A provisioned database. `url` is the runtime role's, `owner_url` the one migrations use, `admin_url` the superuser's."""

    name: str
    url: str
    owner_url: str
    admin_url: str


class Databases:
    """Databases of this run; the roles are made once per service."""

    def __init__(self, infrastructure: Infrastructure) -> None:
        self._admin_url = infrastructure.database_url
        self._ours = infrastructure.database is not None
        self._numbers = itertools.count(1)
        self._password = secrets.token_urlsafe(12)
        self._databases: list[str] = []
        self._roles: set[str] = set()

    def make(self, service: str) -> ServiceDatabase:
        """A new empty database of `service`."""
        name = f"{RUN}_{service}_{next(self._numbers)}"
        owner, role = f"{RUN}_{service}_owner", f"{RUN}_{service}"
        self._databases.append(name)
        self._roles |= {owner, role}
        provision_database(
            self._admin_url,
            service,
            database=name,
            owner=owner,
            owner_password=self._password,
            role=role,
            role_password=self._password,
        )
        return self._named(name, owner, role)

    def copy(self, template: ServiceDatabase, service: str) -> ServiceDatabase:
        """A new database of `service` with all that is in `template`, to which nobody may be connected: faster than migrating."""
        name = f"{RUN}_{service}_{next(self._numbers)}"
        owner, role = f"{RUN}_{service}_owner", f"{RUN}_{service}"
        self._databases.append(name)
        names = {"name": name, "template": template.name, "owner": owner, "role": role}
        quoted = {key: sql.Identifier(value) for key, value in names.items()}
        connection = _connection(self._admin_url)
        try:
            with connection.cursor() as cursor:
                for statement in (
                    "CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}",
                    "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
                    "GRANT CONNECT ON DATABASE {name} TO {role}",
                ):
                    cursor.execute(sql.SQL(statement).format(**quoted))
        finally:
            connection.close()
        return self._named(name, owner, role)

    def remove(self) -> None:
        """Drop every database and role this run made."""
        self._drop(self._databases, sorted(self._roles))

    def remove_leftovers(self) -> None:
        """Drop those of runs that were killed. On somebody else's server nothing is guessed."""
        if self._ours:
            with closing(_connection(self._admin_url)) as connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_lock(hashtext('leftovers'))"
                )  # one worker after the other, until we disconnect
                databases, roles = self._names("SELECT datname FROM pg_database"), self._names("SELECT rolname FROM pg_roles")
                self._drop(filter(_left_over, databases), filter(_left_over, roles))

    def _named(self, name: str, owner: str, role: str) -> ServiceDatabase:
        return ServiceDatabase(
            name=name,
            url=self._url(name, role),
            owner_url=self._url(name, owner),
            admin_url=urlunsplit(urlsplit(self._admin_url)._replace(path=f"/{name}")),
        )

    def _url(self, database: str, user: str) -> str:
        parts = urlsplit(self._admin_url)
        address = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{user}:{self._password}@{address}", path=f"/{database}"))

    def _names(self, query: str) -> list[str]:
        with _connection(self._admin_url) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return [name for (name,) in cursor.fetchall()]

    def _drop(self, databases: Iterable[str], roles: Iterable[str]) -> None:
        connection = _connection(self._admin_url)
        try:
            with connection.cursor() as cursor:
                for name in databases:
                    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                for name in roles:
                    # Whoever ended a run may be cleaning up after it right now: then the role is gone, as it should be.
                    with suppress(psycopg2.errors.InternalError_):
                        cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))
        finally:
            connection.close()


def _connection(url: str):
    """A superuser's connection that commits each statement: databases are not made and dropped in a transaction."""
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    connection.autocommit = True
    return connection
