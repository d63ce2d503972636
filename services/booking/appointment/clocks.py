"""Which clocks run on an appointment (Rules B5 and B6, docs/domain.md): timers that follow from how it is."""

from chassis import Work, clear_timer, set_timer
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.reminder import agreed, next_reminder
from services.booking.calendar.calendar import Calendar


def agree(work: Work, appointment: Appointment) -> None:
    """The customer knows its time from now on, if it is confirmed: reminders count from here."""
    agreed(appointment, work.settings(Calendar).reminder_minutes, at=work.now)
    keep_clocks(work, appointment)


def keep_clocks(work: Work, appointment: Appointment) -> None:
    """Set and clear them after every change of the appointment: what it waits for, and whether its car has an order."""
    if appointment.status in (*AWAITED, "wait_listed"):
        set_timer(work, "miss_appointment", appointment.id, appointment.starts_at)  # how long after it, the calendar says by then
    else:
        clear_timer(work, "miss_appointment", appointment.id)
    confirmed = appointment.status == "confirmed"
    reminder = next_reminder(appointment, work.settings(Calendar).reminder_minutes) if confirmed else None
    if reminder is not None:
        set_timer(work, "remind_customer", appointment.id, reminder)
    else:
        clear_timer(work, "remind_customer", appointment.id)
    if appointment.held_until is not None:
        set_timer(work, "lapse_offer", appointment.id, appointment.held_until)
    else:
        clear_timer(work, "lapse_offer", appointment.id)
    if appointment.arrived_at is not None:
        set_timer(work, "watch_arrival", appointment.id, work.now)  # it knows when the dealer closes, and of a task to settle
