"""One leader per name: the relay and the schedules of a service run in one replica at a time, the others stand by.

On PostgreSQL leading is holding a session-level advisory lock. The leader works on the very connection that holds the lock,
so that a leader that lost it cannot go on: its statements fail. A leader that is frozen (SIGSTOP, a dead host) sends
nothing, and the server ends its session after `idle_seconds`, in or out of a transaction; the lock is then free. The lock
belongs to a session: a pooler that hands out connections per transaction must not stand between. Where one does, nobody leads.

On SQLite there is one process, and it always leads.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import blake2b
from threading import Event

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.process.clock import Clock

log = structlog.get_logger()

_TAKE = text(
    # One statement: a rollback, when another leads, undoes the settings before the connection returns to its pool.
    "SELECT set_config('idle_session_timeout', :idle, false),"
    " set_config('idle_in_transaction_session_timeout', :idle, false),"
    " pg_try_advisory_lock(:key) AS taken, pg_backend_pid() AS backend"
)
_CONFIRM = text("SELECT 1")


class BehindPooler(SQLAlchemyError):
    """The session is a pooler's: a lock that it holds is not ours alone."""


class Leadership:
    """The one place of leader called `name`; names are per database, and each service has its own.

    The leader must use its connection at least every `idle_seconds`, or it is taken for frozen; `confirm` does, where the
    work itself does not. With `autocommit` each of its statements stands alone, which saves two round trips each; SQLite, where
    there are none, goes on with transactions.
    """

    def __init__(self, engine: Engine, name: str, clock: Clock, *, idle_seconds: float = 5.0, autocommit: bool = False) -> None:
        self.name = name
        self._autocommit = autocommit
        self.engine = engine
        """The database in which the place is."""
        self._clock = clock
        self._idle = f"{round(idle_seconds * 1000)}ms"
        self._leading_since: datetime | None = None

    @property
    def leading_since(self) -> datetime | None:
        """Since when this process leads, or None while it stands by."""
        return self._leading_since

    @contextmanager
    def attempt(self) -> Iterator[Connection | None]:
        """The leader's connection, with no transaction begun; None when another process leads.

        When the lock is lost every further statement raises; the connection never heals itself on another session. Leaving
        the block ends the session, and the lock with it. On SQLite the connection is the pool's only one: see `rest`.
        """
        if self._on_sqlite:
            with self.engine.connect() as connection:
                self.rest(connection)
                with self._leading():
                    yield connection
            return
        taken = self._take()
        if taken is None:
            yield None
            return
        session = taken.connection.dbapi_connection
        assert session is not None, "it has just taken the lock"
        try:
            with self._leading():
                yield taken
        finally:
            if not taken.closed:
                taken.invalidate()  # waits for no answer: the server rolls back what is open when the session ends
            session.close()

    def confirm(self, connection: Connection) -> None:
        """Raise if the lock is lost, and otherwise show that this leader is not frozen. Ends the transaction, if one is open."""
        if self._on_sqlite:
            return
        connection.execute(_CONFIRM)
        connection.rollback()

    def rest(self, connection: Connection) -> None:
        """Roll back what is open and hold nothing that others wait for: to be called before the leader waits for anything.

        On SQLite that gives the only connection back to the pool - the next statement borrows it again -, or a leader
        that waits for the bus would stop the whole service. On PostgreSQL the connection is the lock, and stays.
        """
        connection.rollback()
        if self._on_sqlite and not connection.invalidated:
            borrowed = connection.connection
            connection._dbapi_connection = None  # as SQLAlchemy itself marks one that connects again at its next use
            borrowed.close()
            time.sleep(0)  # or a leader that works without pause would leave those who wait for it no turn

    def run(self, body: Callable[[Connection], None], stop: Event, *, poll_seconds: float = 1.0) -> None:
        """Until `stop` is set: stand by, trying every `poll_seconds`; once leading, call `body(connection)` over and over.

        The body paces itself, and returns soon after `stop` is set. After each call its open transaction is rolled back.
        Any database error ends the leadership and this process stands by again; any other error is a defect and is raised.
        """
        while not stop.is_set():
            try:
                with self.attempt() as connection:
                    while connection is not None and not stop.is_set():
                        body(connection)
                        self.rest(connection)
            except SQLAlchemyError as error:
                log.warning("leadership_interrupted", leadership=self.name, reason=str(error))
            stop.wait(poll_seconds)

    @property
    def _on_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def _take(self) -> Connection | None:
        # Without revalidation: a lost connection that reconnects by itself would work on without the lock.
        connection = Connection(self.engine, _allow_revalidate=False)
        try:
            found = connection.execute(_TAKE, {"idle": self._idle, "key": lock_key(self.name)}).one()
            if found.backend != connection.connection.dbapi_connection.info.backend_pid:  # type: ignore[union-attr]  # psycopg2's
                raise BehindPooler(f"{self.name} cannot be led through a pooler: DIRECT_DATABASE_URL leads past it")
            if found.taken:
                connection.commit()
                connection.detach()  # from the pool: a session that holds the lock is never handed to anyone else
                if self._autocommit:
                    connection.connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]  # the session is open
                return connection
        except BaseException:
            if not connection.closed:
                connection.invalidate()  # it may hold the lock already
            raise
        connection.close()
        return None

    @contextmanager
    def _leading(self) -> Iterator[None]:
        self._leading_since = self._clock.now()
        started = time.monotonic()
        log.info("leadership_taken", leadership=self.name)
        try:
            yield
        finally:
            self._leading_since = None
            log.info("leadership_left", leadership=self.name, led_seconds=round(time.monotonic() - started, 3))


def lock_key(name: str) -> int:
    """The advisory lock's key: the same for a name on every replica and release; 63 bits, so never negative."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"leadership").digest()) >> 1
