"""The rows that units of work of one transaction have in hand, and the locks they hold."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Table, event, inspect
from sqlalchemy.orm import UOWTransaction, class_mapper, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from chassis.store.model import DealerOwned, Root
from chassis.store.sql import advisory_locks
from chassis.store.tenancy import BY_KEY, ScopedSession

E = TypeVar("E")
Key = tuple[Any, ...]
"""A mapped class and the values of its primary key."""


@dataclass(frozen=True)
class Prefetched:
    """What was read before a batch was handled: the row with a key, or that there is none."""

    row: object | None
    locked: bool


class Rows:
    """What is known of rows by kind and key."""

    def __init__(self) -> None:
        self.locked: dict[Key, Root] = {}
        """To be read once only: reading an aggregate again would undo what an earlier message of the batch changed."""
        self.held: dict[Key, object] = {}
        """Locked or made by this transaction, whether or not it changes them."""
        self.added: dict[Key, object] = {}
        self.prefetched: dict[Key, Prefetched] = {}


def read_locked(session: ScopedSession, kind: type[E], key: tuple[Any, ...]) -> E | None:
    """The row as the database has it now, locked; alone: what it belongs to may be changed already, and is not read again."""
    options = _alone(cast("Hashable", kind))
    with session.no_autoflush:
        return session.get(
            kind, key, with_for_update={"of": kind}, populate_existing=True, options=options, execution_options=BY_KEY
        )


@cache
def _alone(kind: Any) -> tuple[ORMOption, ...]:
    joined = (one for one in class_mapper(kind).relationships if one.lazy == "joined" and not one.uselist)
    return tuple(lazyload(one.class_attribute) for one in joined)


class AdvisoryLocks(set[str]):
    """The advisory locks this transaction holds."""


def hold_advisory_locks(session: ScopedSession, name: str, dealers: Iterable[str]) -> None:
    """Have one transaction at a time hold the lock of this name of each of these dealers, until it ends.

    They are taken in the order of the dealers, by batches and by whoever has one dealer only.
    """
    held = session.shared(AdvisoryLocks)
    wanted = sorted({f"{name}/{dealer}" for dealer in dealers} - held)
    advisory_locks(session, wanted)
    held.update(wanted)


def key_of(row: object) -> Key:
    """The kind and primary key of a mapped object."""
    kind = type(row)
    return kind, *inspect(kind).primary_key_from_instance(row)


def table_of(kind: type[object]) -> Table:
    """The table of a mapped class, for the statements the ORM does not spell."""
    table = inspect(kind, raiseerr=True).local_table
    assert isinstance(table, Table)
    return table


def key_for(kind: type[object], dealer: str | None, identity: tuple[object, ...]) -> Key:
    """The key of a row of that kind, of that dealer if its kind belongs to dealers."""
    if not issubclass(kind, DealerOwned):
        return (kind, *identity)
    if dealer is None:
        raise RuntimeError("this unit of work belongs to no dealer")
    return (kind, dealer, *identity)


@event.listens_for(ScopedSession, "before_flush")
def _no_change_without_a_version(session: ScopedSession, context: UOWTransaction, instances: Any) -> None:
    locked = session.shared(Rows).locked
    for row in session.dirty:
        if isinstance(row, Root) and locked.get(key_of(row)) is not row and session.is_modified(row):
            raise RuntimeError(f"{type(row).__name__} was changed without Work.edit or Work.change: its version would not tell")


def completed(
    kind: type[object], rows: Sequence[Mapping[str, object]], dealer: str | None, now: datetime
) -> list[dict[str, object]]:
    """Rows to be written past the ORM, with what it would have added: whose they are, and when they changed."""
    owner = {"dealer_id": dealer} if issubclass(kind, DealerOwned) else {}
    time_of_change = {"updated_at": now} if issubclass(kind, Root) else {}
    return [{**owner, **time_of_change, **row} for row in rows]
