"""Reading ahead: what the messages of a batch will need, in one statement per kind instead of one per message and row.

It changes no outcome. Handlers look for what they need through their unit of work, which knows what was read ahead and asks the
database for the rest; so a read-ahead may leave out whatever is rare. It runs under the dealers of the whole batch: it names the
dealer in every key, never refuses anything, and takes locks in the order in which the handlers would.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import inspect, select, tuple_
from sqlalchemy.orm.interfaces import ORMOption

from chassis.store.model import DealerOwned
from chassis.store.tenancy import BY_KEY, ScopedSession
from chassis.wire.messages import Event
from chassis.work.unit_of_work import Ahead, DealerProfile, known_ahead, known_profiles

F = TypeVar("F", bound=Event)
R = TypeVar("R", bound=DealerOwned)


class ReadAhead(Generic[F]):
    """What a batch of one subscription is about to be told: each fact with its dealer, sorted by dealer."""

    def __init__(self, session: ScopedSession, now: datetime, told: Sequence[tuple[str, F]]) -> None:
        self.session = session
        self.now = now
        self.told = told

    @property
    def dealers(self) -> list[str]:
        """The dealers of the batch, sorted."""
        return sorted({dealer for dealer, _ in self.told})

    @property
    def profiles(self) -> dict[str, DealerProfile]:
        """What is known of the batch's dealers; the messages of the others will wait."""
        return known_profiles(self.session)

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
        found: list[R] = self._all(statement)
        here: dict[Any, R] = {inspect(row).identity: row for row in found}
        known_ahead(self.session).update({(kind, *one): Ahead(here.get(one), lock) for one in keys})
        return found

    def of_dealers(self, kind: type[R]) -> list[R]:
        """All rows of that kind of the batch's dealers: for settings, of which each dealer has a few."""
        return self._all(select(kind).where(kind.dealer_id.in_(self.dealers)).order_by(*inspect(kind).primary_key))

    def _all(self, statement: Any) -> list[R]:
        # By key: the statement names its dealers itself.
        return cast("list[R]", self.session.scalars(statement, execution_options=BY_KEY).unique().all())
