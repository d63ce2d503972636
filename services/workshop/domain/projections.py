"""Its neighbours' facts as workshop keeps them: customers, vehicles, appointments. The newest counts, in any order of arrival.

These rows are only ever written from events, so that they always equal the fold of those events.
"""

from typing import Any

from sqlalchemy import String, and_, update
from sqlalchemy.orm import Mapped, mapped_column

from chassis.store.columns import IdType, document
from chassis.store.model import Entity
from chassis.store.sql import insert_new
from chassis.work.unit_of_work import Work
from contracts.booking.events import AppointmentFacts
from contracts.shared import CustomerFacts, VehicleFacts
from services.workshop.domain.model import Base, table_of


class KnownCustomer(Entity, Base):
    """A customer's file as crm last announced it (contracts' CustomerFacts)."""

    __tablename__ = "known_customer"

    sequence: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(document)


class KnownVehicle(Entity, Base):
    """A vehicle's file as crm last announced it (contracts' VehicleFacts)."""

    __tablename__ = "known_vehicle"

    sequence: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(document)


class FollowedAppointment(Entity, Base):
    """An appointment as booking last announced it (contracts' AppointmentFacts), and the visit it began."""

    __tablename__ = "followed_appointment"

    sequence: Mapped[int]
    visit_id: Mapped[str | None] = mapped_column(IdType)
    status: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(document)


def record_customer(work: Work, customer: CustomerFacts) -> None:
    """Keep the customer's file, unless a newer one is known."""
    _keep_newest(work, KnownCustomer, customer.customer_id, facts=customer.dump())


def record_vehicle(work: Work, vehicle: VehicleFacts) -> None:
    """Keep the vehicle's file, unless a newer one is known."""
    _keep_newest(work, KnownVehicle, vehicle.vehicle_id, facts=vehicle.dump())


def follow_appointment(work: Work, appointment: AppointmentFacts) -> None:
    """Keep the appointment as it is now, unless a newer state is known."""
    assert work.cause is not None, "an appointment is only ever learnt from an event"
    _keep_newest(
        work,
        FollowedAppointment,
        appointment.appointment_id,
        visit_id=work.cause.correlationid,
        status=appointment.status,
        facts=appointment.dump(),
    )


def _keep_newest(work: Work, kind: type[Base], id: str, **values: Any) -> None:  # noqa: A002  # the trade calls it id
    # Two statements that decide in the database: with read-compare-write, two replicas could both overwrite with the older fact.
    assert work.cause is not None, "a neighbour's fact is only ever learnt from an event"
    table, row = table_of(kind), {"sequence": work.cause.sequence, **values}
    new = work.session.execute(insert_new(work.session, table, table.c.id), {"dealer_id": work.dealer, "id": id, **row})
    if new.first() is None:
        mine = and_(table.c.dealer_id == work.dealer, table.c.id == id)
        work.session.execute(update(table).where(mine, table.c.sequence < work.cause.sequence).values(**row))
