"""Timers: what is to be looked at at a time, found for all dealers by one statement, and done once.

A timer has a name (that of its row in the service's table), a subject (the id of what is looked at) and the time it is due. It
is set, moved and cleared in the transaction of the change it follows from, and gone - or moved, if it is set anew - in that of
its effect: of two who fire one, of a leader that died half way and the next one, one transaction is committed. What fired stays
fired, also when the clock is set back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, tuple_, update

from chassis.store.sql import many_at_once, upsert
from chassis.store.tables import timer
from chassis.store.tenancy import ScopedSession
from chassis.work.unit_of_work import Work

Key = tuple[str, str, str]
"""Dealer, name and subject."""

_KEY = tuple_(timer.c.dealer_id, timer.c.name, timer.c.subject)
_DUE = select(timer).order_by(timer.c.due_at, timer.c.dealer_id, timer.c.name, timer.c.subject)


@dataclass(frozen=True)
class DueTimer:
    """A timer that was due when it was looked for."""

    dealer: str
    name: str
    subject: str
    due_at: datetime

    @property
    def key(self) -> Key:
        """What there is one timer of."""
        return self.dealer, self.name, self.subject


class Timers(dict[Key, datetime | None]):
    """What a transaction sets, and clears (None)."""


def set_timer(work: Work, name: str, subject: str, at: datetime | None) -> None:
    """Have the service's row `name` look at this subject at that time; instead of the time it was to do so, if it was.

    None: it need not be looked at, whether it was to be or not.
    """
    work.shared(Timers)[work.dealer, name, subject] = at


def write_timers(session: ScopedSession) -> None:
    """Write what the transaction set and cleared: one statement each, whatever dealers it has.

    It comes after everything else: rows are locked before their timers, by those who change them and by those who fire one.
    """
    wanted = sorted(session.shared(Timers).items())
    rows = [
        dict(zip(("dealer_id", "name", "subject", "due_at"), (*key, at), strict=True)) for key, at in wanted if at is not None
    ]
    cleared = [key for key, at in wanted if at is None]
    if rows:
        session.connection().execute(many_at_once(upsert(session, timer), timer), rows)
    if cleared:
        session.connection().execute(delete(timer).where(_KEY.in_(cleared)))
    session.shared(Timers).clear()


def find_due(session: ScopedSession, now: datetime, most: int, names: Collection[str] | None = None) -> Sequence[DueTimer]:
    """The timers of all dealers that are due, or those with one of these names, the first ones first."""
    asked = _DUE if names is None else _DUE.where(timer.c.name.in_(sorted(names)))
    rows = session.connection().execute(asked.where(timer.c.due_at <= now).limit(most))
    return [DueTimer(row.dealer_id, row.name, row.subject, row.due_at) for row in rows]


def bring_forward(session: ScopedSession, names: Collection[str], to: datetime, later_than: datetime) -> None:
    """Have the timers of all dealers with these names that are due later than that be due at `to`."""
    late = timer.c.name.in_(sorted(names)), timer.c.due_at > later_than
    session.connection().execute(update(timer).where(*late).values(due_at=to))


def settle(session: ScopedSession, due: DueTimer) -> bool:
    """The timer is gone, or set anew; False, and the transaction must have no effect, if it is not as it was found.

    While another transaction is at the same timer, this waits for it to end.
    """
    again = session.shared(Timers).pop(due.key, None)
    found = and_(
        timer.c.dealer_id == due.dealer, timer.c.name == due.name, timer.c.subject == due.subject, timer.c.due_at == due.due_at
    )
    change = delete(timer).where(found) if again is None else update(timer).where(found).values(due_at=again)
    return session.connection().execute(change).rowcount == 1
