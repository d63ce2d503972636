"""A service that follows the simulated clock: timers, errands and schedules are done as the clock is moved, by nobody else.

The embedded suite alone has such a clock (chassis/process/clock.py).
"""

from collections.abc import Sequence
from threading import Event

from sqlalchemy import bindparam, exists, func, or_, select

from chassis.process.clock import Clock, SimulatedClock, Standing
from chassis.service.schedule import Job, Scheduler, next_due
from chassis.service.timekeeping import Timekeeper
from chassis.store.columns import UtcDateTime
from chassis.store.tables import outbox, parked_message, timer
from chassis.work.executor import Executor

_NOW = bindparam("now", type_=UtcDateTime())
# The embedded bus confirms an event when every subscriber has had its effect: what is sent is done.
_UNDER_WAY = or_(exists().where(outbox.c.sent_at.is_(None)), exists().where(parked_message.c.next_at <= _NOW))
_STANDING = select(
    select(func.max(outbox.c.position)).scalar_subquery().label("written"),
    _UNDER_WAY.label("under_way"),
    exists().where(timer.c.due_at <= _NOW).label("due"),
    select(func.min(timer.c.due_at)).where(timer.c.due_at > _NOW).scalar_subquery().label("timer"),
    select(func.min(parked_message.c.next_at)).where(parked_message.c.next_at > _NOW).scalar_subquery().label("parked"),
)


class Following:
    """What the clock has a service do at its times."""

    def __init__(self, executor: Executor, jobs: Sequence[Job], scheduler: Scheduler, *timekeepers: Timekeeper) -> None:
        self.name = executor.settings.service
        self._executor = executor
        self._jobs = jobs
        self._scheduler = scheduler
        self._timekeepers = timekeepers
        self._stop = Event()

    def catch_up(self) -> Standing:
        """Fire what is due. Under way is what was announced and has not had all its effects, and parked messages due now."""
        self._scheduler.look(self._stop)
        now = self._executor.clock.now()
        with self._executor.engine.connect() as connection:
            row = connection.execute(_STANDING, {"now": now}).one()
        fired = sum(one.fire(self._stop) for one in self._timekeepers) if row.due else 0
        due = min(filter(None, (row.timer, row.parked, *(next_due(job, now) for job in self._jobs))), default=None)
        return Standing(row.written or 0, bool(row.under_way or fired), due)


def follow(clock: Clock, following: Following) -> bool:
    """Have the clock do what this service has to do at its times; False where it is not a simulated one."""
    if not isinstance(clock, SimulatedClock):
        return False
    clock.follow(following)
    return True
