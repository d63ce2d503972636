"""Reading every service's tables, dealer by dealer: row-level security holds for operators too."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection, create_engine, text

Row = Mapping[str, Any]
Stored = Callable[[str, str], int | None]

_HEX_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Finding:
    """Something that is missing, double or wrong, and where; `event` is the one to publish again to heal it."""

    invariant: str
    dealer: str
    what: str
    event: str | None = None


class Books:
    """An open connection to each service's database; rows are plain mappings, JSON columns are decoded."""

    def __init__(
        self, connections: Mapping[str, Connection], since: datetime | None = None, stored: Stored | None = None
    ) -> None:
        self.stored = stored
        """How many bytes of a dealer's file the store has, by its checksum; None where nobody says where the store is."""
        self.since = since
        """Deliveries that were made, and not reversed since, before this time are taken for proved."""
        self._connections = connections
        self._dealer: str | None = None

    @classmethod
    @contextmanager
    def open(cls, urls: Mapping[str, str], since: datetime | None = None, stored: Stored | None = None) -> Iterator[Self]:
        """Open the databases, `urls` by service."""
        with ExitStack() as stack:
            connections = {}
            for service, url in urls.items():
                engine = create_engine(url)
                stack.callback(engine.dispose)
                connections[service] = stack.enter_context(engine.connect())
            yield cls(connections, since, stored)

    @property
    def services(self) -> list[str]:
        """Whose books these are."""
        return list(self._connections)

    def dealers(self) -> list[str]:
        """Every dealer any service knows."""
        known = {
            row["dealer_id"]
            for service in self._connections
            for row in self.rows(service, "SELECT dealer_id FROM dealer_profile")
        }
        return sorted(known)

    def turn_to(self, dealer: str) -> None:
        """Read this dealer's rows from here on, as of now."""
        self._dealer = dealer
        for connection in self._connections.values():
            connection.rollback()
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT set_config('app.dealers', :dealer, false)"), {"dealer": dealer})

    def rows(self, service: str, query: str, *, json_columns: Iterable[str] = (), **parameters: Any) -> list[Row]:
        """Rows of one service; `:dealer` is the dealer turned to."""
        found = self._connections[service].execute(text(query), {"dealer": self._dealer, **parameters})
        return [_decoded(dict(row._mapping), json_columns) for row in found]

    def events(self, service: str, kind: str) -> list[Row]:
        """The dealer's events of one type in the order they were announced, as envelopes."""
        query = "SELECT envelope FROM outbox WHERE dealer_id = :dealer AND type = :kind ORDER BY position"
        return [json.loads(row["envelope"]) for row in self.rows(service, query, kind=kind)]


def moment(stored: datetime | str) -> float:
    """A time as a number; SQLite stores it as text, in UTC."""
    at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return at.replace(tzinfo=at.tzinfo or UTC).timestamp()


def _decoded(row: dict[str, Any], json_columns: Iterable[str]) -> Row:
    for column in json_columns:
        if isinstance(row[column], str):
            row[column] = json.loads(row[column])
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """Ids in their canonical text form: PostgreSQL gives UUIDs, SQLite 32 hexadecimal digits."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and _HEX_ID.fullmatch(value):
        return str(UUID(value))
    return value
