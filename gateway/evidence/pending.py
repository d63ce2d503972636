"""Files that are on their way: noted before they are put into the store, forgotten when workshop has recorded them.

What stays here was put, perhaps, and never recorded: the gateway was killed in between. After a day it is swept.
"""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import DealerIdType, Work
from gateway.model import Base


class PendingFile(Base):
    """A dealer's file that may lie in the store without anybody's record; `begun_at` is when it was put last."""

    __tablename__ = "pending_file"

    dealer: Mapped[str] = mapped_column(DealerIdType, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    begun_at: Mapped[datetime] = mapped_column(index=True)


Key = tuple[str, str]
"""Dealer and checksum."""


def note(work: Work, key: Key) -> None:
    """The file is about to be put. Whoever is sweeping it is waited for."""
    dealer, sha256 = key
    work.overwrite(PendingFile, {"dealer": dealer, "sha256": sha256, "begun_at": work.now})


def forget(work: Work, key: Key) -> None:
    """The file is recorded."""
    found = work.lock(PendingFile, *key)
    if found is not None:
        work.delete(found)


def begun_before(work: Work, before: datetime, most: int) -> dict[Key, datetime]:
    """Those that have been on their way since before that time, the oldest first."""
    found = select(PendingFile).where(PendingFile.begun_at < before).order_by(PendingFile.begun_at).limit(most)
    return {(one.dealer, one.sha256): one.begun_at for one in work.all(found)}
