"""The in-process bus, as its tests use it."""

import time
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection, Consumer, Exchange, Queue

EVENTS = Exchange("workshop.events", type="topic", durable=True)


@pytest.fixture
def uri():
    """A broker that no other test uses."""
    return f"embedded://test-{uuid4()}/"


@pytest.fixture
def connect(uri):
    """Opens connections to that broker and closes them after the test."""
    opened = []

    def open_one(**options):
        connection = Connection(uri, transport_options=options)
        connection.ensure_connection(max_retries=0)
        opened.append(connection)
        return connection

    yield open_one
    for connection in opened:
        connection.collect()


@pytest.fixture
def channel(connect):
    return connect().channel()


def a_queue(name="billing.issue_invoices", key="work_order.delivered", exchange=EVENTS, **options):
    return Queue(name, exchange=exchange, routing_key=key, durable=True, **options)


def publish(channel, body="x", key="work_order.delivered", exchange="workshop.events", **options):
    channel.basic_publish(
        channel.prepare_message(body.encode(), content_type="application/json", properties=options.pop("properties", None)),
        exchange=exchange,
        routing_key=key,
        **options,
    )


def consume(channel, *queues, prefetch=0, **options):
    """Start a consumer; the list its messages are appended to."""
    arrived: list[Any] = []
    consumer = Consumer(channel, list(queues), on_message=arrived.append, **options)
    consumer.qos(prefetch_count=prefetch)
    consumer.consume()
    return arrived


def drain(connection):
    """Handle every event that waits."""
    while True:
        try:
            connection.drain_events(timeout=0.01)
        except TimeoutError:
            return


def bodies(messages):
    return [bytes(message.body).decode() for message in messages]


def confirms(channel):
    """Put the channel into confirm mode; the list of what it is told, as (event, tag)."""
    told = []
    channel.confirm_select()
    channel.events["basic_ack"].add(lambda tag, multiple: told.append(("ack", tag)))
    channel.events["basic_nack"].add(lambda tag, multiple: told.append(("nack", tag)))
    channel.events["basic_return"].add(lambda error, exchange, key, message: told.append(("return", key)))
    return told


def drain_one(connection, arrived, count):
    """Drain until that many messages have arrived."""
    end = time.monotonic() + 2
    while len(arrived) < count and time.monotonic() < end:
        connection.drain_events(timeout=1)
    assert len(arrived) == count, "the message awaited did not arrive"
