"""The promises of the bus, one by one: doubles, order, dead letters, outages, unroutable events, lost bindings."""

import itertools
import json
import random
from datetime import timedelta
from typing import Any

import eventlet
import kombu
import psycopg2
import pytest
from sqlalchemy import select, update

from chassis.amqp import topology
from chassis.events import parked
from chassis.events.retry import RetryPolicy
from chassis.store.tables import inbox, outbox, parked_message
from chassis.wire.ids import new_id
from servicelane.dead_letters import republish
from tests.bus.delivery.replicas import Bus, Reader
from tests.bus.toy.service import ToyService
from tests.waiting import awaited


def put(bus: Bus, body: str | bytes, *, routing_key: str = "counter.counted", **properties: Any) -> None:
    """Publish a message past the outbox, as a stranger would."""
    with kombu.Connection(bus.amqp_uri) as connection, connection.channel() as channel:
        message = channel.prepare_message(body, content_type="application/json", content_encoding="utf-8", properties=properties)
        channel.basic_publish(message, exchange="toy.events", routing_key=routing_key)


def unbind(bus: Bus, queue: str, routing_key: str = "counter.counted") -> None:
    """Delete a binding, as a slip of an operator would."""
    with kombu.Connection(bus.amqp_uri) as connection, connection.channel() as channel:
        channel.queue_unbind(queue, "toy.events", routing_key)


def bind_all(bus: Bus) -> None:
    """What `servicelane topology` does for the toy."""
    topology.declare(bus.amqp_uri, "toy", {one.name: one.events.values() for one in ToyService.subscriptions()})


def dead(toy: Reader) -> dict[str, str]:
    """Dead letters: subscriber -> reason."""
    return {row.subscriber: row.reason for row in toy.rows(select(parked_message).where(parked_message.c.kind == "dead"))}


def test_every_message_five_times_over_two_replicas_in_any_order_has_one_effect(bus: Bus) -> None:
    """Redelivery, concurrent deliveries and disorder change nothing."""
    toy = bus.replica()
    for _ in range(30):
        toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 30, "the first deliveries")
    envelopes = [row.envelope for row in toy.rows(select(outbox))] * 4
    random.Random(7).shuffle(envelopes)
    bus.replica(batch=7)
    for envelope in envelopes:
        put(bus, envelope)
    toy.count("last")
    awaited(lambda: toy.total("shadow of last") == 1 and toy.total("mirror of last") == 1, "the message behind the doubles")
    assert (toy.total("mirror of wheels"), toy.total("shadow of wheels")) == (30, 30)


def test_facts_are_published_in_the_order_of_their_aggregate(bus: Bus, connection: Any) -> None:
    """The sequence on the bus never goes back."""
    toy = bus.reader()
    for _ in range(25):
        toy.count("wheels")
    seen: list[int] = []
    queue = kombu.Queue("watcher", kombu.Exchange("toy.events", type="topic", durable=True), "*.*", auto_delete=True)
    with connection.Consumer([queue], callbacks=[lambda body, message: (seen.append(body["sequence"]), message.ack())]):
        bus.replica()
        with eventlet.Timeout(15, AssertionError("not all facts came")):
            while len(seen) < 25:
                connection.drain_events(timeout=15)
    assert seen == list(range(1, 26))


def test_exhausted_attempts_end_in_dead_letters_and_a_replay_works(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each delay is longer than the one before; after the last the message is dead; after the fix a replay has the effect."""
    toy = bus.replica()
    toy.count("poison")
    awaited(lambda: len(toy.rows(select(parked_message))) == 1, "the parked message")
    delays = []
    while not dead(toy):
        [entry] = toy.rows(select(parked_message))
        delays.append(RetryPolicy().delays[entry.attempts - 1])
        _make_due(toy)
        awaited(lambda tried=entry.attempts: _attempts(toy) > tried or bool(dead(toy)), f"attempt {entry.attempts + 1}")
    assert len(delays) == len(RetryPolicy().delays)
    assert all(shorter < longer for shorter, longer in itertools.pairwise(delays))
    monkeypatch.setattr("tests.bus.toy.service.POISON", set())
    with toy.executor.sessions() as session:
        for entry in list(parked.dead(session)):
            parked.replay(session, entry, toy.executor.clock.now())
        session.commit()
    awaited(lambda: toy.total("mirror of poison") == 1, "the replayed effect")
    assert toy.rows(select(parked_message)) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{not json", "not JSON"),
        ("null", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"specversion": "1.0"}', "data: required"),
        ({"type": "toy.counter.exploded"}, "is not one toy."),
        ({"data": {"name": "wheels"}}, "required"),
        ({"data": {"name": "wheels", "by": "four"}}, "not_an_integer"),
        ({"data": None}, "data: not_null"),
        ({"time": "yesterday"}, "time: not_a_datetime"),
        ("{\x00}", "not JSON"),
        ({"dealerid": "sh-pudong,bj-chaoyang"}, "dealerid"),
        ({"dealerid": "\x00"}, "dealerid"),
        ({"subject": "a\x00b"}, "subject"),
    ],
)
def test_a_message_that_breaks_its_contract_is_dead_at_once_with_its_reason(bus: Bus, body: Any, reason: str) -> None:
    """Its neighbours are not affected."""
    toy = bus.replica()
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 1, "the good one before")
    [good] = toy.rows(select(outbox))
    if isinstance(body, dict):
        body = json.dumps({**json.loads(good.envelope), "id": new_id(), **body})
    put(bus, body, message_id=new_id())
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 2, "the good one after")
    awaited(lambda: len(dead(toy)) == 2, "the dead letter of each subscriber")
    assert all(reason in why for why in dead(toy).values())


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({"data": {"name": "wheels"}}, ("sh-pudong", "toy.counter.counted")),
        ({"data": None}, ("sh-pudong", "toy.counter.counted")),
        ({"time": "yesterday"}, ("sh-pudong", "toy.counter.counted")),
        ({"schemaversion": 2}, ("sh-pudong", "toy.counter.counted")),
        ({"type": "toy.counter.exploded"}, ("sh-pudong", "toy.counter.exploded")),
        ({"type": "\x00"}, ("sh-pudong", None)),
        ({"dealerid": "nobody's"}, (None, "toy.counter.counted")),
        ({"dealerid": ["sh-pudong"], "type": 7}, (None, None)),
    ],
)
def test_a_parked_message_knows_its_dealer_and_type_whenever_its_envelope_says_them(bus: Bus, change: Any, known: Any) -> None:
    """Rule A8: whoever clears the dead letters sees whose they are; each attribute counts by itself."""
    toy = bus.replica()
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 1, "the good one before")
    [good] = toy.rows(select(outbox))
    put(bus, json.dumps({**json.loads(good.envelope), "id": new_id(), **change}), message_id=new_id())
    awaited(lambda: len(toy.rows(select(parked_message))) == 2, "each subscriber's copy")
    assert {(row.dealer_id, row.type) for row in toy.rows(select(parked_message))} == {known}


def test_a_message_whose_text_no_database_can_store_is_parked_and_stops_nobody(bus: Bus) -> None:
    """A lone surrogate is JSON and passes the contract; it fails at the flush, of all places. So does an endless message id."""
    toy = bus.replica()
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 1, "the good one before")
    [good] = toy.rows(select(outbox))
    envelope = {**json.loads(good.envelope), "id": new_id(), "data": {"name": "\ud800", "by": 1}}
    put(bus, json.dumps(envelope))
    put(bus, "null", message_id="endless" * 30)
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 2, "the good one after")
    awaited(lambda: len(toy.rows(select(parked_message))) == 4, "both, by both subscribers")


def test_a_newer_major_version_is_parked_not_dead(bus: Bus) -> None:
    """A newer replica will know it."""
    toy = bus.replica()
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 1, "the known version")
    [good] = toy.rows(select(outbox))
    put(bus, json.dumps({**json.loads(good.envelope), "id": new_id(), "schemaversion": 2}))
    awaited(lambda: len(toy.rows(select(parked_message))) == 2, "both subscribers to hold it")
    assert {(row.kind, row.attempts) for row in toy.rows(select(parked_message))} == {("early", 0)}


def test_an_unroutable_event_is_never_marked_sent_and_holds_nobody_up(bus: Bus) -> None:
    """It waits with its reason; what comes behind it is sent; once there is a queue again, it is sent too."""
    toy = bus.replica()
    for queue in ("toy.mirror", "toy.shadow"):
        unbind(bus, queue)
    toy.count("wheels")
    toy.note("after it")
    awaited(lambda: toy.total("filed after it") == 1, "the event behind it")
    awaited(lambda: any(row.attempts for row in toy.unsent()), "the unroutable one to have been tried")
    [waiting] = toy.unsent()
    assert "unroutable" in waiting.reason
    bind_all(bus)
    awaited(lambda: toy.total("mirror of wheels") == 1, "the event that found a queue again", 30)
    awaited(lambda: not toy.unsent(), "it to be marked sent")


def test_one_lost_binding_of_two_is_found_and_healed_by_republishing(bus: Bus) -> None:
    """Mandatory cannot see it; comparing outbox and inbox does; republishing doubles nothing."""
    toy = bus.replica()
    unbind(bus, "toy.shadow")
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 1 and not toy.unsent(), "the bound subscriber's effect")
    toy.count("wheels")
    awaited(lambda: toy.total("mirror of wheels") == 2 and not toy.unsent(), "the second effect")
    missing = [row.id for row in toy.rows(select(outbox)) if not _done(toy, "toy.shadow", row.id)]
    assert len(missing) == 2
    bind_all(bus)
    assert republish(toy.executor, event_ids=missing) == 2
    awaited(lambda: toy.total("shadow of wheels") == 2, "the healed effect")
    assert toy.total("mirror of wheels") == 2


def test_a_database_outage_counts_no_attempts_and_loses_nothing(server_bus: Bus) -> None:
    """With full queues and the database away, messages are kept, not parked and not counted as failures."""
    toy = server_bus.reader()
    for _ in range(60):
        toy.count("wheels")
    running = server_bus.replica(batch=5)
    awaited(lambda: running.total("mirror of wheels") > 0, "the work to be under way")
    with _Outage(server_bus):
        eventlet.sleep(3)
    awaited(lambda: _total_or_none(running) == 60, "every effect after the outage", 40)
    awaited(lambda: running.total("shadow of wheels") == 60, "every effect of the other one", 40)
    assert running.rows(select(parked_message)) == []


def test_a_message_the_broker_gave_up_on_joins_the_dead_letters(server_bus: Bus) -> None:
    """What leaves a queue by the broker's hand is kept with its reason."""
    with kombu.Connection(server_bus.amqp_uri) as connection, connection.channel() as channel:
        toy = server_bus.reader()
        body = json.dumps({"what": "killed everyone", "dealerid": "sh-pudong", "type": "toy.counter.counted"})
        put(server_bus, body, message_id="killer", delivery_mode=2)
        awaited(lambda: _rejected(channel, "toy.mirror"), "the message")
        channel.queue_purge("toy.shadow")
    server_bus.replica()
    awaited(lambda: len(toy.rows(select(parked_message))) == 1, "the dead letter")
    [entry] = toy.rows(select(parked_message))
    assert (entry.subscriber, entry.message_id, entry.kind) == ("toy.mirror", "killer", "dead")
    assert (entry.dealer_id, entry.type) == ("sh-pudong", "toy.counter.counted")
    assert "rejected" in entry.reason


class _Outage:
    """The database refuses and drops every connection while this is entered."""

    def __init__(self, bus: Bus) -> None:
        assert bus.admin_url is not None
        self._url = bus.admin_url.replace("+psycopg2", "")
        self._name = self._url.rpartition("/")[2]

    def __enter__(self) -> None:
        self._admin("ALTER DATABASE {} ALLOW_CONNECTIONS false")
        self._admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'")

    def __exit__(self, *error: object) -> None:
        self._admin("ALTER DATABASE {} ALLOW_CONNECTIONS true")

    def _admin(self, statement: str) -> None:
        connection = psycopg2.connect(self._url.rpartition("/")[0] + "/postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement.format(self._name))
        connection.close()


def _make_due(toy: Reader) -> None:
    with toy.executor.sessions() as session:
        session.execute(update(parked_message).values(next_at=toy.executor.clock.now() - timedelta(seconds=1)))
        session.commit()


def _attempts(toy: Reader) -> int:
    return int(toy.rows(select(parked_message.c.attempts))[0][0])


def _done(toy: Reader, subscriber: str, message_id: str) -> bool:
    return bool(toy.rows(select(inbox).where(inbox.c.subscriber == subscriber, inbox.c.message_id == message_id)))


def _total_or_none(toy: Reader) -> int | None:
    from sqlalchemy.exc import OperationalError

    try:
        return toy.total("mirror of wheels")
    except OperationalError:
        return None


def _rejected(channel: Any, queue: str) -> bool:
    message = channel.basic_get(queue)
    if message is None:
        return False
    channel.basic_reject(message.delivery_tag, requeue=False)
    return True
