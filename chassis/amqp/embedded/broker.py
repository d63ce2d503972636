"""The broker inside the process: exchanges, queues and who is owed what. `embedded` speaks to it as a kombu transport.

Everything happens in green threads of one operating-system thread, and nothing here yields: each operation is atomic.
"""

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from time import monotonic
from typing import Any

from amqp.exceptions import AMQPNotImplementedError, NotFound, PreconditionFailed, ResourceLocked

EXCHANGE_TYPES = frozenset({"direct", "topic", "fanout"})

_positions = count()


@dataclass(slots=True)
class Receipt:
    """What a publisher in confirm mode is owed: handled by every queue's consumer, or discarded by one of them."""

    confirm: Callable[[bool], None]
    outstanding: int
    handled: bool = True

    def settle(self, handled: bool) -> None:
        """One queue is done with the message; the last one confirms it."""
        self.outstanding -= 1
        self.handled = self.handled and handled
        if not self.outstanding:
            self.confirm(self.handled)


@dataclass(slots=True, order=True)
class Message:
    """One message in one queue. `properties` are encoded as on the wire, so that only what can travel does."""

    position: int = field(init=False, default_factory=lambda: next(_positions))
    exchange: str = field(compare=False)
    routing_key: str = field(compare=False)
    body: bytes = field(compare=False)
    properties: bytes = field(compare=False)
    expires_at: float | None = field(compare=False)
    receipt: Receipt | None = field(compare=False)
    redelivered: bool = field(compare=False, default=False)

    def settle(self, handled: bool) -> None:
        """This queue is done with the message."""
        if self.receipt is not None:
            self.receipt.settle(handled)


@dataclass(slots=True, eq=False)
class Subscription:
    """A consumer of a queue: takes a message while it has credit (`prefetch` 0 is unlimited)."""

    tag: str
    no_ack: bool
    prefetch: int
    send: Callable[["Subscription", Message], None]
    cancelled: Callable[["Subscription"], None]
    unacked: int = 0

    @property
    def has_credit(self) -> bool:
        """Whether it may be sent another message."""
        return self.no_ack or not self.prefetch or self.unacked < self.prefetch


@dataclass(slots=True, eq=False)
class Queue:
    """Keeps messages in the order they came; a message given back returns to its place."""

    name: str
    durable: bool
    auto_delete: bool
    owner: Any
    arguments: dict[str, Any]
    ready: list[Message] = field(default_factory=list)
    subscriptions: deque[Subscription] = field(default_factory=deque)

    def push(self, message: Message) -> None:
        """Take a message, new or given back, and pass on what can be."""
        heapq.heappush(self.ready, message)
        self.pump()

    def pump(self) -> None:
        """Send waiting messages to consumers in turn, as far as their credit goes."""
        while self.ready and (subscription := self._next_with_credit()) is not None:
            message = self.pop()
            if message is None:
                return
            if subscription.no_ack:
                message.settle(handled=True)
            else:
                subscription.unacked += 1
            subscription.send(subscription, message)

    def pop(self) -> Message | None:
        """The first message that has not expired; expired ones are discarded."""
        while self.ready:
            message = heapq.heappop(self.ready)
            if message.expires_at is None or message.expires_at > monotonic():
                return message
            message.settle(handled=False)
        return None

    def purge(self) -> int:
        """Discard what waits; how many messages that were."""
        discarded, self.ready = self.ready, []
        for message in discarded:
            message.settle(handled=False)
        return len(discarded)

    def _next_with_credit(self) -> Subscription | None:
        for _ in range(len(self.subscriptions)):
            subscription = self.subscriptions[0]
            self.subscriptions.rotate(-1)
            if subscription.has_credit:
                return subscription
        return None


@dataclass(slots=True, eq=False)
class Exchange:
    """Routes by its type; bindings are (routing key, queue name)."""

    name: str
    type: str
    bindings: set[tuple[str, str]] = field(default_factory=set)

    def route(self, routing_key: str) -> set[str]:
        """The names of the queues a message with this key goes to."""
        if self.type == "fanout":
            return {queue for _, queue in self.bindings}
        if self.type == "direct":
            return {queue for key, queue in self.bindings if key == routing_key}
        return {queue for key, queue in self.bindings if topic_matches(key, routing_key)}


@lru_cache(maxsize=4096)
def topic_matches(pattern: str, routing_key: str) -> bool:
    """Whether a topic binding takes a routing key: `*` stands for one word, `#` for any number, none included."""
    return _words_match(tuple(pattern.split(".")), tuple(routing_key.split(".")))


def _words_match(pattern: tuple[str, ...], words: tuple[str, ...]) -> bool:
    if not pattern:
        return not words
    head, rest = pattern[0], pattern[1:]
    if head == "#":
        return any(_words_match(rest, words[skipped:]) for skipped in range(len(words) + 1))
    return bool(words) and head in ("*", words[0]) and _words_match(rest, words[1:])


class Broker:
    """One broker: what is declared on it and the messages it holds."""

    def __init__(self) -> None:
        self.exchanges: dict[str, Exchange] = {}
        self.queues: dict[str, Queue] = {}

    def declare_exchange(self, name: str, kind: str, *, passive: bool) -> None:
        """Create the exchange, or check that it is what the caller thinks."""
        if kind not in EXCHANGE_TYPES and not passive:
            raise AMQPNotImplementedError(f"the embedded bus has no {kind} exchanges")
        exchange = self.exchanges.get(name)
        if exchange is None:
            if passive:
                raise NotFound(f"NOT_FOUND - no exchange '{name}'")
            self.exchanges[name] = Exchange(name, kind)
        elif not passive and exchange.type != kind:
            raise PreconditionFailed(f"PRECONDITION_FAILED - exchange '{name}' is {exchange.type}, not {kind}")

    def delete_exchange(self, name: str) -> None:
        """Remove the exchange and its bindings, if it is there."""
        self.exchanges.pop(name, None)

    def declare_queue(
        self, name: str, *, asker: object, durable: bool, exclusive: bool, auto_delete: bool, arguments: dict[str, Any]
    ) -> Queue:
        """Create the queue, or check that it is what the caller thinks; an exclusive one belongs to `asker` alone."""
        if name not in self.queues:
            queue = Queue(name, durable, auto_delete, asker if exclusive else None, arguments)
            self.queues[name] = queue
            return queue
        queue = self.queue(name, asker)
        found = (queue.durable, queue.auto_delete, queue.owner is not None, queue.arguments)
        if found != (durable, auto_delete, exclusive, arguments):
            raise PreconditionFailed(f"PRECONDITION_FAILED - inequivalent arguments for queue '{name}'")
        return queue

    def queue(self, name: str, asker: object) -> Queue:
        """The queue of that name; raises NotFound, or ResourceLocked if it is another connection's own."""
        queue = self.queues.get(name)
        if queue is None:
            raise NotFound(f"NOT_FOUND - no queue '{name}'")
        if queue.owner is not None and queue.owner is not asker:
            raise ResourceLocked(f"RESOURCE_LOCKED - queue '{name}' is exclusive to another connection")
        return queue

    def delete_queue(self, queue: Queue) -> int:
        """Remove the queue with its bindings; its messages are discarded and its consumers are informed."""
        if self.queues.get(queue.name) is not queue:
            return 0
        del self.queues[queue.name]
        for exchange in self.exchanges.values():
            exchange.bindings = {binding for binding in exchange.bindings if binding[1] != queue.name}
        while queue.subscriptions:
            subscription = queue.subscriptions.popleft()
            subscription.cancelled(subscription)
        return queue.purge()

    def give_back(self, queue: Queue, message: Message) -> None:
        """Return an unsettled message to its place; when its queue is gone it is discarded."""
        message.redelivered = True
        if self.queues.get(queue.name) is queue:
            queue.push(message)
        else:
            message.settle(handled=False)

    def unsubscribe(self, queue: Queue, subscription: Subscription) -> None:
        """End a subscription; an auto-delete queue goes with its last one."""
        if subscription in queue.subscriptions:
            queue.subscriptions.remove(subscription)
            if queue.auto_delete and not queue.subscriptions:
                self.delete_queue(queue)

    def exchange(self, name: str) -> Exchange:
        """The exchange of that name; raises NotFound."""
        if name not in self.exchanges:
            raise NotFound(f"NOT_FOUND - no exchange '{name}'")
        return self.exchanges[name]

    def route(self, exchange: str, routing_key: str) -> list[Queue]:
        """The queues a message goes to; the nameless exchange leads to the queue of that name."""
        names = {routing_key} if not exchange else self.exchange(exchange).route(routing_key)
        return [self.queues[name] for name in names if name in self.queues]
