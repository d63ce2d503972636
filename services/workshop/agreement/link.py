"""What every link by which a customer who is not here comes in has in common: its token's hash, who made it, how it ends."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import ColumnElement, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, NotFound, Refused, Work
from contracts.workshop.signing_link import LinkEnd


class Link(Aggregate):
    """A link to something of an order. Of its token only the hash is kept: who reads its row cannot use it."""

    work_order_id: Mapped[str] = mapped_column(IdType)
    token_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    ended: Mapped[LinkEnd | None] = mapped_column(String(10))
    ended_at: Mapped[datetime | None]

    @classmethod
    def find(cls, work: Work, token_hash: str) -> Self | None:
        """The link of this kind whose token has this hash."""
        return work.first(select(cls).where(cls.token_hash == token_hash))

    @classmethod
    def of(cls, work: Work, token_hash: str) -> Self:
        """The same. Raises NotFound: of another dealer's, and of one that never was, alike."""
        found = cls.find(work, token_hash)
        if found is None:
            raise unknown()
        return found

    @classmethod
    def open_ones(cls, work: Work, work_order_id: str, *more: ColumnElement[bool]) -> Sequence[Self]:
        """Those of an order that have not ended and not expired."""
        found = select(cls).where(cls.work_order_id == work_order_id, cls.ended.is_(None), *more)
        return [one for one in work.all(found) if one.expires_at > work.now]

    def require_not_ended(self) -> None:
        """Raises Refused when it was withdrawn, or a newer one leads to the same."""
        if self.ended == "withdrawn":
            raise Refused("link_withdrawn")
        if self.ended == "replaced":
            raise Refused("link_replaced")

    def give_way(self, *, at: datetime) -> None:
        """A newer link leads to the same."""
        self._end("replaced", at)

    @abstractmethod
    def _end(self, ended: LinkEnd, at: datetime) -> None:
        """It leads nowhere from now on, which is announced."""


def unknown() -> NotFound:
    """What whoever comes with a token of no link is told."""
    return NotFound("not_found", kind="signing_link")
