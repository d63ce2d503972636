"""The loop of a leader: it leads until it is told to stop or something breaks, and then the next one does."""
# ruff: noqa: F811 - fixtures are imported by name and asked for by name

from threading import Event

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from tests.unit.chassis.leaders import Replica, a_leadership, can_lead, engine, locks_held, other_engine, sqlite, url  # noqa: F401  # fixtures
from tests.waiting import awaited


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
