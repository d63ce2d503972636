"""The bus inside one process, as a kombu transport: `embedded://` or `embedded://some-name/` for one broker of several.

For the embedded mode and for tests. It keeps the promises our services build on: topic, direct and fanout routing, acks
(multiple too), rejects, redelivery in place, prefetch, cancel, `mandatory` with basic.return, message expiration, exclusive
and auto-delete queues, cancel notices, publisher confirms. Waiting green threads are woken at once; idling costs nothing.

A confirm means more than a broker's: `basic_ack` comes when EVERY bound queue's consumer has acked the message, `basic_nack`
when one of them discarded it (rejected, expired, purged, queue deleted). A process that is killed has confirmed nothing it
had not finished, so the outbox row is still pending and nothing needs recovering.

What it lacks, against RabbitMQ:
- durability and replication: nothing outlives the process; `durable`, quorum and other queue arguments are only compared;
- dead-letter exchanges and delivery limits: a rejected message is discarded (and nacked to a confirming publisher);
- queue TTL, queue expiry, length limits, priorities, transactions, headers exchanges, exchange-to-exchange bindings;
- users and permissions, connection.blocked, heartbeats (there is no line that could fall silent);
- other processes and other operating-system threads: green threads of one thread only;
- errors that close a channel: they are raised where they happen and the channel stays open.
"""

import socket
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from typing import Any

import eventlet
from amqp.exceptions import RecoverableConnectionError
from eventlet.queue import Empty, LightQueue
from kombu.transport import TRANSPORT_ALIASES, base, pyamqp

from chassis.amqp.embedded.broker import EXCHANGE_TYPES, Broker
from chassis.amqp.embedded.channel import Channel

_EVENTS_BEFORE_YIELD = 64

_brokers: defaultdict[str, Broker] = defaultdict(Broker)


class Connection:
    """One connection: its channels and the events that wait to be drained."""

    def __init__(self, broker: Broker, client: Any) -> None:
        self.broker = broker
        self.client = client
        self.confirm_publish = bool((client.transport_options or {}).get("confirm_publish"))
        self.channels: set[Channel] = set()
        self.connected = True
        self.broken = False
        self._ids = count(1)
        self._inbox = LightQueue()
        self._streak = 0

    def channel(self) -> Channel:
        """A new channel."""
        if self.broken:
            raise RecoverableConnectionError("connection already closed")
        channel = Channel(self, next(self._ids))
        self.channels.add(channel)
        return channel

    def post(self, event: Callable[[], None]) -> None:
        """Hand an event to whoever drains this connection; a waiting green thread wakes at once."""
        self._inbox.put(event)

    def drain_events(self, timeout: float | None = None) -> None:
        """Handle one event; socket.timeout if none comes in time, OSError if the connection is broken."""
        self._streak += 1
        if self._streak >= _EVENTS_BEFORE_YIELD:
            self._streak = 0
            eventlet.sleep(0)  # a consumer that always finds work must let the others run
        if self.broken:
            self._hang_up()
        try:
            event = self._inbox.get(timeout=timeout)
        except Empty:
            raise TimeoutError("timed out") from None
        event()

    @property
    def sock(self) -> "Connection":
        """What stands for the socket: it can be shut down from any green thread."""
        return self

    def shutdown(self, how: int = socket.SHUT_RDWR) -> None:
        """Break the connection as a dead line would: nothing can be sent, and whoever drains it gets OSError."""
        self.broken = True
        self.post(self._hang_up)

    def _hang_up(self) -> None:
        self.connected = False
        raise OSError("Server unexpectedly closed connection")

    def close(self) -> None:
        """Close the channels; exclusive queues of this connection vanish."""
        self.connected = False
        self.broken = True
        for channel in list(self.channels):
            channel.close()
        for queue in [queue for queue in self.broker.queues.values() if queue.owner is self]:
            self.broker.delete_queue(queue)


class Transport(base.Transport):
    """kombu's way in. The host name in the URI chooses the broker."""

    driver_type = "embedded"
    driver_name = "embedded"
    connection_errors = pyamqp.Transport.connection_errors
    channel_errors = pyamqp.Transport.channel_errors
    recoverable_connection_errors = pyamqp.Transport.recoverable_connection_errors
    recoverable_channel_errors = pyamqp.Transport.recoverable_channel_errors
    implements = base.Transport.implements.extend(asynchronous=False, exchange_type=EXCHANGE_TYPES, heartbeats=False)

    def establish_connection(self) -> Connection:
        """A connection to the broker of that name, which is there as soon as it is asked for."""
        return Connection(_brokers[getattr(self.client, "hostname", None) or ""], self.client)

    def create_channel(self, connection: Connection) -> Channel:
        """A new channel."""
        return connection.channel()

    def drain_events(self, connection: Connection, timeout: float | None = None, **_: Any) -> None:
        """Handle one event."""
        connection.drain_events(timeout)

    def verify_connection(self, connection: Connection) -> bool:
        """Whether the connection is up."""
        return connection.connected

    def close_connection(self, connection: Connection) -> None:
        """Close it; there is no one to wait for."""
        connection.close()

    def _collect(self, connection: Connection | None) -> None:
        if connection is not None:
            connection.close()


TRANSPORT_ALIASES["embedded"] = "chassis.amqp.embedded.transport:Transport"
