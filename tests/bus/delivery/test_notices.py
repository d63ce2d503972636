"""Notices: whoever listens hears that something was published, holds up nobody, is no subscriber - and knows what was missed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import kombu
import pytest
from eventlet.event import Event
from sqlalchemy import select

from chassis.amqp import overhearing, topology
from chassis.amqp.publisher import ConfirmingPublisher, Outgoing
from chassis.events import notices
from chassis.events.notices import Noticed
from chassis.store.tables import outbox
from tests.bus.delivery.replicas import Bus
from tests.waiting import awaited

SOME_ID = "0190a0a0-0000-7000-8000-00000000abcd"
EVENT: dict[str, Any] = {
    "id": SOME_ID,
    "type": "later.thing.done",
    "subject": "a-thing",
    "sequence": 1,
    "time": "2026-01-01T00:00:00+00:00",
    "dealerid": "sh-pudong",
    "data": {"name": "Wang"},
}

TOO_MUCH = 1_000
"""Messages of 100 kB. Sockets hold up to 36 MB of them (`tcp_rmem` and `tcp_wmem`): those are not waiting at the broker."""


class Ear:
    """A listener, and what it heard and missed."""

    def __init__(self, bus: Bus, *services: str) -> None:
        self.heard: list[Noticed] = []
        self.missed = 0
        self.consumer = notices.listener(bus.settings(), services or ("toy",), self.heard.extend, self._miss)
        eventlet.spawn(self.consumer.run)

    def _miss(self) -> None:
        self.missed += 1


@contextmanager
def listening(bus: Bus, *services: str) -> Iterator[Ear]:
    """A listener that hears; it is gone afterwards."""
    ear = Ear(bus, *services)
    try:
        awaited(lambda: ear.consumer.hearing, "the listener to hear")
        yield ear
    finally:
        ear.consumer.stop(0)


def say(bus: Bus, *bodies: str, publisher: str = "toy") -> None:
    """Publish these as notices, and wait until the broker has them."""
    line = ConfirmingPublisher(bus.amqp_uri, heartbeat=5)
    for number, body in enumerate(bodies):
        message = Outgoing(number, f"id-{number}", f"{publisher}.events", notices.ROUTING_KEY, body, mandatory=False)
        assert line.publish([message], while_waiting=lambda: None).confirmed == [number]
    line.drop()


def test_every_listener_hears_of_every_published_fact(bus: Bus) -> None:
    """Which event it is and what it happened to, and nothing of what it says."""
    toy = bus.replica()
    with listening(bus) as one, listening(bus) as other:
        toy.count("wheels", 4)
        awaited(lambda: one.heard and other.heard, "both to hear of it")
        first = toy.rows(select(outbox).order_by(outbox.c.position))[0]
        assert (one.heard[0].id, one.heard[0].type, one.heard[0].subject, one.heard[0].sequence, one.heard[0].dealer) == (
            str(first.id),
            "toy.counter.counted",
            first.subject,
            first.sequence,
            "sh-pudong",
        )
        assert "wheels" not in str(one.heard)
        awaited(lambda: len({each.id for each in other.heard}) == len(toy.rows(select(outbox))), "the effects' events, too")
        assert {each.id for each in one.heard} == {each.id for each in other.heard}


def test_a_listener_is_no_subscriber(bus: Bus, connection: Any) -> None:
    """An event that none of its subscribers can get stays pending, whoever listens; it is sent as soon as they can."""
    with listening(bus):
        kombu.Queue("toy.file_note")(connection.default_channel).delete()
        publisher = ConfirmingPublisher(bus.amqp_uri, heartbeat=5)
        note = Outgoing(1, "an-id", "toy.events", "note.noted", "{}", mandatory=True)
        assert "unroutable" in publisher.publish([note], while_waiting=lambda: None).failed[1]
        publisher.drop()


def test_a_listener_that_takes_nothing_holds_up_nobody(bus: Bus) -> None:
    """Its loop stands still, and the outbox is sent and marked all the same."""
    toy = bus.replica()
    with listening(bus) as ear:
        ear.consumer.on_message = lambda body, message: eventlet.sleep(60)
        for _ in range(20):
            toy.count("wheels", 1)
        awaited(lambda: toy.total("mirror of wheels") == 20 and not toy.unsent(), "the effects", 30)


def test_who_lost_the_line_says_so_when_it_hears_again(bus: Bus) -> None:
    """Something may have been published in between."""
    toy = bus.replica()
    with listening(bus) as ear:
        assert ear.missed == 1, "it heard nothing before it began"
        ear.consumer.sever()
        awaited(lambda: ear.missed == 2 and ear.consumer.hearing, "the listener to hear again")
        toy.count("wheels", 1)
        awaited(lambda: ear.heard, "it to hear of what is new")


def test_a_service_that_comes_later_is_heard_from_then_on(bus: Bus) -> None:
    """What it published before was missed."""
    with listening(bus, "toy", "later") as ear:
        topology.declare_exchange(bus.amqp_uri, "later")
        awaited(lambda: ear.missed == 2, "the new exchange to be found")
        say(bus, notices.of([json.dumps(EVENT)]) or "", publisher="later")
        awaited(lambda: [one.id for one in ear.heard] == [EVENT["id"]], "its notice")


def test_who_cannot_keep_up_misses_what_is_too_much_and_says_so(server_bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits at the broker, as much as may; the rest is dropped there, no publisher waits, and the next is heard again."""
    monkeypatch.setattr(overhearing, "MOST_WAITING", 100)
    standing, sizes, missed = Event(), [], []

    def slowly(body: bytes) -> None:
        standing.wait()
        sizes.append(len(body))

    ear = overhearing.Overhearing(
        server_bus.amqp_uri,
        name="toy.slow",
        exchanges=["toy.events"],
        routing_key=notices.ROUTING_KEY,
        heard=slowly,
        missed=lambda: missed.append(True),
        heartbeat=10,
    )
    eventlet.spawn(ear.run)
    awaited(lambda: ear.hearing, "the listener to hear")
    say(server_bus, *["x" * 100_000] * TOO_MUCH)
    ear._last_beat = 0  # as after a second or more
    standing.send()
    awaited(lambda: len(missed) == 2, "it to be known")
    assert 0 < len(sizes) < TOO_MUCH
    say(server_bus, "y")
    awaited(lambda: sizes[-1] == 1, "it to hear what is new")
    ear.stop(0)


def test_a_notice_that_cannot_be_read_counts_as_missed(bus: Bus) -> None:
    """Nobody knows what it was about."""
    with listening(bus) as ear:
        say(bus, "{", "[1]", '[{"id": "x"}]')
        awaited(lambda: ear.missed == 4, "the three to be missed")
        assert ear.heard == []


def test_ids_are_told_and_nothing_else() -> None:
    """Only what is an id, by its field's name and its form; nothing of an event that concerns no dealer."""
    facts = {"work_order_id": SOME_ID, "customer": {"customer_id": SOME_ID}, "reference_id": "Wang", "note": SOME_ID}
    event, of_nobody = {**EVENT, "data": facts}, {**EVENT, "dealerid": None}
    [one] = notices.read((notices.of([json.dumps(event), json.dumps(of_nobody)]) or "").encode())
    assert one.ids == {"work_order_id": SOME_ID}
    assert notices.of([json.dumps(of_nobody)]) is None
