"""One deployment, many dealers, and none sees another's rows.

First wall: every ORM read is filtered by, and every write stamped with, the dealer of the session. Second wall: row-level
security in PostgreSQL on every dealer table, forced, under a role that does not own the tables. The dealer of the
transaction is the setting `app.dealer`; without it no row is visible.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, with_loader_criteria

from chassis.model import DealerOwned

BY_KEY = {"by_key": True}
"""Execution options of a read by primary key: the key begins with the dealer, so the statement needs no further scope."""

_PENDING = "servicelane.dealer"
_SET_DEALER = "SELECT set_config('app.dealer', %(app_dealer)s, true)"


class ScopedSession(Session):
    """A session that sees one dealer at a time, or - before `scope_to` - none."""

    dealer: str | None = None

    def scope_to(self, dealer: str | None) -> None:
        """From here on the session reads and writes rows of this dealer only; of none, for None. What is pending is flushed."""
        if dealer == self.dealer:
            return
        if self.dealer is not None:
            self.flush()
        self.dealer = dealer
        if self.get_bind().dialect.name == "postgresql":
            self.connection().info[_PENDING] = dealer or ""

    def close(self) -> None:
        """Forget the dealer with the transaction."""
        self.dealer = None
        super().close()


def separate_dealers_on(engine: Engine) -> None:
    """Have this PostgreSQL engine tell each transaction its dealer, together with the first statement: one round trip less."""
    event.listen(engine, "before_cursor_execute", _tell_dealer, retval=True)
    event.listen(engine, "checkin", _forget_untold_dealer)


def _tell_dealer(  # noqa: PLR0917  # SQLAlchemy's signature
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> tuple[str, Any]:
    dealer = connection.info.pop(_PENDING, None)
    if dealer is None:
        return statement, parameters
    if executemany or not isinstance(parameters, dict):
        cursor.execute(_SET_DEALER, {"app_dealer": dealer})
        return statement, parameters
    return f"{_SET_DEALER}; {statement}", {**parameters, "app_dealer": dealer}


def _forget_untold_dealer(connection: Any, record: Any) -> None:
    # A transaction that ended before its first statement must not leave its dealer to the next one.
    record.info.pop(_PENDING, None)


def stamp(row: DealerOwned, dealer: str | None) -> None:
    """Make the row this dealer's, unless it is somebody's already."""
    unstamped: str | None = row.dealer_id
    if unstamped is None and dealer is not None:
        row.dealer_id = dealer


@event.listens_for(ScopedSession, "do_orm_execute")
def _scope_reads(state: ORMExecuteState) -> None:
    # Relationship and column loads start from a row that was read under the scope and join on dealer_id.
    if state.is_column_load or state.is_relationship_load or state.execution_options.get("by_key"):
        return
    dealer = state.session.dealer  # type: ignore[attr-defined]
    state.statement = state.statement.options(
        with_loader_criteria(DealerOwned, lambda row: row.dealer_id == dealer, include_aliases=True)
    )


@event.listens_for(ScopedSession, "before_flush")
def _stamp_writes(session: ScopedSession, context: UOWTransaction, instances: Any) -> None:
    for row in session.new:
        if isinstance(row, DealerOwned):
            stamp(row, session.dealer)
            if session.dealer is None or row.dealer_id != session.dealer:
                raise PermissionError(f"{type(row).__name__} of dealer {row.dealer_id} written for dealer {session.dealer}")


def row_level_security(table: str) -> list[str]:
    """The statements that put one table behind the second wall; PostgreSQL only, run by the migration that creates it."""
    dealer = "current_setting('app.dealer', true)"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY dealer ON "{table}" USING (dealer_id = {dealer}) WITH CHECK (dealer_id = {dealer})',
    ]
