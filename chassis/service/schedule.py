"""Jobs that run by the clock: led by one replica, each due run with one effect, and a missed one made up for.

A run is named by its job and the time it was due. Due times are the same on every replica, whenever it started. Whoever runs
a job claims the run first, in the transaction of the job's effect (`claim_run`): if two leaders overlap, or one dies half way,
one transaction is committed and the other has no effect.

A clock that is set forward and back again leaves runs behind that were done before their time. They are forgotten, and done again
when they are due: otherwise the schedule would stand still until the later time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from threading import Event

import structlog
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from chassis.process.clock import Clock
from chassis.store.leadership import Leadership
from chassis.store.sql import insert_new
from chassis.store.tables import schedule_run
from chassis.wire.fields import CLOCK_SKEW

log = structlog.get_logger()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """A job by its name, which stays the same for ever: its runs are recorded under it.

    It is due every `interval`, counted from `offset` after the epoch.
    """

    name: str
    interval: timedelta
    offset: timedelta = timedelta()


def daily_job(name: str, *, at: str) -> Job:
    """A job that is due once a day at `at`, "HH:MM" in UTC. What is local at each dealer is the job's own business."""
    due = time.fromisoformat(at)
    return Job(name, _DAY, timedelta(hours=due.hour, minutes=due.minute))


def latest_due(job: Job, at: datetime) -> datetime:
    """When the job was due last: at `at` or before."""
    return _EPOCH + job.offset + (at - _EPOCH - job.offset) // job.interval * job.interval


def next_due(job: Job, after: datetime) -> datetime:
    """When the job is due next: strictly after `after`."""
    return latest_due(job, after) + job.interval


def claim_run(session: Session, name: str, due: datetime) -> bool:
    """Record a run in this session's transaction; False when it is done already, and the job must have no effect.

    While another transaction is at the same run, this waits for it to end. `name` is the job's name, or of what has an effect
    of its own within the job.
    """
    row = {"schedule": name, "due": due}
    return session.execute(insert_new(session, schedule_run, schedule_run.c.due), row).first() is not None


def run_before(session: Session, name: str, due: datetime) -> datetime | None:
    """When the latest recorded run of the job before this one was due."""
    runs = select(func.max(schedule_run.c.due)).where(schedule_run.c.schedule == name, schedule_run.c.due < due)
    found: datetime | None = session.scalar(runs)
    return found


class Scheduler:
    """Runs each job when it is due, while this process leads.

    `execute(job, due)` opens the unit of work, claims the run, does the job and commits; it is called again for a run that is
    done (by an earlier leader, before a restart) and must then have no effect. What it raises is logged and it is called again
    at the next look. After a pause of any length a job runs once, for the latest due time it missed. `fire(stop)` fires the
    timers that are due, and says whether there may be more at once.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        execute: Callable[[Job, datetime], None],
        leadership: Leadership,
        clock: Clock,
        fire: Callable[[Event], bool] = lambda stop: False,
    ) -> None:
        names = [job.name for job in jobs]
        if len(set(names)) < len(names):
            raise ValueError(f"two jobs have one name: {', '.join(sorted(names))}")
        self._jobs = jobs
        self._execute = execute
        self._leadership = leadership
        self._clock = clock
        self._fire = fire
        self._done: dict[str, datetime] = {}
        self._looked = False

    def run(self, stop: Event, *, poll_seconds: float = 1.0) -> None:
        """Keep the schedule until `stop` is set: standing by, or leading and looking every `poll_seconds`."""

        def look(connection: Connection) -> None:
            self._leadership.confirm(connection)  # the jobs work on connections of their own
            self.look(stop)
            if not self._fire(stop):
                stop.wait(poll_seconds)

        self._leadership.run(look, stop, poll_seconds=poll_seconds)

    def look(self, stop: Event) -> None:
        """Run once each job that is due and not yet done; none is begun after `stop` is set."""
        self._forget_runs_ahead(self._clock.now() + CLOCK_SKEW)  # what another leader did a little early is not done again
        for job in self._jobs:
            due = latest_due(job, self._clock.now())
            if stop.is_set():
                return
            if due > self._done.get(job.name, _EPOCH):
                self._run(job, due)

    def _forget_runs_ahead(self, of: datetime) -> None:
        ahead = [name for name, due in self._done.items() if due > of]
        if self._looked and not ahead:
            return
        with self._leadership.engine.begin() as connection:
            forgotten = connection.execute(delete(schedule_run).where(schedule_run.c.due > of)).rowcount
        for name in ahead:
            del self._done[name]
        self._looked = True
        if forgotten or ahead:
            log.warning("schedule_set_back", runs=forgotten, ahead_of=of.isoformat())

    def _run(self, job: Job, due: datetime) -> None:
        try:
            self._execute(job, due)
        except Exception:  # whatever a job does must not stop the others; the run is not recorded, so it is tried again
            log.exception("schedule_failed", job=job.name, due=due.isoformat())
        else:
            self._done[job.name] = due
