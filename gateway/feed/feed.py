"""The rings of all dealers, and since when they are complete."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable

from chassis.amqp.overhearing import Overhearing
from chassis.events import notices
from chassis.events.notices import Noticed
from chassis.process.metrics import Metrics
from chassis.process.ring import KEPT_SECONDS, Change, Reader, Ring
from chassis.process.settings import Settings

OVERLAP_SECONDS = 60.0
"""So much of what a reader may have seen it gets again: another process heard the same in another order, by another clock, and
notices only after a while that its line was dead."""
_SWEEP_SECONDS = 10.0
_ITSELF = {"workshop.work_order": "work_order_id", "booking.appointment": "appointment_id"}
"""Whose events are about the thing itself: of these the subject is its id."""


class Feed:
    """What was heard of every dealer. Nothing is heard before `listen`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        metrics.feeds()
        self._rings: defaultdict[str, Ring] = defaultdict(Ring)
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
        self._complete_since = time.time()
        for ring in list(self._rings.values()):
            ring.miss()

    def wake(self) -> None:
        """Have every reader look."""
        for ring in list(self._rings.values()):
            ring.wake()

    def reader(self, dealer: str, since: float | None) -> Reader:
        """Who reads from now on, or goes on from where an earlier one had read at this time. Close it."""
        ring = self._rings[dealer]
        return Reader(ring, ring.last if since is None else self._place(ring, since - OVERLAP_SECONDS))

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
