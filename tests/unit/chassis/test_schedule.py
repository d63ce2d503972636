"""When a job is due, that a missed run is made up for once, and that a run has one effect whoever leads."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from chassis.process.clock import ManualClock, SystemClock
from chassis.service.schedule import Job, claim_run, daily_job, latest_due, next_due
from chassis.store.leadership import Leadership
from tests.unit.chassis.schedules import DAY, INVITE, MINUTE, NOON, REMIND, a_scheduler, an_engine, effects_in, with_effect_in

jobs = st.one_of(
    st.integers(1, 100_000).map(lambda seconds: Job("every", timedelta(seconds=seconds))),
    st.times().map(lambda at: daily_job("daily", at=f"{at:%H:%M}")),
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


def test_a_daily_job_is_due_at_its_time_of_day() -> None:
    assert next_due(INVITE, NOON) == datetime(2026, 3, 11, 6, 30, tzinfo=UTC)
    assert latest_due(INVITE, NOON) == datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
    assert latest_due(INVITE, datetime(2026, 3, 10, 6, 29, 59, tzinfo=UTC)) == datetime(2026, 3, 9, 6, 30, tzinfo=UTC)


def test_an_interval_is_counted_from_the_epoch_not_from_the_start() -> None:
    """Two replicas that started at different times must name the same run by the same time."""
    assert next_due(REMIND, NOON + timedelta(seconds=7)) == NOON + MINUTE
    assert latest_due(REMIND, NOON + timedelta(seconds=59)) == NOON


def test_next_is_strictly_after_and_latest_includes_the_moment_itself() -> None:
    assert next_due(REMIND, NOON) == NOON + MINUTE
    assert latest_due(REMIND, NOON) == NOON


@given(job=jobs, moment=moments)
def test_due_times_are_evenly_spaced_and_leave_no_gap(job: Job, moment: datetime) -> None:
    before, after = latest_due(job, moment), next_due(job, moment)
    assert before <= moment < after
    assert after - before == job.interval
    assert next_due(job, before) == after
    assert latest_due(job, after) == after


@pytest.mark.parametrize("at", ["25:00", "noon", "", "6"])
def test_a_time_of_day_that_does_not_exist_is_a_programmers_mistake(at: str) -> None:
    with pytest.raises(ValueError, match=r"isoformat|hour"):
        daily_job("invite", at=at)


class Runs(list[tuple[str, datetime]]):
    """An `execute` that only notes what it was asked to run; `failing` names jobs that raise."""

    def __init__(self) -> None:
        super().__init__()
        self.failing: set[str] = set()

    def __call__(self, job: Job, due: datetime) -> None:
        self.append((job.name, due))
        if job.name in self.failing:
            raise ConnectionError("the mail server is away")


@pytest.fixture
def sqlite(tmp_path: Any) -> Iterator[Engine]:
    """The database of the one process that always leads."""
    with an_engine(f"sqlite:///{tmp_path}/service.sqlite") as engine:
        yield engine


def test_a_run_is_done_once_though_looked_at_often(sqlite: Engine) -> None:
    clock, runs = ManualClock(NOON), Runs()
    scheduler = a_scheduler(sqlite, clock, runs, REMIND)
    for _ in range(3):
        scheduler.look(Event())
        clock.advance(timedelta(seconds=1))
    clock.set(NOON + MINUTE)
    scheduler.look(Event())
    assert runs == [("remind", NOON), ("remind", NOON + MINUTE)]


def test_after_a_pause_the_latest_missed_run_is_made_up_for_and_no_other(sqlite: Engine) -> None:
    clock, runs = ManualClock(NOON), Runs()
    scheduler = a_scheduler(sqlite, clock, runs, REMIND, INVITE)
    scheduler.look(Event())
    runs.clear()
    clock.advance(3 * DAY + timedelta(seconds=30))
    scheduler.look(Event())
    assert runs == [("remind", NOON + 3 * DAY), ("invite", datetime(2026, 3, 13, 6, 30, tzinfo=UTC))]


def test_a_clock_that_is_set_back_repeats_no_run(sqlite: Engine) -> None:
    clock, runs = ManualClock(NOON), Runs()
    scheduler = a_scheduler(sqlite, clock, runs, REMIND)
    scheduler.look(Event())
    clock.set(NOON - 2 * MINUTE)
    scheduler.look(Event())
    assert runs == [("remind", NOON)]


def test_a_failing_job_is_tried_again_at_the_next_look_and_stops_no_other(sqlite: Engine) -> None:
    clock, runs = ManualClock(NOON), Runs()
    runs.failing.add("remind")
    scheduler = a_scheduler(sqlite, clock, runs, REMIND, INVITE)
    with capture_logs() as logs:
        scheduler.look(Event())
    assert [(line["event"], line["job"]) for line in logs] == [("schedule_failed", "remind")]
    assert [name for name, _ in runs] == ["remind", "invite"]

    runs.failing.clear()
    scheduler.look(Event())
    scheduler.look(Event())
    assert [name for name, _ in runs] == ["remind", "invite", "remind"]


def test_no_job_is_begun_after_the_stop(sqlite: Engine) -> None:
    """A shutdown waits for the job that runs, not for all that are due."""
    stop, begun = Event(), []

    def stop_during_the_first(job: Job, due: datetime) -> None:
        begun.append(job.name)
        stop.set()

    a_scheduler(sqlite, ManualClock(NOON), stop_during_the_first, REMIND, INVITE).look(stop)
    assert begun == ["remind"]


def test_two_jobs_of_one_name_are_a_programmers_mistake(sqlite: Engine) -> None:
    """Their runs would be taken for one another's."""
    with pytest.raises(ValueError, match="remind"):
        a_scheduler(sqlite, ManualClock(NOON), Runs(), REMIND, Job("remind", timedelta(seconds=5)))


def test_a_restart_repeats_no_run_that_is_done(sqlite: Engine) -> None:
    clock = ManualClock(NOON)
    for _ in range(2):
        a_scheduler(sqlite, clock, with_effect_in(sqlite), REMIND).look(Event())
    assert effects_in(sqlite) == 1
    clock.advance(MINUTE)
    a_scheduler(sqlite, clock, with_effect_in(sqlite), REMIND).look(Event())
    assert effects_in(sqlite) == 2


def test_the_run_of_a_job_that_failed_is_not_recorded(sqlite: Engine) -> None:
    """Claim and effect are one transaction: what dies half way leaves neither."""
    with pytest.raises(ConnectionError), Session(sqlite) as session, session.begin():  # noqa: PT012  # one transaction
        assert claim_run(session, "remind", NOON)
        raise ConnectionError
    with Session(sqlite) as session:
        assert claim_run(session, "remind", NOON)


@pytest.fixture
def postgres(fresh_database: Callable[[str], Any]) -> Iterator[Engine]:
    """A database of PostgreSQL that several replicas share."""
    with an_engine(fresh_database("schedule").owner_url) as engine:
        yield engine


def test_overlapping_leaders_have_one_effect(postgres: Engine) -> None:
    """The second leader's claim waits for the first one's transaction, and finds the run done."""
    claims: list[bool] = []

    def claim_and_commit() -> None:
        with Session(postgres) as session, session.begin():
            claims.append(claim_run(session, "remind", NOON))

    second = Thread(target=claim_and_commit)
    with Session(postgres) as first, first.begin():
        assert claim_run(first, "remind", NOON)
        second.start()
        second.join(0.3)
        assert second.is_alive(), "the second leader did not wait for the first"
    second.join(5)
    assert claims == [False]


def test_when_a_leader_dies_half_way_the_other_has_the_effect(postgres: Engine) -> None:
    claims: list[bool] = []

    def claim_and_commit() -> None:
        with Session(postgres) as session, session.begin():
            claims.append(claim_run(session, "remind", NOON))

    second = Thread(target=claim_and_commit)
    with Session(postgres) as first:
        assert claim_run(first, "remind", NOON)
        second.start()
        second.join(0.3)
        first.rollback()
    second.join(5)
    assert claims == [True]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_running_scheduler_keeps_time_until_it_is_stopped(database: str, request: pytest.FixtureRequest) -> None:
    """On both databases the jobs work on connections of their own while the leader holds what it must."""
    engine: Engine = request.getfixturevalue(database)
    clock, stop, did = ManualClock(NOON), Event(), Event()
    execute = with_effect_in(engine)

    def execute_and_tell(job: Job, due: datetime) -> None:
        execute(job, due)
        did.set()

    scheduler = a_scheduler(engine, clock, execute_and_tell, REMIND)
    thread = Thread(target=scheduler.run, args=(stop,), kwargs={"poll_seconds": 0.02})
    thread.start()
    try:
        assert did.wait(5), "the run that was due at the start was not done"
        did.clear()
        clock.advance(MINUTE)
        assert did.wait(5), "the next run was not done when it became due"
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive(), "the scheduler did not stop"
    assert effects_in(engine) == 2


def test_only_the_leader_runs_jobs(postgres: Engine) -> None:
    """A replica that stands by runs nothing, however often it looks; once the leader leaves, it does."""
    stop, did = Event(), Event()
    scheduler = a_scheduler(postgres, ManualClock(NOON), lambda job, due: did.set(), REMIND)
    thread = Thread(target=scheduler.run, args=(stop,), kwargs={"poll_seconds": 0.02})
    try:
        with Leadership(postgres, "schedule", SystemClock()).attempt() as leader:
            assert leader is not None
            thread.start()
            assert not did.wait(0.3), "a job ran where another process leads"
        assert did.wait(5), "the replica did not take over"
    finally:
        stop.set()
        thread.join(5)
