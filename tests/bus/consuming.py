"""A consumer on a queue of its own, and what is in that queue."""

from collections import Counter
from contextlib import contextmanager

import eventlet
from kombu import Connection, Exchange, Queue

from chassis.amqp.consumer import DrainingConsumer
from chassis.rpc.server import RpcMethod
from chassis.wire.errors import ServiceError
from tests.waiting import awaited


@contextmanager
def consuming(uri, name, *, callbacks=None, prefetch=10, heartbeat=5, **options):
    """A consumer of the queue `name` whose loop runs; `consumer.arrived` lists its messages."""
    arrived = []
    consumer = DrainingConsumer(
        uri,
        queues=[a_queue(name)],
        callbacks=callbacks or [lambda body, message: arrived.append(message)],
        prefetch_count=prefetch,
        heartbeat=heartbeat,
        **options,
    )
    consumer.arrived = arrived
    consumer.loop = eventlet.spawn(consumer.run)
    try:
        yield consumer
    finally:
        consumer.stop(0)


def a_queue(name, **options):
    return Queue(name, Exchange(f"{name}.events", "topic"), routing_key="#", **options)


def publish(uri, name, *bodies, **options):
    """Put messages into the queue."""
    with Connection(uri) as connection:
        queue = a_queue(name)(connection.default_channel)
        queue.declare()
        producer = connection.Producer()
        for body in bodies:
            producer.publish(body, routing_key=name, **options)


def left(uri, name):
    """What is in the queue and with nobody, as (body, redelivered)."""
    found = []
    with Connection(uri) as connection:
        queue = a_queue(name)(connection.default_channel)
        while (message := queue.get(no_ack=True)) is not None:
            found.append((message.decode(), bool(message.delivery_info["redelivered"])))
    return found


def arrive(consumer, count):
    awaited(lambda: len(consumer.arrived) >= count, f"{count} messages to arrive", seconds=10)


method = RpcMethod.decorator(expected_exceptions=(ServiceError,))


class Clerk:
    """Counts what it starts and what it finishes."""

    started: Counter
    finished: Counter

    @method
    def work(self, payload):
        self.started[payload] += 1
        eventlet.sleep(0.7)  # longer than a consumer takes to notice that it is told to stop
        self.finished[payload] += 1
        return payload
