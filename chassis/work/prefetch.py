"""Prefetching: what the messages of a batch will need, in one statement per kind instead of one per message and row.

It changes no outcome. Use cases look for what they need through their unit of work, which knows what was prefetched and asks the
database for the rest; so a prefetch may leave out whatever is rare. It runs under the dealers of the whole batch: it names the
dealer in every key, never refuses anything, and takes locks in the order in which the use cases would.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, inspect, select, tuple_
from sqlalchemy.orm.interfaces import ORMOption

from chassis.store.model import DealerOwned
from chassis.store.tenancy import BY_KEY, ScopedSession
from chassis.wire.messages import Event
from chassis.work.profiles import DealerProfile, Profiles
from chassis.work.rows import Prefetched, Rows, hold_advisory_locks

F = TypeVar("F", bound=Event)
R = TypeVar("R", bound=DealerOwned)
T = TypeVar("T")


class Prefetch(Generic[F]):
    """The received events of a batch of one subscription: each with its dealer, sorted by dealer."""

    def __init__(self, session: ScopedSession, now: datetime, received: Sequence[tuple[str, F]]) -> None:
        self.session = session
        self.now = now
        self.received = received

    @property
    def dealers(self) -> list[str]:
        """The dealers of the batch, sorted."""
        return sorted({dealer for dealer, _ in self.received})

    @property
    def profiles(self) -> dict[str, DealerProfile]:
        """What is known of the batch's dealers; the messages of the others will wait."""
        return self.session.shared(Profiles)

    def rows(
        self, kind: type[R], keys: Collection[tuple[object, ...]], *, lock: bool = False, options: Sequence[ORMOption] = ()
    ) -> list[R]:
        """The rows with these whole keys (dealer first), sorted by key; which of them are not there is known from now on, too.

        `options` say how their relationships are loaded.
        """
        if not keys:
            return []
        key = inspect(kind).primary_key
        statement = select(kind).where(tuple_(*key).in_(sorted(set(keys)))).order_by(*key).options(*options)
        if lock:
            statement = statement.with_for_update(of=kind)
        found = self.all(statement)
        here: dict[Any, R] = {inspect(row).identity: row for row in found}
        self.session.shared(Rows).prefetched.update({(kind, *one): Prefetched(here.get(one), lock) for one in keys})
        return found

    def shared(self, kind: type[T]) -> T:
        """The one object of this kind that all units of work of the batch will share."""
        return self.session.shared(kind)

    def advisory_locks(self, name: str) -> None:
        """Hold the lock of this name of every dealer of the batch, until the transaction ends."""
        hold_advisory_locks(self.session, name, self.dealers)

    def all(self, statement: Select[T]) -> list[T]:
        """All objects the statement selects, whichever dealer's: it must name the dealers itself."""
        return list(self.session.scalars(statement, execution_options=BY_KEY).unique())
