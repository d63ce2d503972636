"""Virtual hosts, broker users, databases and roles of one run, named after its process; all are gone after it."""

import os
import re
import secrets
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import requests
from psycopg2 import sql

from chassis.process.settings import Settings
from deploy.dev import Infrastructure
from servicelane.provision import provision

RUN = f"bench_{os.getpid()}"
OF_A_RUN = re.compile(r"^bench_(\d+)_")
HTTP_SECONDS = 30


class Sandbox:
    """What the arms of this run own on the two servers."""

    def __init__(self, infrastructure: Infrastructure) -> None:
        self._infrastructure = infrastructure
        self._password = secrets.token_hex(12)
        self._api = infrastructure.management_url + "/api"
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment does not reach the loopback
        self._administrator = urlsplit(infrastructure.amqp_uri).username or "guest"

    @property
    def infrastructure(self) -> Infrastructure:
        """The servers it stands on."""
        return self._infrastructure

    def vhost(self, arm: str) -> str:
        """A new virtual host; the administrator's URI of it."""
        name = f"{RUN}_{arm}"
        self._call("PUT", f"vhosts/{name}")
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self._call("PUT", f"permissions/{name}/{quote(self._administrator, safe='')}", everything)
        return urlunsplit(urlsplit(self._infrastructure.amqp_uri)._replace(path=f"/{name}"))

    def database(self, arm: str, service: str) -> str:
        """A new empty database, made as provisioning makes them; the superuser's URL of it, for psycopg2."""
        name = f"{RUN}_{arm}_{service}"
        statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
        self._execute([sql.SQL(statement).format(sql.Identifier(name))])
        return self.admin_url(name)

    def admin_url(self, database: str) -> str:
        """The superuser's URL of a database, for psycopg2."""
        return urlunsplit(urlsplit(self._infrastructure.database_url)._replace(scheme="postgresql", path=f"/{database}"))

    def provisioned(self, arm: str, services: Iterable[str]) -> dict[str, str]:
        """A deployment's own preparation: for each service a database with two roles and a broker user with its permissions.

        Answers the environment its processes need; `{service}` stands in it as settings allow.
        """
        uri = urlsplit(self.vhost(arm))
        broker, postgres = uri.netloc.rpartition("@")[2], urlsplit(self._infrastructure.database_url).netloc.rpartition("@")[2]
        login, password = f"{RUN}_{arm}_{{service}}", self._password
        environment = {
            "AMQP_URI": f"amqp://{login}:{password}@{broker}{uri.path}",
            "DATABASE_URL": f"postgresql+psycopg2://{login}:{password}@{postgres}/{login}",
            "MIGRATION_DATABASE_URL": f"postgresql+psycopg2://{login}_owner:{password}@{postgres}/{login}",
        }
        for service in services:
            provision(
                Settings.read(service, environment),
                admin_database_url=self._infrastructure.database_url,
                management_url=self._infrastructure.management_url,
            )
        return environment

    def ask(self, path: str) -> Any:
        """What the broker's management interface answers."""
        return self._call("GET", path).json()

    def clear(self) -> None:
        """Remove everything of this run, and of runs whose process has ended."""
        for vhost in self._call("GET", "vhosts").json():
            if _ended(vhost["name"]):
                self._call("DELETE", f"vhosts/{vhost['name']}")
        for user in self._call("GET", "users").json():
            if _ended(user["name"]):
                self._call("DELETE", f"users/{user['name']}")
        databases = [name for name in self._names("SELECT datname FROM pg_database") if _ended(name)]
        roles = [name for name in self._names("SELECT rolname FROM pg_roles") if _ended(name)]
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)) for name in databases)
        self._execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)) for name in roles)

    def _names(self, query: str) -> list[str]:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return [name for (name,) in cursor.fetchall()]

    def _execute(self, statements: Iterable[sql.Composable]) -> None:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _connect(self) -> Any:
        connection = psycopg2.connect(self.admin_url("postgres"))
        connection.autocommit = True  # databases are not made or dropped in a transaction
        return connection

    def _call(self, method: str, path: str, document: object = None) -> requests.Response:
        answer = self._session.request(method, f"{self._api}/{path}", json=document, timeout=HTTP_SECONDS)
        answer.raise_for_status()
        return answer


def _ended(name: str) -> bool:
    """Whether `name` belongs to this run or to one whose process is gone."""
    found = OF_A_RUN.match(name)
    return found is not None and (int(found[1]) == os.getpid() or not Path(f"/proc/{found[1]}").exists())
