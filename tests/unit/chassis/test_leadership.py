"""One leader per name: who leads, how it is lost, and that a leader which lost it can do no more."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.process.clock import SystemClock
from chassis.store.database import create_database_engine
from chassis.store.leadership import Leadership, lock_key
from tests.waiting import awaited

RELAY_KEY = 4182077271328886942

ROOT = Path(__file__).parents[3]

A_LEADER_IN_ITS_OWN_PROCESS = """
import sys, time
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from chassis.process.clock import SystemClock
from chassis.store.database import create_database_engine
from chassis.store.leadership import Leadership

engine = create_database_engine(sys.argv[1], name="frozen")
with Leadership(engine, "relay", SystemClock(), idle_seconds=1).attempt() as connection:
    print("leading", flush=True)
    try:
        while True:
            with connection.begin():
                connection.execute(text("INSERT INTO work VALUES ('by the first')"))
            time.sleep(0.05)
    except SQLAlchemyError:
        print("lost", flush=True)
"""


@pytest.fixture
def url(fresh_database: Callable[[str], Any]) -> str:
    """A database of PostgreSQL."""
    return str(fresh_database("leadership").owner_url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine of one replica."""
    with an_engine(url) as engine:
        yield engine


@pytest.fixture
def other_engine(url: str) -> Iterator[Engine]:
    """An engine of another replica."""
    with an_engine(url) as engine:
        yield engine


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An engine of the embedded mode: its pool has one connection."""
    with an_engine(f"sqlite:///{tmp_path}/service.sqlite") as engine:
        yield engine


@contextmanager
def an_engine(url: str) -> Iterator[Engine]:
    engine = create_database_engine(url, name="test", connections=2)
    yield engine
    engine.dispose()


def a_leadership(engine: Engine, name: str = "relay", idle_seconds: float = 60.0) -> Leadership:
    # The idle limit is far away: no test may pass only because the server cleans up what was left behind.
    return Leadership(engine, name, SystemClock(), idle_seconds=idle_seconds)


def can_lead(leadership: Leadership) -> bool:
    with leadership.attempt() as connection:
        return connection is not None


def locks_held(engine: Engine) -> int:
    with engine.connect() as connection:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        held: int = connection.execute(text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}")).scalar_one()
        return held


def test_only_one_of_two_leads(engine: Engine, other_engine: Engine) -> None:
    with a_leadership(engine).attempt() as first, a_leadership(other_engine).attempt() as second:
        assert first is not None
        assert second is None


def test_each_name_has_a_leader_of_its_own(engine: Engine, other_engine: Engine) -> None:
    with a_leadership(engine, "relay").attempt() as relay, a_leadership(other_engine, "schedule").attempt() as schedule:
        assert relay is not None
        assert schedule is not None


def test_a_name_has_one_key_for_ever() -> None:
    """Replicas of different releases must agree, so the key is written down here; and it fits a bigint."""
    assert lock_key("relay") == RELAY_KEY
    assert lock_key("relay") != lock_key("schedule")
    assert all(0 <= lock_key(f"name {number}") < 2**63 for number in range(1000))


def test_another_leads_as_soon_as_the_leader_leaves(engine: Engine, other_engine: Engine) -> None:
    with a_leadership(engine).attempt():
        pass
    awaited(lambda: can_lead(a_leadership(other_engine)), "the second to lead after the first left")


def test_standing_by_and_leading_leave_no_connection_behind(engine: Engine, other_engine: Engine) -> None:
    """The pool has two places and waits 10 s for a third: a leak of any kind would stop this test."""
    for _ in range(5):
        with a_leadership(engine).attempt() as connection:
            assert connection is not None
            for _ in range(5):
                assert not can_lead(a_leadership(other_engine))
        awaited(lambda: locks_held(engine) == 0, "the lock to be free")
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool has it
    assert other_engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool has it


def test_the_leaders_session_never_returns_to_the_pool(engine: Engine) -> None:
    """A pooled session that holds the lock, or ends when idle, would haunt whoever is given it next."""
    with a_leadership(engine).attempt() as connection:
        assert connection is not None
        leader = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with engine.connect() as one, engine.connect() as two:
        for pooled in (one, two):
            assert pooled.execute(text("SELECT pg_backend_pid()")).scalar_one() != leader


def test_a_leader_takes_no_place_in_the_pool(engine: Engine) -> None:
    """It leads for days; the pool's places are counted for those who work for a moment."""
    with a_leadership(engine).attempt() as connection:
        assert connection is not None
        assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool has it


def test_standing_by_leaves_the_pools_sessions_as_they_were(engine: Engine, other_engine: Engine) -> None:
    """The idle limit is for the leader alone: pooled connections rest as long as they like."""
    with a_leadership(engine).attempt():
        assert not can_lead(a_leadership(other_engine))
        with other_engine.connect() as connection:
            assert connection.execute(text("SHOW idle_session_timeout")).scalar_one() == "0"


def test_a_leader_whose_session_ended_can_do_no_more(engine: Engine, other_engine: Engine) -> None:
    """Its connection must not reconnect by itself: that would be work without the lock."""
    with a_leadership(engine).attempt() as connection:
        assert connection is not None
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.commit()
        with other_engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        for _ in range(3):
            with pytest.raises(SQLAlchemyError):
                connection.execute(text("SELECT 1"))
            connection.rollback()
        assert can_lead(a_leadership(other_engine))


def test_a_leader_that_shows_no_sign_of_life_loses_the_lock(engine: Engine, other_engine: Engine) -> None:
    with a_leadership(engine, idle_seconds=0.3).attempt() as connection:
        assert connection is not None
        awaited(lambda: can_lead(a_leadership(other_engine)), "the silent leader to lose the lock")
        with pytest.raises(SQLAlchemyError):
            connection.execute(text("SELECT 1"))


def test_a_leader_frozen_inside_a_transaction_loses_the_lock(engine: Engine, other_engine: Engine) -> None:
    with a_leadership(engine, idle_seconds=0.3).attempt() as connection:
        assert connection is not None
        connection.execute(text("SELECT 1"))
        awaited(lambda: can_lead(a_leadership(other_engine)), "the leader in its transaction to lose the lock")


def test_confirming_keeps_the_lock(engine: Engine, other_engine: Engine) -> None:
    leadership = a_leadership(engine, idle_seconds=0.3)
    with leadership.attempt() as connection:
        assert connection is not None
        until = time.monotonic() + 1
        while time.monotonic() < until:
            leadership.confirm(connection)
            assert not can_lead(a_leadership(other_engine))
            time.sleep(0.05)


def test_a_frozen_process_is_replaced_and_does_nothing_after_it_thaws(url: str, engine: Engine) -> None:
    """SIGSTOP, another leads within the idle limit, SIGCONT: the first finds its lock lost and writes nothing more."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE work (fact text)"))
    frozen = subprocess.Popen(
        [sys.executable, "-c", A_LEADER_IN_ITS_OWN_PROCESS, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert frozen.stdout is not None
        assert "leading\n" in frozen.stdout
        assert not can_lead(a_leadership(engine))
        os.kill(frozen.pid, signal.SIGSTOP)
        with contextmanager(leading)(a_leadership(engine)) as connection:
            with connection.begin():
                connection.execute(text("DELETE FROM work"))
            os.kill(frozen.pid, signal.SIGCONT)
            assert "lost\n" in frozen.stdout
            with connection.begin():
                assert connection.execute(text("SELECT count(*) FROM work")).scalar_one() == 0
    finally:
        frozen.kill()
        frozen.wait()


def leading(leadership: Leadership, seconds: float = 5.0) -> Iterator[Connection]:
    """The leader's connection, waiting until this one leads."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with leadership.attempt() as connection:
            if connection is not None:
                yield connection
                return
        time.sleep(0.05)
    pytest.fail(f"did not lead within {seconds} s")


class Replica:
    """A replica that runs `leadership.run` in a thread and counts its calls."""

    def __init__(self, leadership: Leadership, body: Callable[[Connection], None] = lambda connection: None) -> None:
        self.leadership = leadership
        self.calls = 0
        self._body = body
        self.stop = Event()
        self.thread = Thread(target=leadership.run, args=(self._work, self.stop), kwargs={"poll_seconds": 0.05})

    def _work(self, connection: Connection) -> None:
        self.leadership.confirm(connection)
        self._body(connection)
        self.calls += 1
        self.stop.wait(0.02)

    def __enter__(self) -> "Replica":
        self.thread.start()
        return self

    def __exit__(self, *ignored: object) -> None:
        self.stop.set()
        self.thread.join(5)
        assert not self.thread.is_alive(), "the replica did not stop"

    @property
    def leads(self) -> bool:
        return self.leadership.leading_since is not None


def test_the_next_takes_over_when_the_running_leader_stops(engine: Engine, other_engine: Engine) -> None:
    with Replica(a_leadership(engine)) as first:
        awaited(lambda: first.calls > 2, "the first to lead and work repeatedly")
        with Replica(a_leadership(other_engine)) as second:
            first.stop.set()
            awaited(lambda: second.calls > 0, "the second to take over")
            assert not first.leads


def test_a_database_error_ends_the_leadership_and_it_is_won_again(engine: Engine, other_engine: Engine) -> None:
    """Its session is terminated under it: it stands by, and leads again on a new one."""
    pids: list[int] = []

    def note_session(connection: Connection) -> None:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        if pid not in pids:
            pids.append(pid)

    with Replica(a_leadership(engine), note_session):
        awaited(lambda: len(pids) == 1, "the replica to lead")
        with other_engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pids[0]})
        awaited(lambda: len(pids) == 2, "the replica to lead again on another session")


def test_a_failed_statement_ends_the_leadership_too(engine: Engine) -> None:
    """Whatever the database said no to: the lock goes with the session, so that none is held by accident."""
    fails = iter([True])

    def fail_once(connection: Connection) -> None:
        if next(fails, False):
            connection.execute(text("SELECT no_such_column"))

    with Replica(a_leadership(engine), fail_once) as replica:
        awaited(lambda: replica.calls > 0, "the replica to lead again")
        assert locks_held(engine) == 1


def test_the_lock_is_free_at_once_when_the_leaders_work_fails(engine: Engine, other_engine: Engine) -> None:
    """The session is ended, not left to whoever still holds the exception and its frames."""
    with pytest.raises(SQLAlchemyError) as held, a_leadership(engine).attempt() as connection:  # noqa: PT012  # one act
        assert connection is not None
        connection.execute(text("SELECT no_such_column"))
    awaited(lambda: locks_held(other_engine) == 0, "the lock to be free", seconds=2)
    assert held.tb is not None


def test_a_defect_in_the_leaders_work_is_raised_and_the_lock_is_free(engine: Engine, other_engine: Engine) -> None:
    def defect(connection: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_leadership(engine).run(defect, Event())
    awaited(lambda: can_lead(a_leadership(other_engine)), "the lock to be free")


def test_what_the_body_left_open_is_rolled_back(engine: Engine, other_engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE work (fact text)"))

    def forget_to_commit(connection: Connection) -> None:
        assert not connection.in_transaction()
        connection.execute(text("INSERT INTO work VALUES ('not committed')"))

    with Replica(a_leadership(engine), forget_to_commit) as replica:
        awaited(lambda: replica.calls > 2, "the body to have run a few times")
    with other_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM work")).scalar_one() == 0


def test_the_one_process_on_sqlite_always_leads(sqlite: Engine) -> None:
    leadership = a_leadership(sqlite)
    with leadership.attempt() as connection:
        assert connection is not None
        assert leadership.leading_since is not None
        leadership.confirm(connection)
    assert leadership.leading_since is None


def test_a_resting_leader_on_sqlite_does_not_keep_the_only_connection(sqlite: Engine) -> None:
    """Relay, schedule and commands of one service share it: who waits while holding it stops the service."""
    relay, schedule = a_leadership(sqlite, "relay"), a_leadership(sqlite, "schedule")
    with relay.attempt() as first, schedule.attempt() as second:
        assert first is not None
        assert second is not None
        with first.begin():
            first.execute(text("CREATE TABLE work (fact text)"))
        relay.rest(first)
        with second.begin():
            second.execute(text("INSERT INTO work VALUES ('by the second')"))
        schedule.rest(second)
        with sqlite.begin() as command:
            command.execute(text("INSERT INTO work VALUES ('by a command')"))
        assert first.execute(text("SELECT count(*) FROM work")).scalar_one() == 2
        relay.rest(first)
        relay.rest(first)
    assert sqlite.pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool has it


def test_two_leaders_run_beside_each_other_on_sqlite(sqlite: Engine) -> None:
    def work(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))

    with Replica(a_leadership(sqlite, "relay"), work) as relay, Replica(a_leadership(sqlite, "schedule"), work) as schedule:
        awaited(lambda: relay.calls > 3 and schedule.calls > 3, "both to have worked repeatedly")
