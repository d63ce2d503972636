"""Which clocks run on an appointment (Rules B5 and B6, docs/domain.md): timers that follow from how it is."""

from chassis import Work, clear_timer, set_timer
from services.booking.appointment.appointment import AWAITED, Appointment


def keep_clocks(work: Work, appointment: Appointment) -> None:
    """Set and clear them after every change of the appointment: what it waits for, and whether its car has an order."""
    if appointment.status in (*AWAITED, "wait_listed"):
        set_timer(work, "miss_appointment", appointment.id, appointment.starts_at)  # how long after it, the calendar says by then
    else:
        clear_timer(work, "miss_appointment", appointment.id)
    if appointment.arrived_at is not None:
        set_timer(work, "watch_arrival", appointment.id, work.now)  # it knows when the dealer closes, and of a task to settle
