"""Parts that orders wait for (工单订件), as parts announced them: when all of an order's are here, its customer is called."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, Work, document
from contracts.parts.order_part_events import OrderPartFacts
from services.crm.model import Base


class AwaitedPart(Projection, Base):
    """A part of an order, here or not."""

    __tablename__ = "awaited_part"
    __table_args__ = (Index("awaited_part_order_ix", "dealer_id", "work_order_id"),)

    work_order_id: Mapped[str] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)


def parts_here(work: Work, work_order_id: str) -> tuple[datetime, list[OrderPartFacts]] | None:
    """Since when everything that the order waited for is here, and what that is; None while it waits, and for none."""
    kept = work.execute(select(AwaitedPart.facts).where(AwaitedPart.work_order_id == work_order_id).order_by(AwaitedPart.id))
    parts = [one for row in kept if (one := OrderPartFacts.load(row.facts)).state != "closed"]
    here = [one.here_at for one in parts if one.here_at is not None]
    return (max(here), parts) if parts and len(here) == len(parts) else None
