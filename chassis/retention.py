"""How long the chassis keeps what it has done: inbox and idempotency records a month, sent events far longer.

Purging the inbox is safe because every effect also has a permanent business key of its own.
"""

from datetime import timedelta

from sqlalchemy import delete

from chassis.core import Core
from chassis.tables import idempotency, inbox, outbox, schedule_run


def purge(core: Core) -> None:
    """Delete what is past its retention; what is unsent or held stays, however old."""
    now = core.clock.now()
    done = now - timedelta(days=core.settings.inbox_retention_days)
    told = now - timedelta(days=core.settings.outbox_retention_days)
    with core.sessions() as session:
        session.execute(delete(inbox).where(inbox.c.done_at < done))
        session.execute(delete(idempotency).where(idempotency.c.created_at < done))
        session.execute(delete(schedule_run).where(schedule_run.c.done_at < done))
        session.execute(delete(outbox).where(outbox.c.time < told, outbox.c.sent_at.is_not(None)))
        session.commit()
