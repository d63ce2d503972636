"""Legs of pick-up and return (上门取送车), as workshop announced them."""

from typing import Any

from sqlalchemy import ColumnElement, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, Work, document
from contracts.workshop.leg import LegDirection, LegState
from services.booking.model import Base


class KnownLeg(Projection, Base):
    """A leg of an appointment's car."""

    __tablename__ = "known_leg"
    __table_args__ = (Index("known_leg_appointment_ix", "dealer_id", "appointment_id", "id"),)

    appointment_id: Mapped[str | None] = mapped_column(IdType)
    direction: Mapped[LegDirection] = mapped_column(String(10))
    state: Mapped[LegState] = mapped_column(String(10))
    facts: Mapped[dict[str, Any]] = mapped_column(document)

    @classmethod
    def fetches(cls) -> tuple[ColumnElement[bool], ...]:
        """That it brings the car to the dealer, and is not off."""
        return cls.direction == "pick_up", cls.state.not_in(("failed", "cancelled"))


def is_fetched(work: Work, appointment_id: str) -> bool:
    """Whether the dealer fetches the car, or has done so: it does not miss its appointment by coming late (Rules B5 and B14)."""
    found = select(KnownLeg.id).where(KnownLeg.appointment_id == appointment_id, *KnownLeg.fetches())
    return work.first(found) is not None
