"""Its neighbours' facts as workshop keeps them: customers, vehicles, appointments. The newest counts, in any order of arrival.

These rows are only ever written from events, so that they always equal the fold of those events.
"""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, Projection, Work, document
from contracts.booking.events import AppointmentChanged
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from services.workshop.domain.model import Base


class KnownCustomer(Projection, Base):
    """A customer's file as crm last announced it (contracts' CustomerFacts)."""

    __tablename__ = "known_customer"

    facts: Mapped[dict[str, Any]] = mapped_column(document)


class KnownVehicle(Projection, Base):
    """A vehicle's file as crm last announced it (contracts' VehicleFacts)."""

    __tablename__ = "known_vehicle"

    facts: Mapped[dict[str, Any]] = mapped_column(document)


class FollowedAppointment(Projection, Base):
    """An appointment as booking last announced it (contracts' AppointmentFacts), and the visit it began."""

    __tablename__ = "followed_appointment"

    visit_id: Mapped[str | None] = mapped_column(IdType)
    status: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(document)


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep the customer's file."""
    work.project(KnownCustomer, event.customer.customer_id, facts=event.customer.dump())


def record_vehicle(work: Work, event: VehicleRecorded) -> None:
    """Keep the vehicle's file."""
    work.project(KnownVehicle, event.vehicle.vehicle_id, facts=event.vehicle.dump())


def follow_appointment(work: Work, event: AppointmentChanged) -> None:
    """Keep the appointment as it is now."""
    appointment = event.appointment
    work.project(
        FollowedAppointment,
        appointment.appointment_id,
        visit_id=work.cause.correlationid if work.cause else None,
        status=appointment.status,
        facts=appointment.dump(),
    )
