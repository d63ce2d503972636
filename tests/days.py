"""Days to come for tests that live by the machine's clock: near enough to be booked, far enough to be nobody else's."""

from datetime import UTC, date, datetime, timedelta

FAR = 90
FIRST_MONDAY = 3


def _base() -> date:
    day = datetime.now(UTC).date() + timedelta(days=FAR)
    return day + timedelta(days=(7 - day.weekday()) % 7 - FIRST_MONDAY)


_BASE = _base()


def spring(day: int) -> date:
    """That day of a month to come whose first Monday is the 3rd, as in March 2031; the same while the tests run."""
    return _BASE + timedelta(days=day)
