"""What the booking desk does: each change of an appointment takes its place, or gives it up, in the same transaction."""

from datetime import datetime

from chassis import Invalid, Work
from chassis.wire.ahead import YEAR, require_ahead
from contracts.booking.appointment import (
    AmendAppointment,
    BookAppointment,
    CancelAppointment,
    ConfirmAppointment,
    RescheduleAppointment,
)
from services.booking.appointment.advisor import require_advisor
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.clocks import agree, keep_briefing_clock, keep_clocks
from services.booking.appointment.loaning import keep_loan
from services.booking.appointment.low_traffic import is_on_offer
from services.booking.appointment.missed_before import deposit_for, make_good
from services.booking.appointment.notice import notice_to
from services.booking.appointment.occupancy import advisor_busy, full, hold_places
from services.booking.appointment.second import refuse_second
from services.booking.appointment.tagging import Coming, found_tags
from services.booking.appointment.wait_list import move_up
from services.booking.calendar.calendar import Calendar
from services.booking.projections.catalogue import require_bookable
from services.booking.projections.customer import known_customer
from services.booking.projections.vehicle import known_vehicle, other_owner


def book(work: Work, command: BookAppointment) -> Appointment:
    """Book an appointment with its place, or put it on the wait list if that was asked for.

    Raises Refused if the car has another one on that day, unless that is meant. Whose car it is by its file, if it is not the
    customer's, is told with it, and asked when its order is opened.
    """
    profile, calendar = work.profile, hold_places(work)
    calendar.check(command.starts_at, now=work.now, zone=profile.zone)
    customer, vehicle = known_customer(work, command.customer_id), known_vehicle(work, command.vehicle_id)
    require_advisor(work, command.advisor)
    require_bookable(work, command)
    if not command.confirm_second_appointment:
        refuse_second(work, vehicle.vehicle_id, command.starts_at)
    refusal = full(work, calendar, command.starts_at, service_type=command.service_type, advisor=command.advisor)
    if refusal is not None and not command.wait_list:
        raise refusal
    coming = Coming(
        channel=command.channel,
        service_type=command.service_type,
        operations=command.operations,
        customer_id=customer.customer_id,
        vehicle_id=vehicle.vehicle_id,
        starts_at=command.starts_at,
    )
    appointment = Appointment.book(
        command,
        customer=customer,
        vehicle=vehicle,
        currency=profile.currency,
        length=calendar.slot_length,
        service_name=calendar.name_of(command.service_type),
        has_place=refusal is None,
        deposit=deposit_for(work, calendar, customer),
        low_traffic=refusal is None and is_on_offer(work, calendar, command.service_type, command.starts_at),
        found=found_tags(work, coming),
        notice=notice_to(work, customer.customer_id),
        at=work.now,
        owner=other_owner(work, vehicle.vehicle_id, customer),
    )
    calendar.require_pick_up(command.expected_pick_up_at, profile.zone)
    work.add(appointment)
    agree(work, appointment)
    keep_loan(work, calendar, appointment)
    return appointment


def amend(work: Work, command: AmendAppointment) -> Appointment:
    """Change what is to be done, to what can be done; another advisor must be free."""
    calendar = hold_places(work)
    appointment = work.edit(Appointment, command.appointment_id)
    require_bookable(work, command)
    pick_up = command.expected_pick_up_at
    another_pick_up = pick_up != appointment.expected_pick_up_at
    if pick_up is not None and another_pick_up:
        require_ahead("expected_pick_up_at", pick_up, work.now, days=2 * YEAR)
    another_advisor = command.advisor != appointment.advisor
    if another_advisor:
        require_advisor(work, command.advisor)
        if appointment.has_place:
            refusal = advisor_busy(work, calendar, appointment.stretch, command.advisor, but=appointment)
            if refusal is not None:
                raise refusal
    appointment.amend(command, found_tags(work, Coming.of(appointment, operations=command.operations)))
    if another_pick_up:
        calendar.require_pick_up(pick_up, work.profile.zone)
    keep_briefing_clock(work, appointment)
    keep_loan(work, calendar, appointment, moved=another_pick_up)
    if another_advisor:
        move_up(work, calendar)
    return appointment


def confirm(work: Work, command: ConfirmAppointment) -> Appointment:
    """Confirm an appointment, before its time; one from the wait list only if its place is free by now, or kept for it.

    Who hears of a time only when it has passed could not come to it: they are here (arrive), or it is moved.
    """
    calendar = hold_places(work)
    appointment = work.edit(Appointment, command.appointment_id)
    if appointment.status == "wait_listed":
        _check_place(work, calendar, appointment, appointment.starts_at)
    elif appointment.status == "requested":
        require_ahead("starts_at", appointment.starts_at, work.now, days=YEAR)
    appointment.confirm(notice_to(work, appointment.customer_id))
    agree(work, appointment)
    keep_loan(work, calendar, appointment, moved=False)
    return appointment


def reschedule(work: Work, command: RescheduleAppointment) -> Appointment:
    """Move an appointment; without a place at the new time it keeps the old one. A no-show is booked anew by that (Rule B5)."""
    calendar = hold_places(work)
    appointment = work.edit(Appointment, command.appointment_id)
    if command.starts_at == appointment.starts_at and appointment.status != "cancelled":
        raise Invalid.field("starts_at", "must_be_another_time")
    calendar.places_still_offered(appointment.service_type)
    found = found_tags(work, Coming.of(appointment, starts_at=command.starts_at))
    notice = notice_to(work, appointment.customer_id)
    if appointment.status == "no_show":
        make_good(work, appointment)
    appointment.reschedule(command.starts_at, calendar.slot_length, command.reason, found, notice)
    if not command.confirm_second_appointment:
        refuse_second(work, appointment.vehicle_id, command.starts_at, but=appointment)
    _check_place(work, calendar, appointment, command.starts_at)
    agree(work, appointment)
    keep_loan(work, calendar, appointment)
    move_up(work, calendar)
    return appointment


def cancel(work: Work, command: CancelAppointment) -> Appointment:
    """Cancel an appointment; its place is free for who waits for it."""
    calendar = hold_places(work)
    appointment = work.edit(Appointment, command.appointment_id)
    appointment.cancel(command.reason, notice_to(work, appointment.customer_id, comes=False))
    keep_clocks(work, appointment)
    keep_loan(work, calendar, appointment)
    move_up(work, calendar)
    return appointment


def _check_place(work: Work, calendar: Calendar, appointment: Appointment, starts_at: datetime) -> None:
    calendar.check(starts_at, now=work.now, zone=work.profile.zone)
    refusal = full(work, calendar, starts_at, service_type=appointment.service_type, advisor=appointment.advisor, but=appointment)
    if refusal is not None:
        raise refusal
