"""Appointments, one or many."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from chassis import Work, page
from contracts.booking.appointment import Appointments, GetAppointment, ListAppointments
from services.booking.appointment.appointment import Appointment


def get_appointment(work: Work, query: GetAppointment) -> Appointment:
    """Raises NotFound, also when it is another dealer's."""
    return work.get(Appointment, query.appointment_id)


def list_appointments(work: Work, query: ListAppointments) -> Appointments:
    """A day begins and ends at the dealer's midnight."""
    found = select(Appointment)
    if query.day is not None:
        zone = work.profile.zone
        begins, ends = (datetime.combine(day, time(), tzinfo=zone) for day in (query.day, query.day + timedelta(days=1)))
        found = found.where(Appointment.starts_at >= begins, Appointment.starts_at < ends)
    if query.status is not None:
        found = found.where(Appointment.status == query.status)
    rows, cursor = page(
        work,
        found,
        keys=[Appointment.starts_at, Appointment.id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["appointments", query.day, query.status],
    )
    return Appointments(items=[row.describe() for row in rows], next_cursor=cursor)
