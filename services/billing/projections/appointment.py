"""Appointments, as booking announced them."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, document
from contracts.booking.events import AppointmentFacts
from services.billing.model import Base

COMING = ("requested", "confirmed", "arrived")
"""The customer is still expected, or here and without an order yet."""


class FollowedAppointment(Projection, Base):
    """An appointment as booking last announced it, the visit it began, and the order that fulfils it, until that is void."""

    __tablename__ = "followed_appointment"

    visit_id: Mapped[str | None] = mapped_column(IdType)
    status: Mapped[str] = mapped_column(String(20))
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    facts: Mapped[dict[str, Any]] = mapped_column(document)

    @property
    def appointment(self) -> AppointmentFacts:
        """The appointment."""
        return AppointmentFacts.load(self.facts)

    @property
    def is_coming(self) -> bool:
        """Whether the customer is still expected, or here and without an order yet."""
        return self.status in COMING
