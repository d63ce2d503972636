"""Firing the timers of a service when they are due (chassis/work/timers.py says how each has one effect)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

import structlog

from chassis.process import crash
from chassis.process.clock import was_set_back
from chassis.service.registration import Errand
from chassis.wire.errors import Unavailable
from chassis.work.executor import Executor
from chassis.work.timers import DueTimer, Key, bring_forward
from chassis.work.unit_of_work import Work

log = structlog.get_logger()

AT_ONCE = 50
"""Timers between two looks at whether this process still leads, and whether it is to stop."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
LATEST_ERRAND = timedelta(hours=1)
"""The next attempt of an errand is not later: what is, was set by a clock that was wrong."""


class Timekeeper:
    """Fires what is due, while this process leads. With nothing due a look is one statement, however many dealers there are.

    A timer that fails is tried again after a pause that doubles, and holds up no other. How long is kept in memory and by the
    monotonic clock: a new leader tries at once, and a clock that was wrong puts nothing off.
    """

    at_once = AT_ONCE

    def __init__(self, executor: Executor, use_cases: Mapping[str, Callable[[Work, str], object]]) -> None:
        self._executor = executor
        self._use_cases = use_cases
        self._failed: dict[Key, tuple[float, float]] = {}

    def look(self, stop: Event) -> bool:
        """Fire once each timer that is due, so many at most, none after `stop` is set. Whether there may be more at once."""
        return self.fire(stop) >= self.at_once

    def fire(self, stop: Event) -> int:
        """As `look`; how many were due."""
        if not self._use_cases:
            return 0
        now = monotonic()
        put_off = {key for key, (until, _) in self._failed.items() if until > now}
        try:
            found = self._executor.due_timers(self.at_once + len(put_off), self._use_cases)
            known = {one.key for one in found}
            self._failed = {key: pause for key, pause in self._failed.items() if key in known}
            due = [one for one in found if one.key not in put_off][: self.at_once]
            for one in due:
                if stop.is_set():
                    return 0
                self._fire(one)
        except Unavailable as error:
            log.warning("timers_wait_for_the_database", reason=str(error))
            return 0
        return len(due)

    def _fire(self, due: DueTimer) -> None:
        try:
            self._do(due)
        except Unavailable:
            raise
        except Exception:  # one subject's trouble must not keep the others' timers from firing; it stays due
            pause = min(2 * self._failed.get(due.key, (0.0, FIRST_PAUSE / 2))[1], LONGEST_PAUSE)
            self._failed[due.key] = monotonic() + pause, pause
            log.exception("timer_failed", timer=due.name, dealer=due.dealer, subject=due.subject, again_in=pause)
        else:
            self._failed.pop(due.key, None)

    def _do(self, due: DueTimer) -> None:
        self._executor.fire(due, self._use_cases[due.name])


class Errands(Timekeeper):
    """Has done outside what is due, one at a time, so that the leader shows between two of them that it is not frozen.

    When the clock was set back, or by another leader's that was ahead, no attempt is later than LATEST_ERRAND.
    """

    at_once = 1

    def __init__(self, executor: Executor, errands: Mapping[str, Errand]) -> None:
        super().__init__(executor, {name: one.take for name, one in errands.items()})
        self._errands = errands
        self._looked: datetime | None = None

    def fire(self, stop: Event) -> int:
        """As `look`; how many were due."""
        now, before = self._executor.clock.now(), self._looked
        if before is None or was_set_back(before, now):
            try:
                self._executor.keep(lambda work: bring_forward(work.session, self._errands, now, now + LATEST_ERRAND))
            except Unavailable as error:
                log.warning("timers_wait_for_the_database", reason=str(error))
                return 0
        self._looked = now
        return super().fire(stop)

    def _do(self, due: DueTimer) -> None:
        errand = self._errands[due.name]
        taken = self._executor.fire(due, errand.take)
        if taken is None:
            return
        outcome = errand.run(taken)
        crash.here("errand_before_note")
        self._executor.run_for(due.dealer, lambda work: errand.note(work, due.subject, outcome), name=f"note {due.name}")
