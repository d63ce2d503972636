"""One dealer's line to the gateway: one stream of its change feed, heard with the session of one of those who listen here.

Every role of a dealer may read the feed, and it says the same to each (ADR 0037); so one stream is enough for all of them. It is
the stream of one session all the same: it ends with that, and goes on with another one's who still listens.
"""

import json
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import eventlet
import structlog

from chassis.process.ring import KEPT_SECONDS, Change, Reader, Ring
from console.gateway import Caller, Refusal
from console.live.hearing import Event, told
from console.session import SignedOut

log = structlog.get_logger()

SKEW_SECONDS = 5.0
"""The clocks of two replicas may disagree by so much: a page was made by one, its stream is opened at another."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 3.0
_STEADY_SECONDS = 1.0
"""A stream that ends sooner was none."""
_REMEMBERED = 1_000


@dataclass(frozen=True)
class Ear:
    """A session that listens."""

    session: str
    login: str
    handle: str
    caller: Caller


Listen = Callable[[Ear, str], AbstractContextManager[Iterator[Event]]]
"""Opens the dealer's stream for a session, from behind an event's id on. Raises Refusal or SignedOut."""


class Line:
    """What this replica hears of one dealer, and since when that is complete.

    `whose` says with which session it is to be heard; while there is none, it is not. `lost` is told of one that has ended.
    """

    def __init__(self, listen: Listen, whose: Callable[[], Ear | None], lost: Callable[[Ear], None], since: float) -> None:
        self.ring = Ring()
        self.live = False
        self.beats = 0
        self.heard_at = time.time()
        self.ear: Ear | None = None
        self._listen = listen
        self._whose = whose
        self._lost = lost
        self._complete_since = since
        self._mark = str(int(since * 1000))
        self._known: deque[str] = deque(maxlen=_REMEMBERED)
        self._thread: eventlet.greenthread.GreenThread | None = None

    def start(self) -> None:
        """Listen, if it does not yet."""
        if self._thread is None or self._thread.dead:
            self._thread = eventlet.spawn(self._run)

    def stop(self) -> None:
        """Listen no more."""
        if self._thread is not None:
            self._thread.kill()
            self._thread = None

    def restart(self) -> None:
        """Go on with another session, from where it is."""
        self.stop()
        self.start()

    def reader(self, since: float) -> Reader:
        """Who is told what happened since then; one who cannot be told everything is told that."""
        now, since = time.time(), since - SKEW_SECONDS
        complete = max(self._complete_since, now - KEPT_SECONDS) <= since <= now
        return Reader(self.ring, self.ring.place_of(since) if complete else None)

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while (ear := self._whose()) is not None:
            self.ear, began = ear, time.monotonic()
            try:
                with self._listen(ear, self._mark) as events:
                    for event in events:
                        self._heard(event)
                steady = time.monotonic() - began > _STEADY_SECONDS
            except SignedOut:
                self._lost(ear)
                continue
            except Refusal as refusal:
                log.warning("feed_lost", code=refusal.code, status=refusal.status)
                steady = False
            if steady:  # it ends with its token, and with its gateway: go on at once
                pause = FIRST_PAUSE
                continue
            if self.live:
                pause = FIRST_PAUSE
            self._away()
            eventlet.sleep(pause * random.uniform(0.5, 1))
            pause = min(pause * 2, LONGEST_PAUSE)
        self._away()

    def _heard(self, event: Event) -> None:
        self.heard_at = now = time.time()
        self.beats += 1
        self.live = True
        if event.name == "resync":
            self._complete_since = now
            self.ring.miss()
        elif event.name == "change":
            change = json.loads(event.data)
            # Who goes on is told again what came shortly before: once is enough here.
            if change["event_id"] not in self._known:
                self._known.append(change["event_id"])
                self.ring.add([Change(now, told(change))])
        self._mark = event.id or self._mark
        self.ring.forget_before(now - KEPT_SECONDS)
        self.ring.wake()

    def _away(self) -> None:
        self.live = False
        self.ring.wake()
