"""Reminding customers of their appointments (Rule B5, docs/domain.md)."""

from chassis import Work, set_timer
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.notice import notice_to
from services.booking.appointment.reminder import next_reminder, remind
from services.booking.calendar.calendar import Calendar


def remind_customer(work: Work, appointment_id: str) -> None:
    """Who is to come soon is reminded, as often as the calendar says by now, and waits for the next reminder."""
    appointment = work.lock_root(Appointment, appointment_id)
    before = work.settings(Calendar).reminder_minutes
    if appointment.status != "confirmed":
        return
    work.change(appointment)
    remind(appointment, before, at=work.now, notice=notice_to(work, appointment.customer_id))
    set_timer(work, "remind_customer", appointment_id, next_reminder(appointment, before))
