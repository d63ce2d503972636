"""The broker as a saboteur sees it: bindings and queues taken away, messages put there by hand."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import kombu
import requests
from amqp.exceptions import NotFound

from chassis.amqp.connection import connect
from chassis.process.settings import broker_addresses
from deploy.local.installation import PASSWORD
from servicelane import suite
from servicelane.provision import provision_broker_user

DELIVERED = "work_order.delivered"
WORKSHOP = "workshop.events"


@cache
def subscriptions() -> dict[str, list[tuple[str, list[str]]]]:
    """By service: its queues with the types of event each takes, as the doors say."""
    return {
        name: [(one.name, list(one.events)) for one in suite.service_class(name)().subscriptions()] for name in suite.SERVICES
    }


class Bus:
    """One virtual host, reached as its administrator under `uri`."""

    def __init__(self, uri: str, management_url: str) -> None:
        self.uri = uri
        self._management_url = management_url
        self._nodes = [urlsplit(one) for one in broker_addresses(uri)]
        self.vhost = self._nodes[0].path.lstrip("/")

    def user(self, service: str) -> str:
        """The URI of the service's own user, who may here what he may in a deployment."""
        name = f"{self.vhost}_{service}"
        provision_broker_user(self._management_url, service, user=name, password=PASSWORD, vhost=self.vhost)
        return ";".join(urlunsplit(one._replace(netloc=f"{name}:{PASSWORD}@{one.hostname}:{one.port}")) for one in self._nodes)

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        connection = connect(self.uri, heartbeat=10)
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

    def consumers(self, queue: str) -> int:
        """How many consumers the broker believes the queue to have."""
        with self._channel() as channel:
            return int(channel.queue_declare(queue, passive=True).consumer_count)

    def unbind(self, queue: str, routing_key: str = DELIVERED, exchange: str = WORKSHOP) -> None:
        """Delete one binding."""
        with self._channel() as channel:
            channel.queue_unbind(queue, exchange, routing_key)

    def purge(self, queue: str) -> None:
        """Throw away what waits in a queue."""
        with self._channel() as channel:
            channel.queue_purge(queue)

    def delete(self, queue: str) -> None:
        """Delete a queue with all that is in it."""
        with self._channel() as channel:
            channel.queue_delete(queue)

    @contextmanager
    def delivery_limit(self, queue: str, limit: int) -> Iterator[None]:
        """A policy: the broker gives a message up after so many deliveries, if the queue's own limit is not lower."""
        path = f"{self._management_url}/api/policies/{self.vhost}/delivery-limit"
        policy = {"pattern": f"^{re.escape(queue)}$", "definition": {"delivery-limit": limit}, "apply-to": "queues"}
        with requests.Session() as session:
            session.trust_env = False  # a proxy of the environment does not reach the loopback
            session.put(path, json=policy, timeout=30).raise_for_status()
            try:
                yield
            finally:
                session.delete(path, timeout=30).raise_for_status()

    def publish(
        self,
        bodies: list[tuple[str, str | bytes]],
        exchange: str = WORKSHOP,
        routing_key: str = DELIVERED,
        uri: str | None = None,
    ) -> None:
        """Publish (message id, body) pairs as persistent messages; returns when the broker has confirmed all of them.

        `uri` names another user than the administrator. Raises AccessRefused when the broker does not let him.
        """
        with (
            kombu.Connection(uri or self.uri, transport_options={"confirm_publish": True}) as connection,
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
