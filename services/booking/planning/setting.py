"""Setting the dealer's calendar."""

from sqlalchemy import select

from chassis import Work
from contracts.booking import calendar as contract
from contracts.booking.calendar import SetCalendar
from services.booking.appointment.appointment import AWAITED, Appointment
from services.booking.appointment.clocks import keep_briefing_clock
from services.booking.appointment.occupancy import hold_places
from services.booking.appointment.wait_list import move_up
from services.booking.calendar.calendar import Calendar
from services.booking.planning.stranding import stranded


def set_calendar(work: Work, command: SetCalendar) -> contract.Calendar:
    """Replace the calendar as a whole; who is booked keeps the place, and the answer names whom the new one would not take.

    What it has places for is offered to those who wait.
    """
    hold_places(work)
    calendar = work.edit_settings(Calendar)
    calendar.replace(command, work.profile.currency)
    move_up(work, calendar)
    _set_briefings(work)
    return calendar.describe(stranded(work, calendar))


def _set_briefings(work: Work) -> None:
    """The technical director hears of what is booked already at the new time, too."""
    to_come = select(Appointment).where(Appointment.status.in_(AWAITED), Appointment.starts_at > work.now)
    for one in work.all(to_come):
        keep_briefing_clock(work, one)
