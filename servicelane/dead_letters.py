"""Messages that a service gave up on: found, and tried again; and events it has sent: published once more."""

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from chassis.events import parked
from chassis.process.settings import Settings
from chassis.store.tables import outbox
from chassis.work.executor import Executor
from servicelane.failures import CannotDo, reaching
from servicelane.suite import service_class
from servicelane.texts import text

MOST = 10_000
"""How many are replayed by one command."""


def open_executor(service: str) -> Executor:
    """The service's database, as its own settings name it. Raises SettingsError for what is no service, CannotDo without it."""
    service_class(service)
    executor = Executor(Settings.read(service))
    with (
        reaching(text("cli.failure.database_of", service=service), executor.settings.database_url),
        executor.sessions() as session,
    ):
        parked.count(session)
    return executor


def dead(executor: Executor, limit: int) -> list[parked.ParkedMessage]:
    """Dead letters, the oldest first."""
    with executor.sessions() as session:
        return list(parked.dead(session, limit=limit))


def find(executor: Executor, message_id: str) -> list[parked.ParkedMessage]:
    """Every parked copy of a message. Raises CannotDo when there is none."""
    with executor.sessions() as session:
        return _found(executor, session, message_id)


def replay(executor: Executor, message_id: str | None) -> int:
    """Have every parked copy of a message, or without one MOST dead letters, tried again. Returns how many; none is CannotDo."""
    with executor.sessions() as session:
        entries = list(parked.dead(session, limit=MOST)) if message_id is None else _found(executor, session, message_id)
        for entry in entries:
            parked.replay(session, entry, executor.clock.now())
        session.commit()
    return len(entries)


def republish(executor: Executor, *, event_ids: Collection[str] | None = None, since: datetime | None = None) -> int:
    """Have sent events published once more, under the same ids: those that had their effect are doubles and dropped.

    Named by id, or all since a time. Returns how many; one that is not sent yet is not counted, for it will be anyway. Raises
    CannotDo, and does nothing, when the service has never announced one that is named.
    """
    statement = update(outbox).where(outbox.c.sent_at.is_not(None)).values(sent_at=None, next_at=None)
    if event_ids is not None:
        statement = statement.where(outbox.c.id.in_(event_ids))
    if since is not None:
        statement = statement.where(outbox.c.time >= since.astimezone(UTC))
    with executor.sessions() as session:
        known = session.scalars(select(outbox.c.id).where(outbox.c.id.in_(event_ids or ())))
        unknown = set(event_ids or ()).difference(known)
        if unknown:
            events = ", ".join(sorted(unknown))
            raise CannotDo(text("cli.republish.no_event", service=executor.settings.service, events=events))
        count = len(session.execute(statement.returning(outbox.c.position)).all())
        session.commit()
    return count


def _found(executor: Executor, session: Session, message_id: str) -> list[parked.ParkedMessage]:
    entries = parked.find(session, message_id)
    if not entries:
        raise CannotDo(text("cli.dead_letters.no_message", service=executor.settings.service, message_id=message_id))
    return entries
