"""The rings of all dealers, and since when they are complete."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable

from chassis.amqp.overhearing import Overhearing
from chassis.events import notices
from chassis.events.notices import Noticed
from chassis.process.metrics import Metrics
from chassis.process.settings import Settings
from gateway.feed.ring import KEPT_SECONDS, OVERLAP_SECONDS, Change, Ring

_SWEEP_SECONDS = 10.0
_ITSELF = {"workshop.work_order": "work_order_id", "booking.appointment": "appointment_id"}
"""Whose events are about the thing itself: of these the subject is its id."""


class Feed:
    """What was heard of every dealer. Nothing is heard before `listen`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        metrics.feeds()
        self._rings: defaultdict[str, Ring] = defaultdict(Ring)
        self._gaps = 0
        self._complete_since = time.time()
        self._swept = time.monotonic()
        self._line: Overhearing | None = None

    def listen(self, settings: Settings, services: Iterable[str]) -> Overhearing:
        """What hears these services; have it run."""
        self._line = notices.listener(settings, services, self.heard, self.missed)
        return self._line

    @property
    def hears(self) -> bool:
        """Whether it hears what is published now."""
        return self._line is not None and self._line.hearing

    @property
    def gaps(self) -> int:
        """How often something may have been missed until now."""
        return self._gaps

    def heard(self, noticed: Iterable[Noticed]) -> None:
        """These were published: tell whoever reads."""
        at, found = time.time(), defaultdict(list)
        for one in noticed:
            found[one.dealer].append(Change(at, _told(one)))
        for dealer, changes in found.items():
            self._rings[dealer].add(changes)
            self._metrics.heard(len(changes))
        if time.monotonic() - self._swept > _SWEEP_SECONDS:
            self._sweep(at)

    def missed(self) -> None:
        """Something may have been published that was not heard: nobody's place is good any more."""
        self._gaps += 1
        self._complete_since = time.time()
        self.wake()

    def wake(self) -> None:
        """Have every reader look."""
        for ring in list(self._rings.values()):
            ring.wake()

    def reader(self, dealer: str, since: float | None) -> "Reader":
        """Who reads from now on, or goes on from where an earlier one had read at this time. Close it."""
        ring = self._rings[dealer]
        ring.readers += 1
        return Reader(self, ring, ring.last if since is None else self._place(ring, since - OVERLAP_SECONDS))

    def _place(self, ring: Ring, since: float) -> int | None:
        now = time.time()
        if not max(self._complete_since, now - KEPT_SECONDS) <= since <= now:
            return None
        return ring.place_of(since)

    def _sweep(self, now: float) -> None:
        self._swept = time.monotonic()
        for dealer, ring in list(self._rings.items()):
            ring.forget_before(now - KEPT_SECONDS)
            if ring.idle:
                del self._rings[dealer]


class Reader:
    """A place in a dealer's ring; None when it has missed something."""

    def __init__(self, feed: Feed, ring: Ring, place: int | None) -> None:
        self._feed = feed
        self._ring = ring
        self._place = place
        self._gaps = feed.gaps

    def read(self, most: int) -> list[Change] | None:
        """What is new, `most` of it, perhaps nothing; None when something was missed: from there on it reads what is new."""
        found = None
        if self._place is not None and self._gaps == self._feed.gaps:
            found = self._ring.after(self._place, most)
        if found is None or self._place is None:
            self._place, self._gaps = self._ring.last, self._feed.gaps
            return None
        self._place += len(found)
        return found

    def wait(self, seconds: float) -> None:
        """Until there may be something new, or so long."""
        self._ring.wait(seconds)

    def close(self) -> None:
        """It will not read any more."""
        self._ring.readers -= 1


def _told(one: Noticed) -> str:
    """As the contract says it (`Change`): what an event was about and where it belongs; what it says is asked at its own door."""
    ids = {**one.ids, _ITSELF.get(one.type.rpartition(".")[0], ""): one.subject}
    told = {
        "event_id": one.id,
        "type": one.type,
        "subject": one.subject,
        "sequence": one.sequence,
        "time": one.time,
        "visit_id": one.correlation_id,
        "work_order_id": ids.get("work_order_id"),
        "appointment_id": ids.get("appointment_id"),
    }
    return json.dumps(told, separators=(",", ":"))
