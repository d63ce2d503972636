"""Parked messages: retried, early or dead, in the service's own database, readable with SQL and the same on every bus.

What becomes of a message that could not be handled is its subscription's retry policy to say (retry.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, delete, func, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from chassis.store.sql import insert_new
from chassis.store.tables import parked_message

Kind = Literal["retrying", "early", "dead"]

LEASE = timedelta(minutes=1)


@dataclass(frozen=True)
class ParkedMessage:
    """One parked message. `attempts` counts failures only; a dead one has no `next_at`."""

    subscriber: str
    message_id: str
    dealer_id: str | None
    type: str | None
    payload: str
    parked_at: datetime
    kind: Kind = "retrying"
    attempts: int = 0
    next_at: datetime | None = None
    reason: str = ""


def park(session: Session, entries: Sequence[ParkedMessage]) -> None:
    """Keep messages for later; one that is parked already stays as it is (its retry is under way)."""
    if entries:
        session.execute(insert_new(session, parked_message, parked_message.c.message_id), [_storable(entry) for entry in entries])


def remove(session: Session, entry: ParkedMessage) -> None:
    """The message is done."""
    session.execute(delete(parked_message).where(_is(entry)))


def update(session: Session, entry: ParkedMessage) -> None:
    """The message was tried again in vain."""
    stored = _storable(entry)
    values = {name: stored[name] for name in ("kind", "attempts", "next_at", "reason")}
    session.execute(sql_update(parked_message).where(_is(entry)).values(**values))


def due(session: Session, now: datetime, limit: int) -> list[ParkedMessage]:
    """Messages whose next attempt is due, the longest waiting first."""
    statement = select(parked_message).where(parked_message.c.next_at <= now).order_by(parked_message.c.next_at).limit(limit)
    return [_entry(row) for row in session.execute(statement)]


def lease(session: Session, entry: ParkedMessage, now: datetime) -> bool:
    """Take a due message for one attempt; False when another replica was faster.

    The lease ends by itself, so a message that kills the process is tried again, but never in a hot loop.
    """
    taken = sql_update(parked_message).where(_is(entry), parked_message.c.next_at == entry.next_at).values(next_at=now + LEASE)
    return bool(session.execute(taken.returning(parked_message.c.message_id)).first())


def dead(session: Session, *, subscriber: str | None = None, limit: int = 100) -> Iterator[ParkedMessage]:
    """Dead letters, oldest first."""
    statement = select(parked_message).where(parked_message.c.kind == "dead").order_by(parked_message.c.parked_at).limit(limit)
    if subscriber is not None:
        statement = statement.where(parked_message.c.subscriber == subscriber)
    return (_entry(row) for row in session.execute(statement))


def find(session: Session, message_id: str) -> list[ParkedMessage]:
    """Every subscriber's parked copy of a message."""
    return [_entry(row) for row in session.execute(select(parked_message).where(parked_message.c.message_id == message_id))]


def replay(session: Session, entry: ParkedMessage, now: datetime) -> None:
    """Have a dead letter tried again at once, with all its attempts."""
    update(session, replace(entry, kind="retrying", attempts=0, next_at=now))


def bury(session: Session, entry: ParkedMessage) -> None:
    """Hold a message that the broker gave up on; it may come more than once."""
    session.execute(insert_new(session, parked_message, parked_message.c.message_id), _storable(entry))


def count(session: Session) -> dict[str, int]:
    """How many messages of each kind are parked."""
    rows = session.execute(select(parked_message.c.kind, func.count()).group_by(parked_message.c.kind))
    return {row[0]: row[1] for row in rows}


def _storable(entry: ParkedMessage) -> dict[str, Any]:
    """The row of a message, whatever a stranger put into it: no text is longer than its column, or what PostgreSQL refuses."""
    return {
        name: _text(value, parked_message.c[name].type) if isinstance(value, str) else value
        for name, value in asdict(entry).items()
    }


def _text(value: str, kind: Any) -> str:
    whole = value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return whole[: kind.length]


def _is(entry: ParkedMessage) -> Any:
    return and_(parked_message.c.subscriber == entry.subscriber, parked_message.c.message_id == entry.message_id)


def _entry(row: Any) -> ParkedMessage:
    return ParkedMessage(**row._mapping)
