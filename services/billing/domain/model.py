"""The declarative base of billing's tables. All of them belong to a dealer; the group shares none of them."""

from typing import Any, TypeVar

from chassis import DealerOwned, ModelBase, Work, model_base
from chassis.store.sql import insert_new

R = TypeVar("R", bound=DealerOwned)


class Base(ModelBase):
    """What billing's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("billing").metadata


def locked(work: Work, kind: type[R], identity: dict[str, Any], **first: Any) -> R:
    """The row with these key columns, locked until the transaction ends; made with the values of `first` if it is not there.

    Whoever makes it at the same time waits, and then gets the row the first one made.
    """
    row = work.lock(kind, *identity.values())
    if row is None:
        key = (work.dealer, *identity.values())
        table: Any = kind.__table__  # type: ignore[attr-defined]  # every mapped class has one
        with work.session.no_autoflush:  # it cannot depend on what is pending
            work.session.execute(
                insert_new(work.session, table, table.c.dealer_id), {"dealer_id": work.dealer, **identity, **first}
            )
            row = work.session.get_one(kind, key, with_for_update=True, populate_existing=True)
    return row
