"""The broker's memory under steady work: it grows until the write-ahead log of its quorum queues rolls over, and then no more."""

import json
from collections.abc import Iterator
from time import monotonic
from typing import Any

import eventlet
import pytest

from chassis.amqp import topology
from chassis.amqp.consumer import DrainingConsumer
from chassis.amqp.publisher import ConfirmingPublisher, Outgoing
from chassis.wire.ids import new_id
from contracts.workshop.events import WorkOrderDelivered
from deploy.dev.rabbitmq import PrivateBroker
from tests.drills.drill import OUT
from tests.drills.servers import Home

pytestmark = pytest.mark.drill

QUEUES = ("billing.issue_invoices", "parts.deduct_stock", "crm.schedule_follow_up")
BODY = "x" * 6_000
"""As long as what is said of a delivery."""
BATCH = 50
LOG_MIB = 64
"""raft.wal_max_size_bytes of a private broker."""
ROLLS = 9
SECONDS = 150.0
GROWTH = 1.10


@pytest.fixture
def broker() -> Iterator[PrivateBroker]:
    home = Home("memory")
    made = home.broker()
    made.start()
    yield made
    made.discard()
    home.remove()


def memory(broker: PrivateBroker) -> dict[str, float]:
    """What RabbitMQ says of its memory, in MiB, by what it is used for."""
    api = broker._api()
    name = api.get("nodes")[1][0]["name"]
    found = api.get(f"nodes/{name}/memory")[1]["memory"]
    total = found.pop("total")
    return {"total": total["erlang"] / 2**20} | {one: bytes_ / 2**20 for one, bytes_ in found.items() if isinstance(bytes_, int)}


def test_it_is_bounded_by_the_log(broker: PrivateBroker) -> None:
    """Through three queues, as a delivery goes; after the log has rolled over three times the highest is reached."""
    topology.declare_exchange(broker.amqp_uri, "workshop")
    for queue in QUEUES:
        topology.declare(broker.amqp_uri, queue.partition(".")[0], {queue: [WorkOrderDelivered]})
    consumers = [_consumer(broker, queue) for queue in QUEUES]
    threads = [eventlet.spawn(one.run) for one in consumers]
    publisher = ConfirmingPublisher(broker.amqp_uri, heartbeat=10)
    samples: list[dict[str, float]] = []
    began, looked, published = monotonic(), 0.0, 0
    while (rolls := published * len(BODY) * len(QUEUES) / 2**20 / LOG_MIB) < ROLLS and monotonic() - began < SECONDS:
        batch = [
            Outgoing(number, new_id(), "workshop.events", WorkOrderDelivered.routing_key(), BODY, mandatory=True)
            for number in range(BATCH)
        ]
        outcome = publisher.publish(batch, while_waiting=lambda: None)
        assert len(outcome.confirmed) == BATCH
        published += BATCH
        eventlet.sleep(0.01)
        if monotonic() - looked > 2:
            looked = monotonic()
            samples.append({"seconds": looked - began, "rolls": rolls, **memory(broker)})
    publisher.drop()
    for one in consumers:
        one.stop()
    for thread in threads:
        thread.wait()
    _write(samples)
    assert samples[-1]["rolls"] > ROLLS * 2 / 3, "too slow to say anything"
    third = samples[-1]["rolls"] / 3

    def highest(part: int) -> float:
        return max(one["total"] for one in samples if part * third <= one["rolls"] <= (part + 1) * third)

    assert highest(2) <= GROWTH * highest(1), [round(highest(part)) for part in range(3)]


def _consumer(broker: PrivateBroker, queue: str) -> DrainingConsumer:
    consumer: Any = None

    def taken(body: Any, message: Any) -> None:
        consumer.ack_upto(message)

    declared = topology.subscription_queue(queue, [WorkOrderDelivered])
    consumer = DrainingConsumer(
        broker.amqp_uri, decode=False, queues=[declared], callbacks=[taken], heartbeat=10, prefetch_count=100
    )
    return consumer


def _write(samples: list[dict[str, float]]) -> None:
    """For whoever wants to see what grows."""
    OUT.mkdir(exist_ok=True)
    rounded = [{name: round(value, 1) for name, value in one.items()} for one in samples]
    (OUT / "memory.json").write_text("[\n" + ",\n".join(map(json.dumps, rounded)) + "\n]\n", encoding="utf-8")
