"""Programs that know nothing of ServiceLane can listen: plain nameko, plain pika."""

import json
from collections.abc import Iterator
from typing import Any

import pika
import pytest
from nameko import config
from nameko.containers import ServiceContainer
from nameko.events import event_handler

from tests.bus.delivery.replicas import Bus
from tests.waiting import awaited


@pytest.fixture
def heard(server_bus: Bus) -> Iterator[list[Any]]:
    """What a plain nameko service hears."""
    heard: list[Any] = []

    class Outsider:
        name = "outsider"

        @event_handler("toy", "counter.counted")
        def on_counted(self, payload: Any) -> None:
            heard.append(payload)

    with config.patch({"AMQP_URI": server_bus.amqp_uri}):
        container = ServiceContainer(Outsider)
        container.start()
        yield heard
        container.stop()


def test_a_plain_nameko_event_handler_hears_our_events(server_bus: Bus, heard: list[Any]) -> None:
    """`@event_handler("toy", "counter.counted")` is all it takes."""
    server_bus.replica().count("wheels", 4)
    awaited(lambda: len(heard) == 1, "the outsider to hear")
    assert (heard[0]["type"], heard[0]["data"]) == ("toy.counter.counted", {"name": "wheels", "by": 4})


def test_a_plain_pika_program_hears_our_events(server_bus: Bus) -> None:
    """A queue of its own on `toy.events` and the JSON text are all it takes."""
    connection = pika.BlockingConnection(pika.URLParameters(server_bus.amqp_uri.replace("pyamqp://", "amqp://")))
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "toy.events", "counter.*")
    server_bus.replica().count("wheels", 4)
    _, properties, body = awaited(lambda: _taken(channel, queue), "pika to hear of it", 10)
    assert properties.content_type == "application/json"
    assert json.loads(body)["data"] == {"name": "wheels", "by": 4}
    connection.close()


def _taken(channel: Any, queue: str) -> Any:
    method, properties, body = channel.basic_get(queue, auto_ack=True)
    return method and (method, properties, body)
