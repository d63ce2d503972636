"""What booking announces of the dealer's calendar (Rule B2)."""

from datetime import date

from chassis.wire import Event, Id
from contracts.booking.calendar import OpeningHours


class CalendarSet(Event, type="booking.calendar.set", subscribers=("workshop.record_opening_hours",)):
    """The dealer's hours and closures are these from now on."""

    calendar_id: Id
    opening: list[OpeningHours]
    closed_on: list[date]
