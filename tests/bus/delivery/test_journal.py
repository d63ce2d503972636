"""The journal: what a service announced is kept by the broker, too, for the day on which its database has forgotten it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from chassis.events import journal
from chassis.store.tables import outbox
from tests.bus.delivery.replicas import Bus
from tests.waiting import awaited

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def published(toy: Any) -> list[str]:
    """The ids of what it has published, in order; returns once nothing is pending."""
    awaited(lambda: not toy.rows(select(outbox).where(outbox.c.sent_at.is_(None))), "everything to be published")
    return [str(row.id) for row in toy.rows(select(outbox).order_by(outbox.c.position))]


def test_a_restored_database_can_be_told_what_it_announced(server_bus: Bus) -> None:
    """Each event once, whole and in order, however often it was published; its own database need not know of it any more."""
    toy = server_bus.replica()
    for number in range(1, 4):
        toy.count("wheels", number)
    announced = published(toy)
    envelopes = [row.envelope for row in toy.rows(select(outbox).order_by(outbox.c.position))]
    with toy.executor.engine.begin() as connection:
        connection.execute(text("UPDATE outbox SET sent_at = NULL"))
    published(toy)
    with toy.executor.engine.begin() as connection:
        connection.execute(delete(outbox))
    told = journal.told(server_bus.amqp_uri, "toy", LONG_AGO)
    assert [one.id for one in told] == announced
    assert [one.to_json() for one in told] == envelopes


def test_a_journal_is_asked_from_a_time_on(server_bus: Bus) -> None:
    """What was announced before is not told."""
    toy = server_bus.replica()
    toy.count("wheels", 1)
    published(toy)
    since = datetime.now(UTC)
    toy.count("wheels", 2)
    announced = published(toy)
    assert [one.id for one in journal.told(server_bus.amqp_uri, "toy", since)] == announced[1:]
    assert journal.told(server_bus.amqp_uri, "toy", datetime.now(UTC) + timedelta(hours=1)) == []


def test_a_broker_without_the_journal_says_so(server_bus: Bus) -> None:
    """It lost its data, or is another one: nobody may believe that nothing was announced."""
    with pytest.raises(journal.NoJournal):
        journal.told(server_bus.amqp_uri, "nobody", LONG_AGO)


def test_one_entry_holds_so_much_and_no_more() -> None:
    """Brokers limit how long a message may be; an event that is longer is an entry of its own."""
    long, short = f'"{"x" * journal.MOST_CHARACTERS}"', '"y"'
    bodies = [one.body for one in journal.entries("toy", [short, short, long, short])]
    assert bodies == [f"[{short},{short}]", f"[{long}]", f"[{short}]"]
    assert list(journal.entries("toy", [])) == []
