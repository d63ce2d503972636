"""One leader per name: who leads, how it is lost, and that a leader which lost it can do no more."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from chassis.store.leadership import Leadership, lock_key
from tests.unit.chassis.leaders import RELAY_KEY, a_leadership, an_engine, can_lead, engine, locks_held, other_engine, sqlite, url  # noqa: F401  # fixtures
from tests.waiting import awaited

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
