"""Slips of the parts desk, as parts announced them."""

from collections import Counter
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, Work, document
from services.workshop.model import Base


class FollowedSlip(Entity, Base):
    """What was handed out for an order on one slip, or taken back (negative), line by line; `hands` held the parts."""

    __tablename__ = "followed_slip"
    __table_args__ = (Index(None, "dealer_id", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType)
    hands: Mapped[list[str]] = mapped_column(document)
    units: Mapped[dict[str, int]] = mapped_column(document)
    signature: Mapped[dict[str, Any] | None] = mapped_column(document)


def issued_lines(work: Work, work_order_id: str) -> set[str]:
    """The lines of the order of which parts are out of the bin."""
    issued: Counter[str] = Counter()
    for slip in slips_of(work, work_order_id):
        issued.update(slip.units)
    return {line for line, units in issued.items() if units > 0}


def who_handed_out(work: Work, work_order_id: str) -> set[str]:
    """Whoever issued parts for the order, or signed for them."""
    return {name for slip in slips_of(work, work_order_id) for name in slip.hands}


def slips_of(work: Work, work_order_id: str) -> list[FollowedSlip]:
    """All of the order."""
    return list(work.all(select(FollowedSlip).where(FollowedSlip.work_order_id == work_order_id)))
