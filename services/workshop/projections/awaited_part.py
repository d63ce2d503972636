"""What booked cars and orders wait for (客户订件, 工单订件), as parts announced it: what is short, and when it is expected."""

from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, Work, document
from contracts.parts.events import SpecialOrderFacts
from contracts.parts.order_part_events import OrderPartFacts
from services.workshop.model import Base


class AwaitedPart(Projection, Base):
    """A part that somebody waits for, or waited for: an appointment, or an order, whose id is then in its place."""

    __tablename__ = "awaited_part"
    __table_args__ = (Index("awaited_part_appointment_ix", "dealer_id", "appointment_id"),)

    appointment_id: Mapped[str] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)


def expected_parts(work: Work, *owners: str | None) -> dict[str, SpecialOrderFacts | OrderPartFacts]:
    """What is on its way for these appointments and orders alone, by part number."""
    named = sorted({owner for owner in owners if owner is not None})
    rows = work.all(select(AwaitedPart).where(AwaitedPart.appointment_id.in_(named)).order_by(AwaitedPart.id))
    found = [(OrderPartFacts if "order_part_id" in row.facts else SpecialOrderFacts).load(row.facts) for row in rows]
    return {one.part_number: one for one in found if one.state in ("open", "awaited")}
