"""The declarative base of workshop's tables."""

from sqlalchemy import Table

from chassis import ModelBase, model_base


class Base(ModelBase):
    """What workshop's mapped classes derive from; a class, because type checkers do not follow a computed base."""

    __abstract__ = True
    metadata = model_base("workshop").metadata


def table_of(kind: type[Base]) -> Table:
    """The table of a mapped class, for the statements the ORM does not spell."""
    table = kind.__table__
    assert isinstance(table, Table)
    return table
