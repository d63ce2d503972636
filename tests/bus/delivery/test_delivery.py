"""From commit to effect: nothing sent before commit, nothing after rollback, each effect once."""

from datetime import timedelta
from typing import Any

import eventlet
import pytest
from sqlalchemy import event, select, update

from chassis.events import relay
from chassis.store.tables import inbox, outbox, parked_message
from chassis.wire.errors import Refused
from tests.bus.delivery.replicas import Bus
from tests.bus.toy.service import Counter
from tests.waiting import awaited


def test_a_committed_fact_reaches_every_subscriber_of_the_same_service(bus: Bus) -> None:
    """Two subscriptions of one service each have their own effect."""
    toy = bus.replica()
    toy.count("wheels", 4)
    awaited(lambda: toy.total("mirror of wheels") == 4, "the mirror's effect")
    awaited(lambda: toy.total("shadow of wheels") == 4, "the shadow's effect")
    awaited(lambda: not toy.unsent(), "the outbox to be sent")


def test_a_refused_command_announces_nothing(bus: Bus) -> None:
    """A refusal leaves neither state nor outbox row behind."""
    toy = bus.replica()
    with pytest.raises(Refused):
        toy.count("wheels", 0)
    assert toy.rows(select(outbox)) == []
    assert toy.total("wheels") == 0


def test_the_same_idempotency_key_counts_once(bus: Bus) -> None:
    """A repeat is answered as the first one was."""
    toy = bus.replica()
    first = toy.count("wheels", 4, key="k1")
    assert toy.count("wheels", 4, key="k1") == first
    assert toy.total("wheels") == 4
    assert len(toy.rows(select(outbox))) == 1


def test_a_failing_handler_is_parked_and_its_neighbours_are_not_affected(bus: Bus) -> None:
    """No inbox row is left for the failed one; the good ones are done."""
    toy = bus.replica()
    toy.count("poison")
    for _ in range(5):
        toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 5, "the neighbours' effects")
    awaited(lambda: len(toy.rows(select(parked_message))) == 1, "the parked message")
    [entry] = toy.rows(select(parked_message))
    assert (entry.subscriber, entry.kind, entry.attempts) == ("toy.mirror", "retrying", 1)
    assert "cannot stand it" in entry.reason
    assert toy.rows(select(inbox).where(inbox.c.subscriber == "toy.mirror", inbox.c.message_id == entry.message_id)) == []


def test_an_early_message_waits_without_counting_as_a_failure(bus: Bus) -> None:
    """NotYet is tried again until what it builds on is there, and at once when that arrives, not when its pause is over."""
    toy = bus.replica()
    toy.count("too-early")
    awaited(lambda: len(toy.rows(select(parked_message))) == 1, "the parked message")
    [entry] = toy.rows(select(parked_message))
    assert (entry.kind, entry.attempts) == ("early", 0)
    awaited(lambda: toy.rows(select(parked_message))[0].waited_ms > 250, "it to have been tried again")
    with toy.executor.sessions() as session:
        session.execute(update(parked_message).values(next_at=toy.executor.clock.now() + timedelta(hours=1)))
        session.commit()
    toy.count("awaited")
    awaited(lambda: toy.total("mirror of too-early") == 1, "the early message's effect")
    awaited(lambda: toy.rows(select(parked_message)) == [], "nothing to be parked")


def test_a_change_that_its_version_would_not_tell_is_a_defect(bus: Bus) -> None:
    """An aggregate is changed through `Work.edit` or `Work.change`, or not at all."""
    toy = bus.reader()
    toy.count("wheels", 4)
    with toy.executor.sessions() as session:
        session.scope_to("sh-pudong")
        session.scalars(select(Counter)).one().total = 1
        with pytest.raises(RuntimeError, match="its version would not tell"):
            session.commit()
    assert toy.total("wheels") == 4


def test_a_relay_that_hears_of_every_commit_asks_rarely(bus: Bus) -> None:
    """Alone it is told when to look; what another process committed it finds by looking, and from then on it looks more often."""
    toy, elsewhere = bus.replica(), bus.reader()
    asked: list[str] = []

    @event.listens_for(toy.executor.engine, "before_cursor_execute")
    def listen(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "outbox.sent_at IS NULL" in statement and "LIMIT" in statement:
            asked.append(statement)

    toy.count("wheels")
    awaited(lambda: not toy.unsent(), "the outbox to be sent")
    asked.clear()
    eventlet.sleep(1.0)
    assert len(asked) <= 3
    elsewhere.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 2, "what another process committed to have its effect")
    asked.clear()
    awaited(lambda: len(asked) > 3, "the relay to look more often", seconds=2.0)


def test_a_relay_that_waits_leaves_the_only_connection_to_others(embedded_bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one: who asks something of the service does not wait until the relay looks again."""
    monkeypatch.setattr(relay, "IDLE_SECONDS", (600.0,))
    monkeypatch.setattr(relay, "GAUGE_SECONDS", float("inf"))
    toy = embedded_bus.replica()
    marked: list[str] = []
    event.listen(
        toy.executor.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *more: marked.append(statement) if "UPDATE outbox" in statement else None,
    )
    toy.count("wheels")
    awaited(lambda: marked, "the event to be marked as sent")
    awaited(lambda: toy.executor.engine.pool.checkedout() == 0, "the connection to be free", seconds=20)
