"""The session of a person: one sign-in, until it is ended, left unused for too long, or too old."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType
from contracts.gateway import session as contract
from gateway.model import Base

HANDLE_BYTES = 32


@dataclass(frozen=True)
class Lifetimes:
    """How long a session lasts unless it is ended: without being used, and at all."""

    idle: timedelta
    longest: timedelta


class Session(Base):
    """One sign-in. Of its handle only the hash is kept: whoever reads the table can sign in as nobody."""

    __tablename__ = "session"
    __table_args__ = (UniqueConstraint("handle_hash"), Index("session_account_ix", "account_id", "created_at", "id"))

    id: Mapped[str] = mapped_column(IdType, primary_key=True)
    account_id: Mapped[str] = mapped_column(IdType, ForeignKey("account.id", ondelete="CASCADE"))
    handle_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    def use(self, at: datetime, lifetimes: Lifetimes) -> None:
        """It was used, and may now be left unused for as long again; it gets no older than the longest."""
        self.last_used_at = at
        self.expires_at = min(at + lifetimes.idle, self.created_at + lifetimes.longest)

    def describe(self) -> contract.Session:
        """The session as its person sees it."""
        return contract.Session(
            id=self.id, created_at=self.created_at, last_used_at=self.last_used_at, expires_at=self.expires_at
        )


def new_handle() -> str:
    """A handle nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(HANDLE_BYTES)


def hashed(handle: str) -> str:
    """What is kept of a handle. It is random, so that a plain hash cannot be turned back by trying."""
    return hashlib.sha256(handle.encode()).hexdigest()


def outdated(before: datetime) -> list[tuple[Table, ColumnElement[bool]]]:
    """What is purged: sessions that were left unused for too long, or became too old, before this time."""
    return [(cast(Table, Session.__table__), Session.expires_at < before)]
