"""What happens when: stories are lived side by side, each until the moment it waits for, always in the order of time.

One thing happens after the other, and the clock lets all of its effects happen before the next: the same stories end the same.
"""

import heapq
from collections.abc import Callable, Generator
from datetime import datetime
from itertools import count

from chassis.process.clock import SimulatedClock

Story = Generator[datetime, None, None]
"""Something that takes its time: it yields the moments at which it goes on."""


class Agenda:
    """The stories that go on, and the clock they go on by."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._turn = count()

    def begin(self, at: datetime, story: Story) -> None:
        """Have a story begin at that time, or now if that has been."""
        heapq.heappush(self._waiting, (at, next(self._turn), story))

    def live_until(self, end: datetime, tell: Callable[[datetime], None]) -> None:
        """Let the time pass until then, with all that happens; `tell` is told how far it is."""
        while self._waiting and self._waiting[0][0] < end:
            at, _, story = heapq.heappop(self._waiting)
            self.clock.move_to(max(at, self.clock.now()))
            tell(self.clock.now())
            then = next(story, None)
            if then is not None:
                self.begin(then, story)
        self.clock.move_to(end)
        tell(end)
