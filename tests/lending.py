"""Databases that tests have one after the other: each finds its own empty, connected, and with its statements known.

To empty one takes a few milliseconds. A new copy for every test takes a hundred times as much, most of it for connecting and for
writing the same SQL once more.
"""

from collections.abc import Callable

import psycopg2
from psycopg2 import sql
from sqlalchemy import Engine

from chassis.service.entrypoints import Service
from chassis.store.database import create_database_engine
from tests.infrastructure import ServiceDatabase

KEPT_CONNECTIONS = 4
"""So many stay open between two tests."""
KEPT_TABLE = "alembic_version"
_RELATIONS = """
    SELECT relkind, relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S') ORDER BY relname
"""
_STILL_AT_WORK = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


class Lent:
    """A database of a service, lent to one test."""

    def __init__(self, service_class: type[Service], database: ServiceDatabase) -> None:
        self.new = True
        self.service_class = service_class
        self.url = database.url
        self.engine: Engine = create_database_engine(database.url, name=f"servicelane-{service_class.name}")
        self._as_before = True
        self._database = database
        self._admin = psycopg2.connect(database.admin_url.replace("+psycopg2", ""))
        self._admin.autocommit = True
        self._emptying = self._statements()

    @property
    def owner_url(self) -> str:
        """The owner's, who may leave more behind than rows: afterwards the database is lent to no other test."""
        assert self.new, "the owner looks at plans or changes tables: mark the test new_database"
        self._as_before = False
        return self._database.owner_url

    def returned(self) -> bool:
        """Whether it is empty again, and nobody works in it any more."""
        if not self._as_before or self.engine.pool.checkedout():  # type: ignore[attr-defined]  # a pool of connections has it
            return False
        with self._admin.cursor() as cursor:
            cursor.execute(_STILL_AT_WORK)
            if cursor.fetchone() != (0,):
                return False
            cursor.execute(self._emptying)
        if self.engine.pool.checkedin() > KEPT_CONNECTIONS:  # type: ignore[attr-defined]
            self.engine.dispose()
        return True

    def close(self) -> None:
        """End its connections."""
        self.engine.dispose()
        self._admin.close()

    def _statements(self) -> sql.Composed:
        """What empties it in one round trip, as one transaction: no trigger of ours and no foreign key stands in the way."""
        with self._admin.cursor() as cursor:
            cursor.execute(_RELATIONS)
            relations = [(kind, name) for kind, name in cursor.fetchall() if name != KEPT_TABLE]
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for kind, name in relations if kind != "S"]
        restarts = [sql.SQL("SELECT setval({}, 1, false)").format(sql.Literal(name)) for kind, name in relations if kind == "S"]
        first = [sql.SQL("SET session_replication_role = replica"), sql.SQL("SET synchronous_commit = off")]
        return sql.SQL("; ").join([*first, *deletes, *restarts])


class Lending:
    """Lends databases, and makes one where none is free."""

    def __init__(self, make: Callable[[type[Service]], ServiceDatabase]) -> None:
        self._make = make
        self._free: dict[type[Service], list[Lent]] = {}

    def lend(self, service_class: type[Service], *, new: bool = False) -> Lent:
        """An empty database of the service at its newest revision; one that nobody had before, if it must be new."""
        free = self._free.setdefault(service_class, [])
        return free.pop() if free and not new else Lent(service_class, self._make(service_class))

    def take_back(self, lent: Lent) -> None:
        """The test is over: the next one may have it, unless something of this one stays."""
        if lent.returned():
            lent.new = False
            self._free[lent.service_class].append(lent)
        else:
            lent.close()

    def close(self) -> None:
        """No test will come any more."""
        for free in self._free.values():
            for lent in free:
                lent.close()
