"""How long the chassis keeps what it has done: inbox and idempotency records a month, sent events far longer.

Purging the inbox is safe because every effect also has a permanent business key of its own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, select, tuple_

from chassis.store.tables import idempotency, inbox, outbox, schedule_run
from chassis.work.executor import Executor

AT_ONCE = 10_000
"""Rows per transaction: a purge that was missed for months must not meet the statement timeout, nor hold others up."""


Outdated = tuple[Table, ColumnElement[bool]]
"""Rows of a table that may go."""


def purge(executor: Executor, now: datetime, own: Sequence[Outdated] = ()) -> None:
    """Delete what is past its retention, and `own` of the service; what is unsent or parked stays, however old."""
    done = now - timedelta(days=executor.settings.inbox_retention_days)
    outdated = now - timedelta(days=executor.settings.outbox_retention_days)
    past: list[Outdated] = [
        (inbox, inbox.c.done_at < done),
        (idempotency, idempotency.c.created_at < done),
        (schedule_run, schedule_run.c.done_at < done),
        (outbox, (outbox.c.time < outdated) & outbox.c.sent_at.is_not(None)),
        *own,
    ]
    for table, over in past:
        while _purge_some(executor, table, over) == AT_ONCE:
            pass


def _purge_some(executor: Executor, table: Table, over: ColumnElement[bool]) -> int:
    key = tuple_(*table.primary_key.columns)
    some = select(*table.primary_key.columns).where(over).limit(AT_ONCE)
    with executor.engine.begin() as connection:
        return connection.execute(delete(table).where(key.in_(some))).rowcount
