"""The second chance of parked messages: each is tried again when its time has come, or when what it waits for has.

Whoever takes a message writes down first what becomes of it should the process end in the attempt - a failure, tried again
after its pause -, and then holds the row until the attempt is over. So a message that kills its process is never tried in a hot
loop, and one whose process was killed for another reason waits for nobody: the hold ends with the connection.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

import structlog

from chassis.events import parked
from chassis.events.pacing import Pace
from chassis.events.parked import ParkedMessage
from chassis.events.retry import ProcessEnded, RetryPolicy
from chassis.events.subscriber import Subscriber
from chassis.process.clock import was_set_back
from chassis.store.database import database_is_down
from chassis.wire.errors import DependencyDown, Unavailable
from chassis.work.executor import Executor

log = structlog.get_logger()

AT_ONCE = 20
AGAIN_SECONDS = 0.25
IDLE_SECONDS = 1.0


class SecondChance:
    """Tries the parked messages of one service again, in each of its processes."""

    def __init__(self, executor: Executor, subscriber: Subscriber, policies: Sequence[RetryPolicy]) -> None:
        self._executor = executor
        self._subscriber = subscriber
        self._longest = 2 * max((policy.longest for policy in policies), default=timedelta())
        self._anyone = False
        """Whether any message was parked at the last look: if not, neither an arrival nor the look costs more than that."""
        self._unsettled: list[tuple[ParkedMessage, ParkedMessage]] = []
        """Messages as they were taken, each with what became of it, that the database has not been told yet."""
        self._looked: datetime | None = None
        self._due = Event()
        self._stop = Event()
        self._pace = Pace()

    def run(self) -> None:
        """Look again and again, until stopped."""
        while not self._stop.is_set():
            started = monotonic()
            try:
                tried = self.look()
            except Exception as error:  # noqa: BLE001  # whatever it was, the messages stay parked and their time comes again
                outage = isinstance(error, DependencyDown) or database_is_down(error)
                log.warning("parked_messages_wait", reason=str(error), outage=outage)
                tried = 0
            spent = monotonic() - started
            self._due.wait(self._pace.rest_after(spent, tried) if tried == AT_ONCE else AGAIN_SECONDS if tried else IDLE_SECONDS)
            self._due.clear()

    def stop(self) -> None:
        """Finish the attempt that is under way, then leave."""
        self._stop.set()
        self._due.set()

    def wake(self, subjects: Collection[str]) -> None:
        """Events of these aggregates have had their effect: have what waits for them tried at once, on whichever replica.

        What is parked at this very moment may be missed: its first pauses are short. Raises DependencyDown.
        """
        if not (self._anyone and subjects):
            return

        def tell() -> int:
            with self._executor.sessions() as session:
                woken = parked.wake(session, sorted(subjects), self._executor.clock.now())
                session.commit()
            return woken

        try:
            woken = self._executor.retrying(tell)
        except Unavailable as error:
            raise DependencyDown(str(error)) from error
        if woken:
            self._due.set()

    def look(self) -> int:
        """Try what is due, up to a number; how many were tried."""
        self._begin()
        tried = 0
        while self._anyone and tried < AT_ONCE and not self._stop.is_set():
            pair = self._take()
            if pair is None:
                break
            self._try(*pair)
            tried += 1
        return tried

    def _begin(self) -> None:
        self._settle()
        now = self._executor.clock.now()
        with self._executor.sessions() as session:
            if was_set_back(self._looked, now):
                parked.wake_all(session, now)
            counts = parked.count(session)
            session.commit()
        self._looked = now
        self._anyone = any(kind != "dead" for kind in counts)
        self._executor.metrics.holding(counts)

    def _take(self) -> tuple[ParkedMessage, ParkedMessage] | None:
        now = self._executor.clock.now()
        with self._executor.sessions() as session:
            entry = parked.take(session, now, self._longest)
            if entry is None:
                return None
            ended = ProcessEnded("the process ended while it tried this message")
            taken = self._subscriber.policy(entry.subscriber).after(ended, entry, now)
            parked.update(session, taken)
            session.commit()
        return entry, taken

    def _try(self, entry: ParkedMessage, taken: ParkedMessage) -> None:
        try:
            subject = self._subscriber.retry(entry, taken)
        except DependencyDown:
            self._unsettled.append((taken, entry))  # nobody's failure: it is not counted
            raise
        except parked.TakenMeanwhile:
            self._unsettled.append((taken, entry))
            self._settle()
        except Exception as error:  # noqa: BLE001  # whatever the flush says, this message alone is to blame
            outcome = self._subscriber.policy(entry.subscriber).after(error, entry, self._executor.clock.now())
            self._unsettled.append((taken, outcome))
            self._settle()
            self._subscriber.parked(outcome)
        else:
            self.wake([subject])

    def _settle(self) -> None:
        if not self._unsettled:
            return
        with self._executor.sessions() as session:
            for taken, outcome in self._unsettled:
                parked.settle(session, taken, outcome)
            session.commit()
        self._unsettled.clear()
