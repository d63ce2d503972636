"""What the booking desk does: each change of an appointment reserves or releases its places in the same transaction."""

from chassis import Invalid, Work
from contracts.booking.appointment import BookAppointment, CancelAppointment, ConfirmAppointment, RescheduleAppointment
from services.booking.appointment.appointment import Appointment
from services.booking.calendar.calendar import Calendar
from services.booking.calendar.slot import places_for, release, reserve, try_to_reserve
from services.booking.projections.customer import known_customer
from services.booking.projections.vehicle import known_vehicle


def book(work: Work, command: BookAppointment) -> Appointment:
    """Book an appointment: reserve its places, or put it on the wait list if that was asked for."""
    profile, calendar = work.profile, work.settings(Calendar)
    calendar.check(command.starts_at, now=work.now, zone=profile.zone)
    customer, vehicle = known_customer(work, command.customer_id), known_vehicle(work, command.vehicle_id)
    places = places_for(command.starts_at, command.service_type, command.advisor)
    refusal = try_to_reserve(work, calendar, places)
    if refusal is not None and not command.wait_list:
        raise refusal
    appointment = Appointment.book(
        command, customer=customer, vehicle=vehicle, currency=profile.currency, has_place=refusal is None
    )
    work.add(appointment)
    return appointment


def confirm(work: Work, command: ConfirmAppointment) -> Appointment:
    """Confirm an appointment; one from the wait list only if its places are free by now."""
    appointment = work.edit(Appointment, command.appointment_id)
    if appointment.status == "wait_listed":
        calendar = work.settings(Calendar)
        calendar.check(appointment.starts_at, now=work.now, zone=work.profile.zone)
        reserve(work, calendar, appointment.places)
    appointment.confirm()
    return appointment


def reschedule(work: Work, command: RescheduleAppointment) -> Appointment:
    """Move an appointment; its old places are released when it has the new ones, and not before."""
    appointment = work.edit(Appointment, command.appointment_id)
    if command.starts_at == appointment.starts_at:
        raise Invalid.field("starts_at", "must_be_another_time")
    calendar = work.settings(Calendar)
    calendar.check(command.starts_at, now=work.now, zone=work.profile.zone)
    before = appointment.reserved_places
    appointment.reschedule(command.starts_at, command.reason)
    reserve(work, calendar, appointment.places, releasing=before)
    return appointment


def cancel(work: Work, command: CancelAppointment) -> Appointment:
    """Cancel an appointment and release its places."""
    appointment = work.edit(Appointment, command.appointment_id)
    before = appointment.reserved_places
    appointment.cancel(command.reason)
    release(work, before)
    return appointment
