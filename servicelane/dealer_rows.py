"""Everything the suite holds of one dealer, by the tables as they are in the databases, whatever code mapped them.

Row-level security holds here, too: a connection is admitted to that dealer's rows and sees no other's. The chassis' own tables
and the gateway's, which stand outside of it, are asked for the dealer explicitly.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, create_engine, delete, func, select, text

from chassis.process.settings import Settings
from servicelane.failures import reaching
from servicelane.suite import SERVICES
from servicelane.texts import text as said

Counts = dict[str, int]
"""Rows by `service/table`."""

GATEWAY = "gateway"
KEPT: Mapping[str, frozenset[str]] = {
    GATEWAY: frozenset({"dealer"}),
    "billing": frozenset(
        {
            "approved_limit",
            "billing_settings",
            "credit_limit",
            "customer_credit",
            "dealer_profile",
            "gate_pass",
            "invoice",
            "number_series",
            "order_account",
            "outbox",
            "payment",
            "recalled_number",
            "share",
            "tax_number",
            "tax_rate",
            "tender",
        }
    ),
}
"""What stays when a dealer is erased: the books, which the law has kept for decades, and that the dealer's code is taken."""


_SECRET = re.compile(r"secret|token_hash$")
_GUARDS = text("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:name) AND NOT tgisinternal")


@dataclass(frozen=True)
class Held:
    """A table that has rows of dealers, and the column that says whose a row is."""

    service: str
    table: Table
    whose: Column[str]

    @property
    def name(self) -> str:
        """`service/table`."""
        return f"{self.service}/{self.table.name}"

    @property
    def kept(self) -> bool:
        """Whether it stays when a dealer is erased."""
        return self.table.name in KEPT.get(self.service, ())


class Rows:
    """One dealer's rows in one service's database, over one connection."""

    def __init__(self, service: str, dealer: str, connection: Connection) -> None:
        self._dealer = dealer
        self._connection = connection
        metadata = MetaData()
        metadata.reflect(connection)
        found = ((table, _whose(service, table)) for table in metadata.sorted_tables)
        self.held = [Held(service, table, whose) for table, whose in found if whose is not None]
        """Its tables, those first that others refer to."""

    def count(self) -> Counts:
        """How many rows there are in each."""
        return {
            one.name: self._connection.scalar(select(func.count()).select_from(one.table).where(one.whose == self._dealer)) or 0
            for one in self.held
        }

    def read(self, one: Held) -> Iterator[dict[str, Any]]:
        """The rows of one of them, in the order of their keys; no secret is among them."""
        told = [column for column in one.table.columns if not _SECRET.search(column.name)]
        rows = select(*told).where(one.whose == self._dealer).order_by(*one.table.primary_key.columns)
        for row in self._connection.execution_options(yield_per=1_000).execute(rows).mappings():
            yield dict(row)

    def values(self, table: str, column: str) -> set[str]:
        """What stands in one column of one table."""
        (one,) = (held for held in self.held if held.table.name == table)
        return {str(value) for value in self._connection.scalars(select(one.table.c[column]).where(one.whose == self._dealer))}

    def erase(self, one: Held) -> int:
        """Delete the rows of one of them in one transaction, also such as the database itself keeps from being changed."""
        with self._connection.begin():
            admit(self._connection, self._dealer)
            self._connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            quoted = self._connection.dialect.identifier_preparer.quote(one.table.name)
            guarded = self._connection.execute(_GUARDS, {"name": quoted}).first() is not None
            if guarded:
                self._connection.execute(text(f"ALTER TABLE {quoted} DISABLE TRIGGER USER"))
            gone = self._connection.execute(delete(one.table).where(one.whose == self._dealer)).rowcount
            if guarded:
                self._connection.execute(text(f"ALTER TABLE {quoted} ENABLE TRIGGER USER"))
        return gone


@contextmanager
def rows_of(service: str, dealer: str, *, owner: bool = False) -> Iterator[Rows]:
    """The dealer's rows in a service's database as they are at one moment; as its `owner`, who may erase them, as they are."""
    settings = Settings.read(service)
    url = settings.migration_database_url if owner else settings.database_url
    engine = create_engine(url, **({"isolation_level": "REPEATABLE READ"} if not owner and not settings.embedded else {}))
    try:
        with reaching(said("cli.failure.database_of", service=service), url), engine.connect() as connection:
            admit(connection, dealer)
            found = Rows(service, dealer, connection)
            if owner:
                connection.rollback()
            yield found
    finally:
        engine.dispose()


def admit(connection: Connection, dealer: str) -> None:
    """Let the connection see this dealer's rows, and nobody else's, until its transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('app.dealers', :dealer, true)"), {"dealer": dealer})


def count(dealer: str) -> Counts:
    """How many rows every service has of the dealer."""
    found: Counts = {}
    for service in SERVICES:
        with rows_of(service, dealer) as rows:
            found |= rows.count()
    return found


def _whose(service: str, table: Table) -> Column[str] | None:
    if service == GATEWAY and table.name == "dealer":
        return table.c.id
    names = ("dealer_id", "dealer") if service == GATEWAY else ("dealer_id",)
    return next((table.c[name] for name in names if name in table.c), None)
