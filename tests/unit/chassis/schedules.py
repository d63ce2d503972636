"""Schedules on a database with something for their jobs to have an effect on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, DateTime, Engine, MetaData, String, Table, func, insert, select
from sqlalchemy.orm import Session

from chassis.process.clock import ManualClock, SystemClock
from chassis.service.schedule import Job, Scheduler, claim_run, daily_job
from chassis.store.database import create_database_engine
from chassis.store.leadership import Leadership
from chassis.store.tables import schedule_run

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

REMIND = Job("remind", MINUTE)
INVITE = daily_job("invite", at="06:30")

effects = Table("effects", MetaData(), Column("job", String(80)), Column("due", DateTime(timezone=True)))


@contextmanager
def an_engine(url: str) -> Iterator[Engine]:
    engine = create_database_engine(url, name="test", connections=4)
    schedule_run.create(engine)
    effects.create(engine)
    yield engine
    engine.dispose()


def a_scheduler(engine: Engine, clock: ManualClock, runs: Callable[[Job, datetime], None], *jobs: Job) -> Scheduler:
    return Scheduler(jobs, runs, Leadership(engine, "schedule", SystemClock()), clock)


def with_effect_in(engine: Engine) -> Callable[[Job, datetime], None]:
    """An `execute` as a service has it: one transaction that claims the run and has the effect."""

    def execute(job: Job, due: datetime) -> None:
        with Session(engine) as session, session.begin():
            if claim_run(session, job.name, due):
                session.execute(insert(effects), {"job": job.name, "due": due})

    return execute


def effects_in(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(effects)).scalar_one()
