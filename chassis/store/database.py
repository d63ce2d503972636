"""Engines and sessions: PostgreSQL for servers, SQLite for the embedded mode, one set of rules for both."""

import sqlite3
import time
from functools import partial
from typing import Any

import eventlet
import psycopg2
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import QueuePool

from chassis.store.tenancy import ScopedSession, separate_dealers_on

_SQLSTATE_TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock timeout

LOST_RACES_AND_OUTAGES = (DBAPIError, StaleDataError, PoolTimeout)
"""What the database may raise at work that is not wrong in itself: `try_again` and `database_is_down` tell which it is."""

CONNECT_SECONDS = 10
SQLITE_BUSY_SECONDS = 30

_POSTGRES_OPTIONS = (
    # A frozen replica must not block the others on its open rows for ever.
    "-c idle_in_transaction_session_timeout=30000 -c lock_timeout=10000 -c statement_timeout=30000 -c timezone=UTC"
)


def create_database_engine(url: str, *, name: str, connections: int = 15, durable: bool = True) -> Engine:
    """An engine with every timeout set. `name` is what operators see in pg_stat_activity.

    A file that nobody reads after its process need not be `durable`: its transactions do not wait for the disk.
    """
    if url.startswith("sqlite"):
        # One connection for all green threads; who shares the file from elsewhere is waited for in _begin_immediate.
        engine = create_engine(
            url,
            hide_parameters=True,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=30,
            connect_args={"check_same_thread": False},
        )
        event.listen(engine, "connect", partial(_configure_sqlite, durable=durable))
        event.listen(engine, "begin", _begin_immediate)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,  # an error's text goes into logs and parked messages; the data of customers must not
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        executemany_mode="values_plus_batch",  # many updates in one round trip
        connect_args={
            "options": _POSTGRES_OPTIONS,
            "application_name": name,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
    )
    event.listen(engine, "do_connect", connect_in_time)
    separate_dealers_on(engine)
    return engine


def session_factory(engine: Engine, remembered: dict[type, Any]) -> sessionmaker[ScopedSession]:
    """Sessions scoped to a dealer; they never expire on commit, because nothing is read after it.

    `remembered` is what the transactions of this process share.
    """
    return sessionmaker(engine, class_=ScopedSession, expire_on_commit=False, remembered=remembered)


def try_again(error: Exception) -> bool:
    """Whether the same unit of work may succeed if it is simply run again: a lost race, not a defect."""
    if isinstance(error, StaleDataError):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "pgcode", None) in _SQLSTATE_TRY_AGAIN


def database_is_down(error: Exception) -> bool:
    """Whether the error says that the database is away or the connection is lost, rather than that the statement is wrong."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout)
    if error.connection_invalidated:
        return True
    sqlstate = getattr(error.orig, "pgcode", None)
    if sqlstate is None:
        return isinstance(error, OperationalError | InterfaceError)
    # 08 connection exception, 57P operator intervention, 53 insufficient resources, 25P03 idle-in-transaction timeout
    return str(sqlstate).startswith(("08", "57P", "53")) or sqlstate == "25P03"


def connect_limit(seconds: float = CONNECT_SECONDS) -> eventlet.Timeout:
    """Ends the wait for a connection; libpq's own connect_timeout does nothing while psycopg2 waits in green threads."""
    return eventlet.Timeout(seconds, psycopg2.OperationalError(f"no connection within {seconds:g} s"))


_answered: dict[str, tuple[str, str]] = {}
"""Of servers that a URL names together, the one that took us last: it is asked first."""


def connect_in_time(dialect: Any, record: Any, arguments: Any, options: Any) -> Any:
    """What an engine does at `do_connect`, so that no connection is waited for without an end.

    Where the URL names several servers, of which one takes writes (`target_session_attrs`), each has its share of the time:
    libpq itself would wait for a silent one until there is none left for the others.
    """
    together = str(options.get("host", ""))
    servers = list(zip(together.split(","), str(options.get("port", "")).split(","), strict=False))
    if len(servers) < 2:
        with connect_limit():
            return dialect.connect(*arguments, **options)
    servers.sort(key=lambda one: one != _answered.get(together))
    for number, (host, port) in enumerate(servers, 1):
        try:
            with connect_limit(CONNECT_SECONDS / len(servers)):
                found = dialect.connect(*arguments, **{**options, "host": host, "port": port})
        except psycopg2.OperationalError:
            if number == len(servers):
                raise
        else:
            _answered[together] = host, port
            return found
    raise AssertionError("the last server's failure is raised")


def _configure_sqlite(connection: Any, record: Any, *, durable: bool) -> None:
    connection.isolation_level = None  # the driver must not begin on its own: see _begin_immediate
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: an answered command survives kill -9 and a power cut.
    cursor.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=0")  # see _begin_immediate
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Take the file's only write lock, waiting in green threads.

    SQLite's own busy wait stops every green thread of the process, so also the one that holds the lock and would release it.
    """
    deadline = time.monotonic() + SQLITE_BUSY_SECONDS
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            eventlet.sleep(0.01)
        else:
            return
