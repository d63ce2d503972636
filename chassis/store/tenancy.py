"""One deployment, many dealers, and none sees another's rows.

First wall: every ORM read is filtered by, and every write stamped with, the dealer of the session. Second wall: row-level
security in PostgreSQL on every dealer table, forced, under a role that does not own the tables. The dealers of the
transaction are the setting `app.dealers`, with commas between them; without it no row is visible. A command, a query and a
scheduled job have one dealer, a subscriber's batch has those of its messages.
"""

from collections.abc import Collection
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Engine, bindparam, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from chassis.store.columns import DealerIdType
from chassis.store.model import DealerOwned

T = TypeVar("T")

BY_KEY = {"by_key": True}
"""Execution options of a read by primary key: the key begins with the dealer, so the statement needs no further scope."""

DEALER: BindParameter[str] = bindparam("dealer", type_=DealerIdType)
"""Stands for the dealer in a statement that is made once, at import; `Work.ask` says who it is."""

_PENDING = "servicelane.dealers"
_ADMIT = "SELECT set_config('app.dealers', %(app_dealers)s, true)"
_ADMIT_READ_ONLY = f"{_ADMIT}, set_config('transaction_read_only', 'on', true)"


class ScopedSession(Session):
    """A session that sees one dealer at a time, or - before `scope_to` - none."""

    dealer: str | None = None
    _admitted: frozenset[str] = frozenset()

    def __init__(self, *arguments: Any, remembered: dict[type, Any], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._remembered = remembered

    def remembered(self, kind: type[T]) -> T:
        """The one object of this kind that all transactions of this process share; made when it is first asked for."""
        found: T = self._remembered.setdefault(kind, kind())
        return found

    def shared(self, kind: type[T]) -> T:
        """The one object of this kind that all units of work of this transaction share; made when it is first asked for."""
        if kind not in self.info:
            self.info[kind] = kind()
        found: T = self.info[kind]
        return found

    def admit(self, dealers: Collection[str]) -> None:
        """Open the second wall to these dealers, until the transaction ends; whose turn it is among them, `scope_to` says."""
        if any("," in dealer for dealer in dealers):
            raise ValueError("a comma stands between dealers, never in one")
        self._admitted = frozenset(dealers)
        if self.get_bind().dialect.name == "postgresql":
            self.connection().info[_PENDING] = ",".join(sorted(dealers))

    def scope_to(self, dealer: str | None) -> None:
        """From here on the session reads and adds rows of this dealer only; of none, for None.

        One that was not admitted is admitted alone; what is pending is flushed before the wall closes to the others.
        """
        if dealer is not None and dealer not in self._admitted:
            self.flush()
            self.admit([dealer])
        self.dealer = dealer

    def close(self) -> None:
        """Forget the dealers, and what was shared, with the transaction."""
        self.dealer, self._admitted = None, frozenset()
        self.info.clear()
        super().close()


def separate_dealers_on(engine: Engine) -> None:
    """Have this PostgreSQL engine tell each transaction its dealers, together with the first statement: one round trip less."""
    event.listen(engine, "before_cursor_execute", _tell_dealers, retval=True)
    event.listen(engine, "checkin", _forget_untold_dealers)


def read_only(engine: Engine) -> Engine:
    """The same connections of a PostgreSQL engine for queries: each statement is a transaction of its own, which changes nothing.

    So a statement is one round trip, without BEGIN and ROLLBACK. It sees what is committed, as in any transaction of ours.
    """
    reading = engine.execution_options(read_only=True)
    event.listen(reading, "engine_connect", _begin_nothing)
    return reading


def _tell_dealers(  # noqa: PLR0917  # SQLAlchemy's signature
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> tuple[str, Any]:
    if connection.get_execution_options().get("read_only"):
        # What is sent together is one transaction; it ends with the statement, so the next one tells the dealers again.
        dealers = connection.info.get(_PENDING, "")
        return f"{_ADMIT_READ_ONLY}; {statement}", {**parameters, "app_dealers": dealers}
    dealers = connection.info.pop(_PENDING, None)
    if dealers is None:
        return statement, parameters
    if executemany or not isinstance(parameters, dict):
        cursor.execute(_ADMIT, {"app_dealers": dealers})
        return statement, parameters
    return f"{_ADMIT}; {statement}", {**parameters, "app_dealers": dealers}


def _begin_nothing(connection: Connection) -> None:
    # SQLAlchemy's isolation level AUTOCOMMIT does the same, but costs a round trip each time the connection is given back.
    connection.connection.driver_connection.autocommit = True  # type: ignore[union-attr]  # it is open


def _forget_untold_dealers(connection: Any, record: Any) -> None:
    # A transaction that ended before its first statement must not leave its dealers to the next one.
    record.info.pop(_PENDING, None)
    if connection is not None:
        connection.autocommit = False


@event.listens_for(ScopedSession, "do_orm_execute")
def _scope_reads(state: ORMExecuteState) -> None:
    # Relationship and column loads start from a row that was read under the scope and join on dealer_id.
    if state.is_column_load or state.is_relationship_load or state.execution_options.get("by_key"):
        return
    dealer = state.session.dealer  # type: ignore[attr-defined]
    state.statement = state.statement.options(
        with_loader_criteria(DealerOwned, lambda row: row.dealer_id == dealer, include_aliases=True)
    )


@event.listens_for(ScopedSession, "transient_to_pending")
def _stamp_new(session: ScopedSession, row: object) -> None:
    # As it is added, not as it is flushed: by then it may be another dealer's turn.
    if not isinstance(row, DealerOwned):
        return
    unstamped: str | None = row.dealer_id
    if unstamped is None and session.dealer is not None:
        row.dealer_id = session.dealer
    if session.dealer is None or row.dealer_id != session.dealer:
        raise PermissionError(f"{type(row).__name__} of dealer {row.dealer_id} added for dealer {session.dealer}")


def row_level_security(table: str) -> list[str]:
    """The statements that put one table behind the second wall; PostgreSQL only, run by the migration that creates it."""
    admitted = "dealer_id = ANY (string_to_array(current_setting('app.dealers', true), ','))"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY dealer ON "{table}" USING ({admitted}) WITH CHECK ({admitted})',
    ]
