"""Parked messages: retried, early or dead, in the service's own database, readable with SQL and the same on every bus.

What becomes of a message that could not be handled is its subscription's retry policy to say (retry.py).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, case, delete, func, or_, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from chassis.store.sql import insert_new
from chassis.store.tables import parked_message

Kind = Literal["retrying", "early", "dead"]


class TakenMeanwhile(Exception):
    """Between taking and holding a message it was woken, or taken by somebody else: there was no attempt."""


@dataclass(frozen=True)
class ParkedMessage:
    """One parked message. `attempts` counts failures only; a dead one has no `next_at`.

    `waits_for` is the subject of the event that an early one waits for; `waited_ms` its pauses so far, so that no clock is asked.
    """

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
    waits_for: str | None = None
    waited_ms: int = 0


def park(session: Session, entries: Sequence[ParkedMessage]) -> None:
    """Keep messages for later; one that is parked already stays as it is (its retry is under way)."""
    if entries:
        session.execute(insert_new(session, parked_message, parked_message.c.message_id), [_storable(entry) for entry in entries])


def remove(session: Session, entry: ParkedMessage) -> None:
    """The message is done."""
    session.execute(delete(parked_message).where(_is(entry)))


def update(session: Session, entry: ParkedMessage) -> None:
    """Change what becomes of the message."""
    session.execute(sql_update(parked_message).where(_is(entry)).values(**_outcome(entry)))


def take(session: Session, now: datetime, longest: timedelta) -> ParkedMessage | None:
    """A message whose next attempt is due, the longest waiting first, and none that another replica is at.

    One that is due further ahead than any pause is long was parked by a clock that has been set right since.
    """
    due = or_(parked_message.c.next_at <= now, parked_message.c.next_at > now + longest)
    statement = select(parked_message).where(due).order_by(parked_message.c.next_at).limit(1).with_for_update(skip_locked=True)
    row = session.execute(statement).first()
    return None if row is None else _entry(row)


def hold(session: Session, taken: ParkedMessage) -> bool:
    """Keep others from the message until the transaction ends, or the process; False when it is not as it was taken any more."""
    mine = select(parked_message.c.message_id).where(_is_still(taken)).with_for_update()
    return session.execute(mine).first() is not None


def settle(session: Session, taken: ParkedMessage, outcome: ParkedMessage) -> None:
    """Say what became of the attempt, unless somebody else has the message by now; one that was woken is due all the same."""
    values = _outcome(outcome)
    if outcome.next_at is not None:
        values["next_at"] = case((_is_still(taken), outcome.next_at), else_=parked_message.c.next_at)
    mine = and_(_is(taken), parked_message.c.attempts == taken.attempts)
    session.execute(sql_update(parked_message).where(mine).values(**values))


def wake(session: Session, subjects: Collection[str], now: datetime) -> int:
    """Have messages tried at once that wait for an event of one of these aggregates; how many."""
    waiting = and_(parked_message.c.waits_for.in_(subjects), parked_message.c.next_at > now)
    return session.execute(sql_update(parked_message).where(waiting).values(next_at=now)).rowcount  # type: ignore[attr-defined, no-any-return]


def wake_all(session: Session, now: datetime) -> None:
    """Have every message tried at once that waits for its time: the clock by which that was reckoned has been set back."""
    session.execute(sql_update(parked_message).where(parked_message.c.next_at > now).values(next_at=now))


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


def _outcome(entry: ParkedMessage) -> dict[str, Any]:
    stored = _storable(entry)
    return {name: stored[name] for name in ("kind", "attempts", "next_at", "reason", "waits_for", "waited_ms")}


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


def _is_still(taken: ParkedMessage) -> Any:
    return and_(_is(taken), parked_message.c.next_at.is_not_distinct_from(taken.next_at))


def _entry(row: Any) -> ParkedMessage:
    return ParkedMessage(**row._mapping)
