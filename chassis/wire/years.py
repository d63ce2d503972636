"""Years of the calendar, counted from a day: the same day of another year; of 29 February the 28th where there is none."""

from datetime import date
from typing import TypeVar

D = TypeVar("D", bound=date)


def years_after(day: D, years: int) -> D:
    """So many years later, or earlier if they are negative; of a moment, at the same time."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February, of a year without one
        return day.replace(year=day.year + years, day=28)
