"""Appointments, as booking announced them."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, document
from contracts.booking.events import AppointmentFacts
from services.workshop.model import Base

BOOKED = ("requested", "wait_listed", "confirmed", "no_show")
"""The car is expected on the appointment's day, or may come after all."""


class FollowedAppointment(Projection, Base):
    """An appointment as booking last announced it, and the visit it began."""

    __tablename__ = "followed_appointment"
    __table_args__ = (Index("followed_appointment_vehicle_ix", "dealer_id", "vehicle_id"),)

    visit_id: Mapped[str | None] = mapped_column(IdType)
    status: Mapped[str] = mapped_column(String(20))
    vehicle_id: Mapped[str | None] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)

    @property
    def appointment(self) -> AppointmentFacts:
        """The appointment."""
        return AppointmentFacts.load(self.facts)
