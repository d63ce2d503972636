"""The clock a service is given. Domain code never asks the operating system what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the current time, aware and in UTC."""

    def now(self) -> datetime:
        """The current time in UTC."""
        ...


def was_set_back(before: datetime | None, now: datetime) -> bool:
    """Whether a clock that showed `before` a while ago was set back since; by less than a second it may be kept right always."""
    return before is not None and now < before - timedelta(seconds=1)


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: for tests of days, reminders and deadlines."""

    def __init__(self, at: datetime) -> None:
        self._now = at

    def now(self) -> datetime:
        """The time it was last set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the time forward."""
        self._now += by

    def set(self, to: datetime) -> None:
        """Move the time to a given point."""
        self._now = to
