"""Setting the dealer's calendar."""

from chassis import Work
from contracts.booking.calendar import SetCalendar
from services.booking.calendar.calendar import Calendar


def set_calendar(work: Work, command: SetCalendar) -> Calendar:
    """Replace the calendar as a whole; places that are reserved stay reserved, even beyond a smaller capacity."""
    calendar = work.edit_settings(Calendar)
    calendar.replace(command)
    return calendar
