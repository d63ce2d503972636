"""The clock a service is given. Domain code never asks the operating system what time it is.

What is stored, told or due is by this clock. How long somebody waits - for an answer, a connection, a window of a rate limit - is
by the machine's, always (docs/decisions/0054-one-clock-for-simulated-days.md).
"""

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple, Protocol

LONGEST_SECONDS = 30.0
PAUSE_SECONDS = 0.001


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
        self._now = at.astimezone(UTC)

    def now(self) -> datetime:
        """The time it was last set to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the time forward."""
        self._now += by

    def set(self, to: datetime) -> None:
        """Move the time to a given point."""
        self._now = to.astimezone(UTC)


class Standing(NamedTuple):
    """How a follower stands: what it has written so far, whether anything is under way, when it has something to do next."""

    written: int
    under_way: bool
    next_due: datetime | None


class Follower(Protocol):
    """What has something to do at a time, of its own accord: the timers and schedules of a service."""

    name: str

    def catch_up(self) -> Standing:
        """Do what is due now; how it stands then. `next_due` is after now."""
        ...


class SimulatedClock(ManualClock):
    """A clock for simulated days: it is moved, and stops at each moment at which a follower has something to do.

    So timers fire as on the day, one after the other, and a year may pass in a minute.
    """

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self._followers: list[Follower] = []

    def follow(self, follower: Follower) -> None:
        """Have it do what is due, as the clock is moved."""
        self._followers.append(follower)

    def move_to(self, at: datetime) -> None:
        """Let the time pass until `at`, with all that is due meanwhile. Raises ValueError for a time that has been."""
        if at < self.now():
            raise ValueError(f"{at} has been: it is {self.now()}")
        while (due := self.settle()) is not None and due <= at:
            self.set(due)
        self.set(at)

    def settle(self) -> datetime | None:
        """Have done what is due now, and all that comes of it; when something is due next.

        Raises TimeoutError naming who does not come to rest.
        """
        end, before = time.monotonic() + LONGEST_SECONDS, None
        while True:
            standing = [one.catch_up() for one in self._followers]
            # Twice the same: one follower's effect is another's cause, and they are asked one after the other.
            if standing == before and not any(one.under_way for one in standing):
                return min((one.next_due for one in standing if one.next_due is not None), default=None)
            if time.monotonic() > end:
                busy = [one.name for one, how in zip(self._followers, standing, strict=True) if how.under_way]
                raise TimeoutError(f"within {LONGEST_SECONDS:.0f} s not at rest: {', '.join(busy)}")
            before = standing
            time.sleep(PAUSE_SECONDS)


@cache
def simulated_clock(since: datetime) -> SimulatedClock:
    """The clock of this process where its days are simulated: all services of the embedded suite have the same one."""
    return SimulatedClock(since)


def clock_of(simulated_since: datetime | None) -> Clock:
    """The clock by which this process works: the machine's, unless its days are simulated."""
    return SystemClock() if simulated_since is None else simulated_clock(simulated_since)
