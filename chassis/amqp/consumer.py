"""The consumer under RPC and subscriptions: nothing finished is redelivered by a stop, nothing is lost by a broken line.

nameko's own acknowledges what it cannot decode, dies of an error in an ack, waits up to 30 s before it connects again and, on
stop, requeues what still arrives while work in flight is redelivered to others.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import eventlet
import structlog
from kombu.serialization import registry
from nameko.amqp.consume import Consumer

from chassis.amqp.connection import BROKEN, Connection, backoff, close, connect, drop, setup_limit, sever

log = structlog.get_logger()

CLOUDEVENTS = "application/cloudevents+json"
ACCEPTED = ("application/json", CLOUDEVENTS)
DRAIN_SECONDS = 20.0

_LOOP_SECONDS = 0.5
_POLL_SECONDS = 0.02

_registry: Any = registry
_registry.register("cloudevents", json.dumps, json.loads, content_type=CLOUDEVENTS, content_encoding="utf-8")

Undecodable = Callable[[Any, Exception], None]


def _raw(message: Any) -> bytes:
    # py-amqp has decoded it already if it could.
    body = message.body
    return body.encode(message.content_encoding) if isinstance(body, str) else bytes(body)


class _Stopped(Exception):
    """The consumer was asked to stop while it had no connection."""


class DrainingConsumer(Consumer):  # type: ignore[misc]  # nameko ships no types
    """Consumes over a connection of its own; `run()` is its read loop, `stop()` drains it.

    A delivery is in flight from its arrival until `ack_message`, `requeue_message`, `reject_message` or `ack_upto` settles it,
    or its connection is lost: then the broker delivers it again, to this consumer or another.
    `undecodable(message, error)` gets what cannot be decoded and must settle it; by default it is logged and rejected, so that
    the broker's dead-letter queue gets it. With `decode=False` nothing is decoded and callbacks get the body's bytes.
    """

    def __init__(self, amqp_uri: str, *, undecodable: Undecodable | None = None, decode: bool = True, **options: Any) -> None:
        options["accept"] = sorted({*(options.get("accept") or ()), *ACCEPTED})
        if not decode:
            options["on_message"] = lambda message: self.on_message(_raw(message), message)
        super().__init__(amqp_uri, **options)
        self._undecodable = undecodable or self._reject_undecodable
        self._draining = False
        self._running = False
        self._in_flight: dict[int, Any] = {}
        self._channel: Any = None
        self._connection: Connection | None = None
        self._consumers: list[Any] = []
        self._last_loop = monotonic()
        self._last_beat = 0.0
        self._failures = 0
        self._setup: Any = None

    # -- what its users see ----------------------------------------------------------------------------------------

    @property
    def channel(self) -> Any:
        """The channel that messages arrive on now; another one after each reconnect, None without a connection."""
        return self._channel

    @property
    def in_flight(self) -> int:
        """How many deliveries are not settled."""
        return len(self._in_flight)

    @property
    def draining(self) -> bool:
        """Whether it has been asked to stop: it takes no more messages."""
        return self._draining

    def alive(self, max_age: float) -> bool:
        """Whether its loop went round, or tried to connect, within `max_age` seconds. One attempt takes up to three."""
        return monotonic() - self._last_loop <= max_age

    def ack_message(self, message: Any) -> None:
        """The message is handled. Over a lost connection this does nothing: it will be delivered again."""
        self._settle(message, message.ack)

    def requeue_message(self, message: Any) -> None:
        """Give the message back to the queue."""
        self._settle(message, message.requeue)

    def reject_message(self, message: Any) -> None:
        """Send the message to the dead-letter queue, if its queue has one."""
        self._settle(message, message.reject)

    def ack_upto(self, message: Any) -> None:
        """This message and all that arrived before it on the same connection are handled."""
        earlier = [tag for tag in self._in_flight if tag <= message.delivery_tag] if self._is_current(message) else []
        self._settle(message, lambda: message.ack(multiple=True))
        for tag in earlier:
            settled = self._in_flight.pop(tag, None)
            if settled is not None:
                settled._state = "ACK"  # so that nobody settles it twice: the broker would close the channel

    def sever(self) -> None:
        """Break the connection after a write that failed half-way; the loop connects again."""
        if self._connection is not None:
            sever(self._connection)

    def stop(self, deadline_seconds: float = DRAIN_SECONDS) -> None:
        """Take no more messages, wait until those in flight are settled or the deadline is past, then leave the bus."""
        self._draining = True
        self._cancel()
        end = monotonic() + deadline_seconds
        while self._running and self._in_flight and monotonic() < end:
            eventlet.sleep(_POLL_SECONDS)
        if self._in_flight:
            log.warning("drain_unfinished", queues=[queue.name for queue in self.queues], in_flight=len(self._in_flight))
        self.should_stop = True
        self.ready.set()  # whoever waits for the first connection need not any more
        end = monotonic() + 2 * _LOOP_SECONDS + 3.0
        while self._running and monotonic() < end:
            eventlet.sleep(_POLL_SECONDS)

    # -- the loop --------------------------------------------------------------------------------------------------

    def run(self, **_: Any) -> None:
        """Consume until stopped, over as many connections as it takes."""
        self._running = True
        try:
            while not self.should_stop:
                try:
                    for _step in self.consume(safety_interval=_LOOP_SECONDS):
                        pass
                except BROKEN as error:
                    self._failures += 1
                    log.warning("bus_connection_lost", queues=[queue.name for queue in self.queues], error=str(error))
                    self._pause(backoff(self._failures))
        except _Stopped:
            return
        finally:
            self._running = False
            self._forget_connection()

    def consume(
        self, limit: int | None = None, timeout: float | None = None, safety_interval: float = 1, **_: Any
    ) -> Iterator[None]:
        """One connection's life: yields after each event."""
        with self.consumer_context() as (connection, _channel, _consumers):
            try:
                while not self.should_stop:
                    self._beat(connection)
                    try:
                        connection.drain_events(timeout=_POLL_SECONDS if self._draining else safety_interval)
                    except TimeoutError:
                        continue
                    yield
            finally:
                self._disown_tags()

    def _beat(self, connection: Connection) -> None:
        self._last_loop = monotonic()
        if self._last_loop - self._last_beat >= 1:
            self._last_beat = self._last_loop
            connection.heartbeat_check()

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        """A connection, however long it takes; closed politely after a stop, dropped after anything else."""
        connection = self._connect()
        self._setup = setup_limit()
        try:
            yield connection
        except BaseException:
            self._forget_connection()
            drop(connection)
            raise
        finally:
            self._setup.cancel()
        self._forget_connection()
        close(connection)

    def _connect(self) -> Connection:
        while not self.should_stop:
            self._last_loop = monotonic()
            try:
                return connect(self.amqp_uri, heartbeat=self.heartbeat, ssl=self.ssl, login_method=self.login_method)
            except BROKEN as error:
                self._failures += 1
                log.warning("bus_unreachable", failures=self._failures, error=str(error))
                self._pause(backoff(self._failures))
        raise _Stopped

    def _pause(self, seconds: float) -> None:
        end = monotonic() + seconds
        while not self.should_stop and monotonic() < end:
            eventlet.sleep(min(_LOOP_SECONDS, seconds))

    def get_consumers(self, consumer_cls: Any, channel: Any) -> list[Any]:
        """Set up the consumers of a new connection; messages may arrive before `on_consume_ready`."""
        self._in_flight.clear()
        self._channel = channel
        self._connection = channel.connection.client
        self._consumers = super().get_consumers(consumer_cls, channel)
        return self._consumers

    def on_consume_ready(self, connection: Any, channel: Any, consumers: Any, **kwargs: Any) -> None:
        """Tell whoever waits that messages can come; if the stop came in between, cancel after all."""
        self._setup.cancel()
        self._failures = 0
        super().on_consume_ready(connection, channel, consumers, **kwargs)
        if self._draining:
            self._cancel()

    def on_message(self, body: Any, message: Any) -> None:
        """Take a message, unless draining: then it is left alone, and the broker requeues it when the channel closes."""
        if self._draining:
            return
        self._in_flight[message.delivery_tag] = message
        for callback in self.callbacks:
            callback(body, message)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Hand what cannot be decoded to the hook."""
        if self._draining:
            return
        self._in_flight[message.delivery_tag] = message
        self._undecodable(message, exc)

    def _reject_undecodable(self, message: Any, error: Exception) -> None:
        log.error(
            "message_undecodable",
            exchange=message.delivery_info.get("exchange"),
            routing_key=message.delivery_info.get("routing_key"),
            content_type=message.content_type,
            error=str(error),
        )
        self.reject_message(message)

    # -- settling --------------------------------------------------------------------------------------------------

    def _is_current(self, message: Any) -> bool:
        return message.channel is self._channel

    def _settle(self, message: Any, how: Callable[[], None]) -> None:
        connection = self._connection if self._is_current(message) else None
        try:
            if message.channel.connection:
                how()
        except BROKEN as error:
            log.warning("settling_failed", error=str(error))
            if connection is not None:
                sever(connection)
        finally:
            if self._is_current(message):
                self._in_flight.pop(message.delivery_tag, None)

    def _cancel(self) -> None:
        if self._channel is None or self._connection is None:
            return
        try:
            for consumer in self._consumers:
                for tag in consumer._active_tags.values():
                    self._channel.basic_cancel(tag, nowait=True)
        except BROKEN:
            sever(self._connection)
        self._disown_tags()

    def _disown_tags(self) -> None:
        # kombu would cancel them on its way out and wait for the broker's answer, which a frozen one never gives.
        for consumer in self._consumers:
            consumer._active_tags.clear()

    def _forget_connection(self) -> None:
        self._in_flight.clear()
        self._channel = None
        self._connection = None
        self._consumers = []
