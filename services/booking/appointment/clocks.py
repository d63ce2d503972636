"""Which clocks run on an appointment (Rules B5, B6 and B11, docs/domain.md): timers that follow from how it is."""

from chassis import Work, set_timer
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.reminder import agreed, next_reminder
from services.booking.appointment.tags import for_director
from services.booking.appointment.wanted import ASKED_IN_WRITING
from services.booking.calendar.calendar import Calendar

MAY_BE_MISSED = ("confirmed", "wait_listed")
"""A request that the dealer never answered is missed by nobody: it waits for its answer, and is a task (Rules B5 and B11)."""


def agree(work: Work, appointment: Appointment) -> None:
    """The customer knows its time from now on, if it is confirmed: reminders count from here."""
    agreed(appointment, work.settings(Calendar).reminder_minutes, at=work.now)
    keep_clocks(work, appointment)


def keep_clocks(work: Work, appointment: Appointment) -> None:
    """Set and clear them after every change of the appointment: what it waits for, and whether its car has an order."""
    # How long after it one is missed, the calendar says by then.
    set_timer(work, "miss_appointment", appointment.id, appointment.starts_at if appointment.status in MAY_BE_MISSED else None)
    keep_reminder(work, appointment)
    set_timer(work, "lapse_offer", appointment.id, appointment.held_until)
    keep_briefing_clock(work, appointment)
    _keep_answer_clock(work, appointment)
    if appointment.arrived_at is not None:
        set_timer(work, "watch_arrival", appointment.id, work.now)  # it knows when the dealer closes, and of a task to settle


def keep_reminder(work: Work, appointment: Appointment) -> None:
    """When its customer is reminded next, by what the calendar says now; also after the calendar has changed."""
    confirmed = appointment.status == "confirmed"
    reminder = next_reminder(appointment, work.settings(Calendar).reminder_minutes) if confirmed else None
    set_timer(work, "remind_customer", appointment.id, reminder)


def keep_briefing_clock(work: Work, appointment: Appointment) -> None:
    """When the technical director hears of it, if of it at all (Rule B6): at once, if its day's time for that has passed."""
    hears = for_director(appointment) and appointment.status in AWAITED
    zone = work.profile.zone
    at = work.settings(Calendar).briefing_at(appointment.starts_at.astimezone(zone).date(), zone) if hears else None
    set_timer(work, "brief_director", appointment.id, at)


def awaits_answer(appointment: Appointment) -> bool:
    """Whether its customer asked in writing and heard nothing yet (Rule B11): a place that is offered is an answer."""
    waits = appointment.status == "wait_listed" and appointment.channel in ASKED_IN_WRITING
    return appointment.status == "requested" or (waits and appointment.held_until is None and not appointment.offer_lapsed)


def _keep_answer_clock(work: Work, appointment: Appointment) -> None:
    if awaits_answer(appointment) and appointment.answer_by is None:
        appointment.answer_by = work.settings(Calendar).answer_by(work.now, work.profile.zone)
        set_timer(work, "answer_request", appointment.id, appointment.answer_by)
    elif not awaits_answer(appointment) and appointment.answer_by is not None and appointment.answered_at is None:
        appointment.answered_at = work.now
        was_late = appointment.answer_by <= work.now
        set_timer(work, "answer_request", appointment.id, work.now if was_late else None)  # there may be a task to settle
