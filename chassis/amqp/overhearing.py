"""Hearing what is said to others: a listener that holds up nobody, and that knows when it has missed something.

Its queue belongs to its connection and goes with it, holds so much and no more (the oldest go first), and wants no acks. What is
not heard is gone: this is for those who can do without it once they know that something is missing.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from kombu.entity import Queue

from chassis.amqp.connection import setup_limit
from chassis.amqp.consumer import DrainingConsumer
from chassis.amqp.topology import bound
from chassis.wire.ids import new_id

log = structlog.get_logger()

MOST_WAITING = 1_000
"""Messages that wait for a listener that does not keep up, at the broker."""


class Overhearing(DrainingConsumer):
    """Hears what these exchanges get under one routing key; `run()` is its read loop.

    `heard(body)` gets each message once it is there, or more than once. `missed()` is called whenever something may have been
    said that was not heard: as soon as it hears anything at all, on every connection, and when more waits than it can take.
    """

    def __init__(
        self,
        amqp_uri: str,
        *,
        name: str,
        exchanges: Iterable[str],
        routing_key: str,
        heard: Callable[[bytes], None],
        missed: Callable[[], None],
        heartbeat: int,
    ) -> None:
        super().__init__(amqp_uri, decode=False, no_ack=True, queues=[], heartbeat=heartbeat)
        self._name = name
        self._exchanges = sorted(exchanges)
        self._routing_key = routing_key
        self._heard = heard
        self._missed = missed
        self._absent: list[str] = []
        self._hearing = False

    @property
    def hearing(self) -> bool:
        """Whether it is connected and hears every exchange there is."""
        return self._hearing

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[Any]:
        """A queue for this connection alone: the broker may not have noticed yet that the one before is gone."""
        self.queues = [
            Queue(
                f"{self._name}.{new_id()}",
                durable=False,
                exclusive=True,
                auto_delete=True,
                queue_arguments={"x-max-length": MOST_WAITING, "x-overflow": "drop-head"},
            )
        ]
        return super().get_consumers(consumer_cls, channel)

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        """From here on everything is heard; what was said before was not."""
        self._absent = self._exchanges
        self._bind(connection)
        super().on_consume_ready(connection, channel, consumers, **kwargs)
        self._hearing = True
        self._missed()

    def on_message(self, body: Any, message: Any) -> None:
        """Pass it on; the broker has forgotten it already."""
        if not self.draining:
            self._heard(body)

    def _beat(self, connection: Any) -> None:
        last = self._last_beat
        super()._beat(connection)
        if self._last_beat != last and not self.draining:
            with setup_limit():
                self._look(connection)

    def _look(self, connection: Any) -> None:
        """Once a second: what has an exchange by now is heard, and what is too much to be heard is let go."""
        gained = bool(self._absent) and self._bind(connection)
        queue = self.queues[0].name
        flooded = self.channel.queue_declare(queue, passive=True).message_count > MOST_WAITING // 2
        if flooded:
            self.channel.queue_purge(queue)
            log.warning("overhearing_flooded", queue=queue)
        if gained or flooded:
            self._missed()

    def _bind(self, connection: Any) -> bool:
        """Bind the queue to the exchanges that are there by now; whether there is a new one among them."""
        absent = [one for one in self._absent if not bound(connection, self.queues[0], one, self._routing_key)]
        gained, self._absent = len(absent) < len(self._absent), absent
        return gained

    def _forget_connection(self) -> None:
        self._hearing = False
        super()._forget_connection()
