"""What becomes of a place that was offered to who waits (Rule B15, docs/domain.md)."""

from chassis import Work, set_timer
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.notice import notice_to
from services.booking.appointment.occupancy import hold_places
from services.booking.appointment.wait_list import lapse, move_up


def lapse_offer(work: Work, appointment_id: str) -> None:
    """Who has not answered in time waits without it, and the place is offered to the next one."""
    calendar = hold_places(work)
    appointment = work.lock_root(Appointment, appointment_id)
    if appointment.held_until is None:
        return
    if work.now < appointment.held_until:
        set_timer(work, "lapse_offer", appointment_id, appointment.held_until)
        return
    work.change(appointment)
    lapse(appointment, notice_to(work, appointment.customer_id, comes=False))
    move_up(work, calendar)
