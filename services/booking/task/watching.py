"""Raising the evening's tasks, and resolving those that have settled themselves."""

from sqlalchemy import select

from chassis import Work
from services.booking.appointment.appointment import Appointment
from services.booking.calendar.calendar import Calendar
from services.booking.task.task import BookingTask


def watch_arrivals(work: Work) -> None:
    """A car that is here without an order when the dealer closes is a task; it is settled by its order, or by cancelling it."""
    calendar, zone = work.settings(Calendar), work.profile.zone
    waiting = {
        BookingTask.id_for(one): one
        for one in work.all(select(Appointment).where(Appointment.status == "arrived").order_by(Appointment.id))
    }
    open_tasks = work.all(select(BookingTask).where(BookingTask.state == "open").order_by(BookingTask.id).with_for_update())
    for task in open_tasks:
        if task.id not in waiting:
            work.change(task)
            task.resolve(at=work.now)
    raised = {task.id for task in open_tasks}
    for id_, appointment in waiting.items():
        assert appointment.arrived_at is not None
        if id_ not in raised and calendar.evening_of(appointment.arrived_at, zone) <= work.now:
            work.add(BookingTask.order_not_opened(appointment, at=work.now))
