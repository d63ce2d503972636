"""Raising the evening's tasks, and resolving those that have settled themselves."""

from datetime import date

from sqlalchemy import select

from chassis import Work, set_timer
from contracts.parts.events import SpecialOrderEvent, SpecialOrderFacts
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.clocks import awaits_answer
from services.booking.appointment.occupancy import hold_places
from services.booking.calendar.calendar import Calendar
from services.booking.projections.recording import record_special_order
from services.booking.projections.special_order import KnownSpecialOrder, is_late
from services.booking.task.task import BookingTask


def watch_arrival(work: Work, appointment_id: str) -> None:
    """A car that is here without an order when the dealer closes is a task; it is settled by its order, or by cancelling it.

    An order that is void leaves the car without one: the task is open again.
    """
    appointment = work.lock_root(Appointment, appointment_id)
    if appointment.arrived_at is None:
        return
    _keep_late_parts(work, appointment)
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
    if not awaits_answer(appointment):
        if task is not None and task.state == "open":
            work.change(task)
            task.resolve(at=work.now)
    elif appointment.answer_by is not None and work.now < appointment.answer_by:
        set_timer(work, "answer_request", appointment.id, appointment.answer_by)
    elif task is None:
        work.add(BookingTask.request_unanswered(appointment, at=work.now))


def follow_special_order(work: Work, event: SpecialOrderEvent) -> None:
    """What is expected on a later day than its car is a task of the desk: to move the appointment (Rule B6).

    It is settled when the appointment is moved or off, the parts are there, or expected earlier - parts says so of each -, and
    when the car is here all the same.
    """
    record_special_order(work, event)
    appointment_id = event.special_order.appointment_id
    known = work.find(BookingTask, BookingTask.id_of_parts(appointment_id))
    if known is not None or _late_until(work, appointment_id) is not None:
        hold_places(work)
        _keep_late_parts(work, work.lock_root(Appointment, appointment_id))


def _keep_late_parts(work: Work, appointment: Appointment) -> None:
    """The task of parts that come after the car, as it is now. The appointment is locked."""
    task = work.lock(BookingTask, BookingTask.id_of_parts(appointment.id))
    late = _late_until(work, appointment.id) if appointment.status in AWAITED else None
    if late is None:
        if task is not None and task.state == "open":
            work.change(task)
            task.resolve(at=work.now)
    elif task is None:
        work.add(BookingTask.parts_late(appointment, late, at=work.now))
    elif task.state == "resolved" or task.expected_on != late:
        work.change(task)
        task.expected_on = late
        if task.state == "resolved":
            task.reopen()


def _late_until(work: Work, appointment_id: str) -> date | None:
    """On which day the last of its special orders that come after the car is expected."""
    kept = work.execute(select(KnownSpecialOrder.facts).where(KnownSpecialOrder.appointment_id == appointment_id))
    orders = [SpecialOrderFacts.load(row.facts) for row in kept]
    return max((one.expected_on for one in orders if one.expected_on is not None and is_late(one)), default=None)
