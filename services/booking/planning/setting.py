"""Setting the dealer's calendar."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis import Work, set_timer
from contracts.booking import calendar as contract
from contracts.booking.calendar import SetCalendar
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.clocks import keep_briefing_clock, keep_reminder
from services.booking.appointment.occupancy import hold_places
from services.booking.appointment.reminder import overtaken
from services.booking.appointment.wait_list import move_up
from services.booking.calendar.calendar import Calendar
from services.booking.planning.stranding import stranded


def set_calendar(work: Work, command: SetCalendar) -> contract.Calendar:
    """Replace the calendar as a whole; who is booked keeps the place, and the answer names whom the new one would not take.

    What it has places for is offered to those who wait.
    """
    hold_places(work)
    calendar = work.edit_settings(Calendar)
    reminded_before = calendar.reminder_minutes
    calendar.replace(command, work.profile.currency)
    _skip_past(work, reminded_before, calendar.reminder_minutes)
    move_up(work, calendar)
    _set_clocks(work)
    return calendar.describe(stranded(work, calendar))


def _skip_past(work: Work, was: Sequence[int], before: Sequence[int]) -> None:
    """Nobody is reminded by one that is new and whose own time is over: it never applied to them (Rule B5)."""
    if was == before:
        return
    known = select(Appointment).where(Appointment.status == "confirmed", Appointment.starts_at > work.now)
    for one in work.all(known.order_by(Appointment.id).with_for_update(of=Appointment)):
        past = overtaken(one, was, before, at=work.now)
        if past:
            work.change(one)
            one.reminded = [*one.reminded, *past]


def _set_clocks(work: Work) -> None:
    """Of what is booked already the technical director hears, and its customers are reminded, at the new times, too.

    What is here without an order is a task when the dealer closes by the new ones (Rule B6).
    """
    for one in work.all(select(Appointment).where(Appointment.status.in_(AWAITED))):
        keep_reminder(work, one)
        if one.starts_at > work.now:
            keep_briefing_clock(work, one)
    for here in work.all(select(Appointment).where(Appointment.status == "arrived")):
        set_timer(work, "watch_arrival", here.id, work.now)  # the evening of what is here is another one by now
