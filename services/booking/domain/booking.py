"""Use cases on appointments: each takes, moves or frees the places in the calendar together with the appointment's change."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select

from chassis import Invalid, NotYet, Refused, Work
from contracts.booking.appointment import (
    ArriveAppointment,
    BookAppointment,
    CancelAppointment,
    ConfirmAppointment,
    RescheduleAppointment,
)
from contracts.workshop.events import WorkOrderOpened
from services.booking.domain.appointment import AWAITED, Appointment
from services.booking.domain.calendar import Calendar
from services.booking.domain.known import known_customer, known_vehicle
from services.booking.domain.slots import Place, advisors, exchange

NO_PLACE_BECAME_FREE = "no place became free"
MISSED_AT_ONCE = 200


def book(work: Work, command: BookAppointment) -> Appointment:
    """Take a place for a customer's car, or a place on the wait list if that was asked for."""
    profile, calendar = work.profile, work.settings(Calendar)
    calendar.check(command.starts_at, now=work.now, zone=profile.zone)
    customer, vehicle = known_customer(work, command.customer_id), known_vehicle(work, command.vehicle_id)
    missing = exchange(work, take=_wanted(command, calendar))
    if missing is not None and not command.wait_list:
        raise _full(missing)
    appointment = Appointment.book(
        command, customer=customer, vehicle=vehicle, currency=profile.currency, has_place=missing is None
    )
    work.add(appointment)
    return appointment


def confirm(work: Work, command: ConfirmAppointment) -> Appointment:
    """Confirm what was requested; from the wait list only if a place is free by now."""
    appointment = work.edit(Appointment, command.appointment_id)
    if appointment.status == "wait_listed":
        calendar = work.settings(Calendar)
        calendar.check(appointment.starts_at, now=work.now, zone=work.profile.zone)
        _exchange(work, appointment, calendar)
    appointment.confirm()
    return appointment


def reschedule(work: Work, command: RescheduleAppointment) -> Appointment:
    """Move an appointment; its old place is free when it has the new one, and not before."""
    appointment = work.edit(Appointment, command.appointment_id)
    if command.starts_at == appointment.starts_at:
        raise Invalid.fields({"starts_at": ["Must be another time than now."]})
    calendar = work.settings(Calendar)
    calendar.check(command.starts_at, now=work.now, zone=work.profile.zone)
    before = list(_held(appointment))
    appointment.reschedule(command.starts_at, command.reason)
    _exchange(work, appointment, calendar, free=before)
    return appointment


def cancel(work: Work, command: CancelAppointment) -> Appointment:
    """Call it off and free its place."""
    appointment = work.edit(Appointment, command.appointment_id)
    before = list(_held(appointment))
    appointment.cancel(command.reason)
    exchange(work, free=before)
    return appointment


def arrive(work: Work, command: ArriveAppointment) -> Appointment:
    """The booked car is in the lane."""
    appointment = work.edit(Appointment, command.appointment_id)
    appointment.arrive(at=work.now, bay=command.bay)
    return appointment


def miss(work: Work) -> None:
    """Who has not come so long after the time is not expected any more (Rule B5); who waited for a place waits no more."""
    late = work.now - timedelta(minutes=work.settings(Calendar).no_show_minutes)
    free: list[Place] = []
    for appointment in work.all(
        select(Appointment)
        .where(Appointment.status.in_((*AWAITED, "wait_listed")), Appointment.starts_at <= late)
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MISSED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ):
        work.change(appointment)
        free += _held(appointment)
        if appointment.status == "wait_listed":
            appointment.cancel(NO_PLACE_BECAME_FREE)
        else:
            appointment.miss()
    exchange(work, free=free)


def fulfil(work: Work, fact: WorkOrderOpened) -> None:
    """An order was opened; if for an appointment, that one is fulfilled, once."""
    if fact.appointment_id is None:
        return
    appointment = work.find(Appointment, fact.appointment_id)
    if appointment is None:
        raise NotYet(f"appointment {fact.appointment_id} is not known here")
    if appointment.work_order_id == fact.work_order_id:
        return
    work.edit(Appointment, appointment.id).fulfil(fact.work_order_id)


def _kinds(appointment: Appointment | BookAppointment) -> Iterator[str]:
    yield appointment.service_type
    if appointment.advisor is not None:
        yield advisors(appointment.advisor)


def _held(appointment: Appointment) -> Iterator[Place]:
    if appointment.has_place:
        yield from (Place(appointment.starts_at, kind) for kind in _kinds(appointment))


def _wanted(appointment: Appointment | BookAppointment, calendar: Calendar) -> list[tuple[Place, int]]:
    places = calendar.places(appointment.service_type)
    if places == 0:
        raise Refused("service_type_not_offered", field="service_type", service_type=appointment.service_type)
    return [
        (Place(appointment.starts_at, kind), places if kind == appointment.service_type else calendar.advisor_places)
        for kind in _kinds(appointment)
    ]


def _exchange(work: Work, appointment: Appointment, calendar: Calendar, free: Sequence[Place] = ()) -> None:
    missing = exchange(work, free=free, take=_wanted(appointment, calendar))
    if missing is not None:
        raise _full(missing)


def _full(place: Place) -> Refused:
    if place.of.startswith(advisors("")):
        return Refused("advisor_busy", field="advisor", starts_at=place.starts_at.isoformat())
    return Refused("slot_full", field="starts_at", starts_at=place.starts_at.isoformat())
