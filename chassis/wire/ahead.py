"""What is agreed on for a time to come: later than now, and not so late that it is a slip of the keyboard."""

from datetime import date, timedelta

from chassis.wire.errors import Invalid

WEEK, QUARTER, YEAR = 7, 92, 366
"""In days: what is on its way, what was promised to somebody, and what is planned."""


def require_ahead(field: str, at: date, now: date, *, days: int) -> None:
    """A moment after `now`, or a day after today, by so many days at most. Raises Invalid naming the field."""
    if at <= now:
        raise Invalid.field(field, "must_be_future")
    require_within(field, at, now, days=days)


def require_within(field: str, at: date, now: date, *, days: int) -> None:
    """A moment or day that comes within so many days, if it has not passed. Raises Invalid naming the field."""
    if at > now + timedelta(days=days):
        raise Invalid.field(field, "too_far_ahead", days=days)
