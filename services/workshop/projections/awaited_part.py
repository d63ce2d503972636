"""Special orders (客户订件) of booked cars, as parts announced them: what is short, and when it is expected."""

from typing import Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, Work, document
from contracts.parts.events import SpecialOrderFacts
from services.workshop.model import Base


class AwaitedPart(Projection, Base):
    """A special order of parts', open or not."""

    __tablename__ = "awaited_part"
    __table_args__ = (Index("awaited_part_appointment_ix", "dealer_id", "appointment_id"),)

    appointment_id: Mapped[str] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)


def expected_parts(work: Work, appointment_id: str) -> dict[str, SpecialOrderFacts]:
    """What is on special order for an appointment's car, by part number."""
    rows = work.all(select(AwaitedPart).where(AwaitedPart.appointment_id == appointment_id).order_by(AwaitedPart.id))
    found = [SpecialOrderFacts.load(row.facts) for row in rows]
    return {one.part_number: one for one in found if one.state == "open"}
