"""A channel of the in-process bus: py-amqp's methods, attributes and errors over `embedded_broker`. See `embedded`."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import count
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

import amqp
from amqp import spec
from amqp.exceptions import ConsumerCancelled, PreconditionFailed, RecoverableConnectionError, error_for_code
from amqp.protocol import queue_declare_ok_t
from kombu.transport import base, pyamqp
from kombu.transport.base import to_rabbitmq_queue_arguments

from chassis.amqp.embedded.broker import Broker, Message, Queue, Receipt, Subscription

_NO_ROUTE = 312
_amqp_message: Any = amqp.Message
_kombu_message: Any = pyamqp.Message


class Line(Protocol):
    """What a channel needs of its connection."""

    broker: Broker
    client: Any
    broken: bool
    confirm_publish: bool
    channels: "set[Channel]"

    def post(self, event: Callable[[], None]) -> None:
        """Hand an event to whoever drains the connection."""
        ...


class Channel(base.StdChannel):
    """What py-amqp's channel is to RabbitMQ; the same methods, attributes and errors."""

    def __init__(self, connection: Line, channel_id: int) -> None:
        self.connection: Line | None = connection
        self.channel_id = channel_id
        self.is_open = True
        self.no_ack_consumers: set[str] = set()  # type: ignore[assignment]  # None in kombu's base, a set in every channel
        self.events: defaultdict[str, set[Callable[..., None]]] = defaultdict(set)
        self._prefetch = 0
        self._confirming = False
        self._published = count(1)
        self._delivered = count(1)
        self._consumers: dict[str, tuple[Queue, Subscription, Callable[[Any], None], Callable[[str], None] | None]] = {}
        self._unacked: dict[int, tuple[Queue, Message, Subscription | None]] = {}

    @property
    def _live(self) -> Line:
        if self.connection is None or self.connection.broken:
            raise RecoverableConnectionError("connection already closed")
        return self.connection

    @property
    def _broker(self) -> Broker:
        return self._live.broker

    def _queue(self, name: str) -> Queue:
        return self._broker.queue(name, self.connection)

    # -- what is declared ------------------------------------------------------------------------------------------

    def exchange_declare(self, exchange: str, type: str = "direct", passive: bool = False, **_: Any) -> None:  # noqa: A002  # AMQP's name
        """Create the exchange or compare its type."""
        self._broker.declare_exchange(exchange, type, passive=passive)

    def exchange_delete(self, exchange: str, **_: Any) -> None:
        """Remove the exchange."""
        self._broker.delete_exchange(exchange)

    def queue_declare(  # noqa: PLR0917  # AMQP's order
        self,
        queue: str = "",
        passive: bool = False,
        durable: bool = False,
        exclusive: bool = False,
        auto_delete: bool = True,
        arguments: dict[str, Any] | None = None,
        **_: Any,
    ) -> Any:
        """Create the queue or compare its properties; returns (name, messages waiting, consumers)."""
        if passive:
            found = self._queue(queue)
        else:
            found = self._broker.declare_queue(
                queue or f"amq.gen-{uuid4()}",
                asker=self.connection,
                durable=durable,
                exclusive=exclusive,
                auto_delete=auto_delete,
                arguments=arguments or {},
            )
        return queue_declare_ok_t(found.name, len(found.ready), len(found.subscriptions))

    def queue_bind(self, queue: str, exchange: str = "", routing_key: str = "", **_: Any) -> None:
        """Lead what the exchange gets under this key to the queue."""
        self._broker.exchange(exchange).bindings.add((routing_key, self._queue(queue).name))

    def queue_unbind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        """Take the binding away."""
        self._broker.exchange(exchange).bindings.discard((routing_key, queue))

    def queue_purge(self, queue: str = "", **_: Any) -> int:
        """Discard the messages that wait; how many there were."""
        return self._queue(queue).purge()

    def queue_delete(self, queue: str = "", if_unused: bool = False, if_empty: bool = False, **_: Any) -> int:
        """Remove the queue and its messages; how many there were. An absent queue is fine, as on RabbitMQ."""
        if queue not in self._broker.queues:
            return 0
        found = self._queue(queue)
        if (if_unused and found.subscriptions) or (if_empty and found.ready):
            raise PreconditionFailed(f"PRECONDITION_FAILED - queue '{queue}' in use or not empty")
        return self._broker.delete_queue(found)

    def prepare_queue_arguments(self, arguments: dict[str, Any], **options: Any) -> dict[str, Any]:
        """kombu's options in RabbitMQ's names."""
        return dict(to_rabbitmq_queue_arguments(arguments, **options))

    # -- publishing ------------------------------------------------------------------------------------------------

    prepare_message = pyamqp.Channel.prepare_message

    def confirm_select(self, nowait: bool = False) -> None:
        """From now on every publish is answered by `events["basic_ack"]` or `events["basic_nack"]`."""
        self._confirming = True

    def basic_publish(self, msg: Any, exchange: str = "", routing_key: str = "", mandatory: bool = False, **_: Any) -> None:
        """Put the message into the queues it is routed to. Unroutable and mandatory: `events["basic_return"]`.

        A connection opened with `confirm_publish` (plain nameko's publishers) learns of a missing route by exception.
        """
        connection = self._live
        queues = connection.broker.route(exchange, routing_key)
        confirm = partial(self._confirm, next(self._published)) if self._confirming else None
        if not queues:
            if mandatory:
                self._return(msg, exchange, routing_key)
            if confirm is not None:
                confirm(True)
            return
        body = msg.body
        if isinstance(body, str):
            body = body.encode(msg.properties.setdefault("content_encoding", "utf-8"))
        properties = msg._serialize_properties()
        expiration = msg.properties.get("expiration")
        expires_at = None if expiration is None else monotonic() + int(expiration) / 1000
        receipt = None if confirm is None else Receipt(confirm, len(queues))
        for queue in queues:
            queue.push(Message(exchange, routing_key, body, properties, expires_at, receipt))

    def _return(self, msg: Any, exchange: str, routing_key: str) -> None:
        error = error_for_code(_NO_ROUTE, "NO_ROUTE", spec.Basic.Return, amqp.exceptions.ChannelError)
        if self._live.confirm_publish:
            raise error
        self._live.post(partial(self._on_return, error, exchange, routing_key, msg))

    def _on_return(self, error: Exception, exchange: str, routing_key: str, msg: Any) -> None:
        if not self.events["basic_return"]:
            raise error
        self._emit("basic_return", error, exchange, routing_key, msg)

    def _confirm(self, tag: int, handled: bool) -> None:
        if self.connection is not None:
            self.connection.post(partial(self._emit, "basic_ack" if handled else "basic_nack", tag, False))

    def _emit(self, event: str, *facts: Any) -> None:
        for callback in list(self.events[event]):
            callback(*facts)

    # -- consuming -------------------------------------------------------------------------------------------------

    def basic_qos(self, prefetch_size: int, prefetch_count: int, a_global: bool) -> None:
        """Let each consumer started from now on have that many unsettled messages."""
        self._prefetch = prefetch_count

    def basic_consume(
        self,
        queue: str = "",
        consumer_tag: str = "",
        no_ack: bool = False,
        callback: Callable[[Any], None] | None = None,
        on_cancel: Callable[[str], None] | None = None,
        **_: Any,
    ) -> str:
        """Start a consumer; `callback` gets each message while the connection's events are drained."""
        found = self._queue(queue)
        tag = consumer_tag or f"amq.ctag-{uuid4()}"
        subscription = Subscription(tag, no_ack, self._prefetch, self._send, self._on_queue_deleted)
        self._consumers[tag] = (found, subscription, callback or (lambda message: None), on_cancel)
        if no_ack:
            self.no_ack_consumers.add(tag)
        found.subscriptions.append(subscription)
        found.pump()
        return tag

    def basic_cancel(self, consumer_tag: str, nowait: bool = False) -> None:
        """End a consumer; what was sent to it before still arrives."""
        if consumer_tag in self._consumers and self.connection is not None:
            queue, subscription, _, _ = self._consumers.pop(consumer_tag)
            self.no_ack_consumers.discard(consumer_tag)
            self.connection.broker.unsubscribe(queue, subscription)

    def basic_get(self, queue: str = "", no_ack: bool = False, **_: Any) -> Any:
        """The next message of a queue, or None."""
        found = self._queue(queue)
        message = found.pop()
        if message is None:
            return None
        delivery = self._delivery(found, message, None, no_ack=no_ack)
        if no_ack:
            message.settle(handled=True)
        return delivery

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        """The message is handled (with `multiple`: and all delivered before it)."""
        tags = [tag for tag in self._unacked if tag <= delivery_tag or not delivery_tag] if multiple else [delivery_tag]
        for queue, message in [self._take_back(tag) for tag in tags]:
            message.settle(handled=True)
            queue.pump()

    def basic_reject(self, delivery_tag: int, requeue: bool) -> None:
        """The message is not handled: back to its place in the queue, or discarded."""
        queue, message = self._take_back(delivery_tag)
        if requeue:
            self._broker.give_back(queue, message)
        else:
            message.settle(handled=False)
            queue.pump()

    def message_to_python(self, raw_message: Any) -> Any:
        """The message as kombu shows it."""
        return _kombu_message(raw_message, channel=self)

    def _send(self, subscription: Subscription, message: Message) -> None:
        queue, _, callback, _ = self._consumers[subscription.tag]
        delivery = self._delivery(queue, message, subscription, no_ack=subscription.no_ack)
        if self.connection is not None:  # a broken one too: what it holds goes back when it is closed
            self.connection.post(partial(self._deliver, callback, delivery))

    def _deliver(self, callback: Callable[[Any], None], delivery: Any) -> None:
        if self.connection is not None:
            callback(delivery)

    def _delivery(self, queue: Queue, message: Message, subscription: Subscription | None, *, no_ack: bool) -> Any:
        tag = next(self._delivered)
        if not no_ack:
            self._unacked[tag] = (queue, message, subscription)
        delivery = _amqp_message(message.body, channel=self)
        delivery._load_properties(spec.Basic.CLASS_ID, message.properties, 0)
        with suppress(LookupError, UnicodeError):  # as py-amqp does: text if it can be read as such
            delivery.body = message.body.decode(delivery.properties["content_encoding"])
        delivery.delivery_info = {
            "consumer_tag": subscription.tag if subscription else None,
            "delivery_tag": tag,
            "redelivered": message.redelivered,
            "exchange": message.exchange,
            "routing_key": message.routing_key,
        }
        return delivery

    def _take_back(self, tag: int) -> tuple[Queue, Message]:
        if self._live and tag not in self._unacked:
            raise PreconditionFailed(f"PRECONDITION_FAILED - unknown delivery tag {tag}")
        queue, message, subscription = self._unacked.pop(tag)
        if subscription is not None:
            subscription.unacked -= 1
        return queue, message

    def _on_queue_deleted(self, subscription: Subscription) -> None:
        _, _, _, on_cancel = self._consumers.pop(subscription.tag)
        if self.connection is not None:
            self.connection.post(partial(self._cancelled, subscription.tag, on_cancel))

    def _cancelled(self, tag: str, on_cancel: Callable[[str], None] | None) -> None:
        if on_cancel is None:
            raise ConsumerCancelled(tag, spec.Basic.Cancel)
        on_cancel(tag)

    def close(self) -> None:
        """End the consumers; what was not settled goes back to its queues, marked redelivered."""
        if self.connection is None:
            return
        connection, self.connection = self.connection, None
        self.is_open = False
        connection.channels.discard(self)
        consumers, self._consumers = self._consumers, {}
        unacked, self._unacked = self._unacked, {}
        for queue, subscription, _, _ in consumers.values():
            connection.broker.unsubscribe(queue, subscription)
        for queue, message, _ in unacked.values():
            connection.broker.give_back(queue, message)
