"""What was heard of one thing (a dealer's changes) in the last minutes, kept once for all who read it.

A reader is a place in a ring and keeps nothing itself: who reads slowly, or not at all, costs no memory. What the ring has let go
of meanwhile a reader cannot have: it is told to read everything again.
"""

from collections import deque
from itertools import islice
from typing import NamedTuple

from eventlet.event import Event

MOST = 1_000
"""Changes of one dealer that are kept."""
KEPT_SECONDS = 300.0
"""How long they are kept at most."""


class Change(NamedTuple):
    """One change: when it was heard, in seconds since the epoch, and what readers are told of it."""

    at: float
    told: str


class Ring:
    """The changes in the order they were heard. Their numbers are this process's own.

    `gaps` counts how often something may have been missed.
    """

    def __init__(self) -> None:
        self._changes: deque[Change] = deque()
        self._last = 0
        self._dropped_at = 0.0
        self._news = Event()
        self.gaps = 0
        self.readers = 0

    @property
    def last(self) -> int:
        """The number of the latest change."""
        return self._last

    @property
    def idle(self) -> bool:
        """Whether it can be forgotten: nobody reads it and nothing is in it."""
        return not self.readers and not self._changes

    def add(self, changes: list[Change]) -> None:
        """Keep these; the oldest go when it is full."""
        self._changes.extend(changes)
        self._last += len(changes)
        while len(self._changes) > MOST:
            self._dropped_at = self._changes.popleft().at
        self.wake()

    def miss(self) -> None:
        """Something may have happened that was not heard: no reader's place is good any more."""
        self.gaps += 1
        self.wake()

    def forget_before(self, at: float) -> None:
        """Let go of what is too old."""
        while self._changes and self._changes[0].at < at:
            self._changes.popleft()

    def after(self, number: int, most: int) -> list[Change] | None:
        """The next changes after this one, `most` of them; None when some are gone."""
        skipped = number - (self._last - len(self._changes))
        return None if skipped < 0 else list(islice(self._changes, skipped, skipped + most))

    def place_of(self, at: float) -> int | None:
        """The number behind which everything is that was heard at this time or later; None when some of it is gone."""
        if at <= self._dropped_at:
            return None
        older = next((number for number, one in enumerate(self._changes) if one.at >= at), len(self._changes))
        return self._last - len(self._changes) + older

    def wake(self) -> None:
        """Have everybody look who waits."""
        news, self._news = self._news, Event()
        news.send()

    def wait(self, seconds: float) -> None:
        """Until somebody wakes it, or so long."""
        self._news.wait(timeout=seconds)


class Reader:
    """A place in a ring; None when it has missed something. Close it."""

    def __init__(self, ring: Ring, place: int | None) -> None:
        ring.readers += 1
        self._ring = ring
        self._place = place
        self._gaps = ring.gaps

    def read(self, most: int) -> list[Change] | None:
        """What is new, `most` of it, perhaps nothing; None when something was missed: from there on it reads what is new."""
        found = None
        if self._place is not None and self._gaps == self._ring.gaps:
            found = self._ring.after(self._place, most)
        if found is None or self._place is None:
            self._place, self._gaps = self._ring.last, self._ring.gaps
            return None
        self._place += len(found)
        return found

    def wait(self, seconds: float) -> None:
        """Until there may be something new, or so long."""
        self._ring.wait(seconds)

    def close(self) -> None:
        """It will not read any more."""
        self._ring.readers -= 1
