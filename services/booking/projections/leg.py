"""Legs of pick-up and return (上门取送车), as workshop announced them."""

from typing import Any

from sqlalchemy import ColumnElement, Index, String, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from chassis import IdType, Projection, Work, document
from contracts.workshop.leg import LegDirection, LegState
from services.booking.model import Base


class KnownLeg(Projection, Base):
    """A leg of an appointment's car."""

    __tablename__ = "known_leg"
    __table_args__ = (Index("known_leg_appointment_ix", "dealer_id", "appointment_id", "id"),)

    appointment_id: Mapped[str | None] = mapped_column(IdType)
    direction: Mapped[LegDirection] = mapped_column(String(10))
    trip: Mapped[int]
    state: Mapped[LegState] = mapped_column(String(10))
    collected: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(document)

    @classmethod
    def fetches(cls) -> tuple[ColumnElement[bool], ...]:
        """That it brings the car to the dealer, is not off, and that the car is not home again since."""
        back = aliased(cls)
        same = back.dealer_id == cls.dealer_id, back.appointment_id == cls.appointment_id, back.trip == cls.trip
        home = select(back.id).where(*same, back.direction == "return", back.state == "done").exists()
        return cls.direction == "pick_up", cls.state.not_in(("failed", "cancelled")), cls.collected.is_(False), ~home


def is_fetched(work: Work, appointment_id: str) -> bool:
    """Whether the dealer fetches the car, or has done so: it does not miss its appointment by coming late (Rules B5 and B14)."""
    found = select(KnownLeg.id).where(KnownLeg.appointment_id == appointment_id, *KnownLeg.fetches())
    return work.first(found) is not None
