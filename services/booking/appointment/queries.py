"""Appointments, one or many."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from chassis import Work, has_person, has_piece, matching, newest_of, sorted_page
from chassis.wire.keys import plate_key
from chassis.wire.searching import beginning
from contracts.booking.appointment import Appointments, GetAppointment, ListAppointments
from contracts.booking.searching import FoundAppointments, SearchAppointments
from services.booking.appointment.appointment import Appointment
from services.booking.calendar.calendar import Calendar
from services.booking.projections.customer import KnownCustomer

DESCRIBED = (
    undefer(Appointment.pre_picked),
    undefer(Appointment.deposit_paid_minor),
    undefer(Appointment.pick_up_leg),
    selectinload(Appointment.special_orders),
)
"""What a list of appointments reads with them, each with one statement or none, not one for every row."""


def get_appointment(work: Work, query: GetAppointment) -> Appointment:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Appointment, query.appointment_id)


def list_appointments(work: Work, query: ListAppointments) -> Appointments:
    """A day begins and ends at the dealer's midnight. Raises Invalid for a type of service that there is not."""
    if query.service_type is not None:
        work.settings(Calendar).name_of(query.service_type)
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
    rows, cursor = sorted_page(work, found.options(*DESCRIBED), query, by, id=Appointment.id)
    return Appointments(items=[row.describe() for row in rows], next_cursor=cursor)


def search_appointments(work: Work, query: SearchAppointments) -> FoundAppointments:
    """By plate from its beginning, and of customers and cars that others have found."""
    plate = plate_key(query.search)
    rows = newest_of(
        work,
        Appointment,
        [Appointment.plate_key.between(*beginning(plate))] if plate else (),
        matching((Appointment.customer_id, query.customer_ids)),
        matching((Appointment.vehicle_id, query.vehicle_ids)),
        by=Appointment.starts_at,
        most=query.limit,
        reading=DESCRIBED,
    )
    return FoundAppointments(items=[row.describe() for row in rows])
