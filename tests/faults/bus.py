"""The broker as a saboteur sees it: bindings and queues taken away, messages put there by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import kombu
from amqp.exceptions import NotFound

from chassis.connection import connect
from servicelane import suite

DELIVERED = "work_order.delivered"
WORKSHOP = "workshop.events"


@cache
def subscriptions() -> dict[str, list[tuple[str, list[str]]]]:
    """By service: its queues with the types of event each takes, as the doors say."""
    return {
        name: [(one.name, list(one.events)) for one in suite.service_class(name)().subscriptions()] for name in suite.SERVICES
    }


class Bus:
    """One virtual host, reached as its administrator."""

    def __init__(self, amqp_uri: str) -> None:
        self._uri = amqp_uri

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        connection = connect(self._uri, heartbeat=10)
        try:
            yield connection.channel()
        finally:
            connection.collect()

    def waiting(self) -> dict[str, int]:
        """How many messages are ready in each queue that holds any; a queue that is gone counts as -1."""
        names = [queue for queues in subscriptions().values() for queue, _ in queues]
        names += [f"{service}.dead-letters" for service in suite.SERVICES]
        depths = {}
        with self._channel() as channel:
            for name in names:
                try:
                    depths[name] = int(channel.queue_declare(name, passive=True).message_count)
                except NotFound:  # which closes the channel
                    return {name: -1}
        return {queue: depth for queue, depth in depths.items() if depth}

    def unbind(self, queue: str, routing_key: str = DELIVERED, exchange: str = WORKSHOP) -> None:
        """Delete one binding."""
        with self._channel() as channel:
            channel.queue_unbind(queue, exchange, routing_key)

    def delete(self, queue: str) -> None:
        """Delete a queue with all that is in it."""
        with self._channel() as channel:
            channel.queue_delete(queue)

    def publish(self, bodies: list[tuple[str, str | bytes]], exchange: str = WORKSHOP, routing_key: str = DELIVERED) -> None:
        """Publish (message id, body) pairs as persistent messages; returns when the broker has confirmed all of them."""
        with (
            kombu.Connection(self._uri, transport_options={"confirm_publish": True}) as connection,
            connection.channel() as channel,
        ):
            for message_id, body in bodies:
                message = channel.prepare_message(
                    body if isinstance(body, bytes) else body.encode(),
                    content_type="application/json",
                    content_encoding="utf-8",
                    properties={"delivery_mode": 2, "message_id": message_id},
                )
                channel.basic_publish(message, exchange=exchange, routing_key=routing_key)
