"""What is past its retention goes, a bounded number of rows at a time; what is not, stays."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, insert, select, update

from chassis.events import retention
from chassis.process.clock import ManualClock
from chassis.service.runtime import PURGE, Runtime
from chassis.service.schedule import latest_due
from chassis.store.tables import idempotency, inbox, outbox, schedule_run
from tests.bus.delivery.replicas import Bus, Reader
from tests.bus.toy.service import ToyService


@pytest.fixture
def toy(bus: Bus) -> Reader:
    """One that has counted: an unsent event and an idempotency record are there."""
    toy = bus.reader()
    toy.count("wheels", key="k1")
    return toy


def rows(toy: Reader, table) -> int:
    """How many there are."""
    [(count,)] = toy.rows(select(func.count()).select_from(table))
    return count


def test_what_is_done_long_since_goes_and_the_rest_stays(toy: Reader) -> None:
    """A day before its retention is over nothing goes, a day after it everything of that kind."""
    now = toy.executor.clock.now()
    settings = toy.executor.settings
    month, year = timedelta(days=settings.inbox_retention_days), timedelta(days=settings.outbox_retention_days)
    day = timedelta(days=1)
    with toy.executor.engine.begin() as connection:
        connection.execute(update(idempotency).values(created_at=now - month - day))
        connection.execute(update(outbox).values(sent_at=now, time=now - year + day))
        connection.execute(
            insert(inbox),
            [{"subscriber": "toy.mirror", "message_id": f"{age}", "done_at": now - month + age * day} for age in (-1, 1)],
        )
        connection.execute(insert(schedule_run), {"schedule": "old", "due": now, "done_at": now - month - day})
    retention.purge(toy.executor, now)
    assert [row.message_id for row in toy.rows(select(inbox))] == ["1"]
    assert (rows(toy, idempotency), rows(toy, schedule_run), rows(toy, outbox)) == (0, 0, 1)
    with toy.executor.engine.begin() as connection:
        connection.execute(update(outbox).values(time=now - year - day))
    retention.purge(toy.executor, toy.executor.clock.now())
    assert rows(toy, outbox) == 0


def test_what_is_unsent_stays_however_old(toy: Reader) -> None:
    """It has still to be told."""
    with toy.executor.engine.begin() as connection:
        connection.execute(update(outbox).values(time=toy.executor.clock.now() - timedelta(days=5000)))
    retention.purge(toy.executor, toy.executor.clock.now())
    assert rows(toy, outbox) == 1


def test_a_purge_that_was_missed_is_made_up_for_in_small_transactions(toy: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement for all of it would meet the statement timeout every time."""
    monkeypatch.setattr(retention, "AT_ONCE", 10)
    long_since = toy.executor.clock.now() - timedelta(days=100)
    with toy.executor.engine.begin() as connection:
        connection.execute(
            insert(inbox), [{"subscriber": "toy.mirror", "message_id": f"{n}", "done_at": long_since} for n in range(25)]
        )
    deleted: list[int] = []
    event.listen(toy.executor.engine, "after_cursor_execute", lambda *given: deleted.append(given[1].rowcount))
    retention.purge(toy.executor, toy.executor.clock.now())
    assert rows(toy, inbox) == 0
    assert [count for count in deleted if count > 0][:3] == [10, 10, 5]


def test_a_clock_set_forward_makes_nothing_young_old(bus: Bus, toy: Reader) -> None:
    """Two months ahead for an hour: a client that asks again under its key is still answered from the record."""
    clock = ManualClock(toy.executor.clock.now())
    runtime = Runtime(bus.settings(), ToyService, clock=clock)

    def days_pass(days: int) -> None:
        clock.advance(timedelta(days=days))
        runtime.run_job(PURGE, latest_due(PURGE, clock.now()))

    days_pass(1)
    days_pass(60)
    assert rows(toy, idempotency) == 1
    clock.advance(timedelta(days=-60))
    days_pass(1)
    assert rows(toy, idempotency) == 1
    for _ in range(2):
        days_pass(40)
    assert rows(toy, idempotency) == 0, "it has been two months at last"
