"""Raising the evening's tasks, and resolving those that have settled themselves."""

from chassis import Work, set_timer
from services.booking.appointment.appointment import Appointment
from services.booking.calendar.calendar import Calendar
from services.booking.task.task import BookingTask


def watch_arrival(work: Work, appointment_id: str) -> None:
    """A car that is here without an order when the dealer closes is a task; it is settled by its order, or by cancelling it.

    An order that is void leaves the car without one: the task is open again.
    """
    appointment = work.lock_root(Appointment, appointment_id)
    if appointment.arrived_at is None:
        return
    task = work.lock(BookingTask, BookingTask.id_for(appointment))
    if appointment.status != "arrived":
        if task is not None and task.state == "open":
            work.change(task)
            task.resolve(at=work.now)
        return
    evening = work.settings(Calendar).evening_of(appointment.arrived_at, work.profile.zone)
    if work.now < evening:
        set_timer(work, "watch_arrival", appointment.id, evening)
    elif task is None:
        work.add(BookingTask.order_not_opened(appointment, at=work.now))
    elif task.state == "resolved":
        work.change(task)
        task.reopen()


def answer_request(work: Work, appointment_id: str) -> None:
    """A request that nobody answered in time is a task (Rule B11); it is settled by the answer."""
    appointment = work.lock_root(Appointment, appointment_id)
    task = work.lock(BookingTask, BookingTask.id_of_request(appointment))
    if appointment.status != "requested":
        if task is not None and task.state == "open":
            work.change(task)
            task.resolve(at=work.now)
    elif appointment.answer_by is not None and work.now < appointment.answer_by:
        set_timer(work, "answer_request", appointment.id, appointment.answer_by)
    elif task is None:
        work.add(BookingTask.request_unanswered(appointment, at=work.now))
