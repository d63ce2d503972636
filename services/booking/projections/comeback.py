"""Comebacks (返修) of what is booked, as workshop found them."""

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, document
from services.booking.model import Base


class KnownComeback(Projection, Base):
    """Work of one kind that was done on the car before and is still warranted; of an appointment, or of an order without one."""

    __tablename__ = "known_comeback"
    __table_args__ = (Index("known_comeback_appointment_ix", "dealer_id", "appointment_id"),)

    appointment_id: Mapped[str | None] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)
