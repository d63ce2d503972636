"""Column types that mean the same in PostgreSQL and SQLite."""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time: aware on the way in, UTC on the way out, on SQLite too (which stores no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What it is in Python; a TypeDecorator does not say so by itself."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: it would mean something else on every server."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


IdType = Uuid(as_uuid=False)
"""Identifiers are text in the code and native UUIDs in PostgreSQL."""

DealerIdType = String(32)

document = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document; jsonb on PostgreSQL so that operators can query it."""

position = BigInteger().with_variant(Integer(), "sqlite")
"""A number the database counts up; SQLite does so for its own integer type only."""
