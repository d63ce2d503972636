"""The 12 months of what is remembered of a customer: a year of the calendar, wherever they are counted (Rules B6, B15)."""

from datetime import datetime

from chassis.wire.years import years_after


def a_year_before(at: datetime) -> datetime:
    """The same day of the year before, at the same time; of 29 February the 28th."""
    return years_after(at, -1)
