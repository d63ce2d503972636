"""Appointments, one or many."""

from sqlalchemy import select

from chassis import Work, has_person, has_piece, matching, sorted_page
from chassis.wire.keys import plate_key
from contracts.booking.appointment import Appointments, GetAppointment, ListAppointments
from services.booking.appointment.appointment import Appointment
from services.booking.projections.customer import KnownCustomer


def get_appointment(work: Work, query: GetAppointment) -> Appointment:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Appointment, query.appointment_id)


def list_appointments(work: Work, query: ListAppointments) -> Appointments:
    """A day begins and ends at the dealer's midnight."""
    found = select(Appointment).where(*work.profile.within(Appointment.starts_at, query.from_day, query.to_day))
    if query.name is not None or query.phone is not None:
        asked = has_person(
            KnownCustomer.name_forms, KnownCustomer.phone_key, name=query.name, phone=query.phone, country=work.profile.country
        )
        found = found.where(Appointment.customer_id.in_(select(KnownCustomer.id).where(*asked)))
    if query.plate is not None:
        found = found.where(has_piece(Appointment.plate_key, plate_key(query.plate)))
    found = found.where(
        *matching(
            (Appointment.status, query.status),
            (Appointment.service_type, query.service_type),
            (Appointment.customer_id, query.customer_id),
            (Appointment.vehicle_id, query.vehicle_id),
            (Appointment.advisor, query.advisor),
        )
    )
    by = {"starts_at": Appointment.starts_at, "updated_at": Appointment.updated_at}
    rows, cursor = sorted_page(work, found, query, by, id=Appointment.id)
    return Appointments(items=[row.describe() for row in rows], next_cursor=cursor)
