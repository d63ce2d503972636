"""Exchanges, queues and bindings: which exist follows from the contracts, and each service declares its own.

Event queues are quorum queues with explicit names. A message that keeps killing its consumer leaves the queue after
`DELIVERY_LIMIT` deliveries - high, because a lost connection counts as a delivery for everything prefetched - and waits
in the service's dead-letter queue, from where it joins the parked messages.
"""

from collections.abc import Callable, Iterable, Mapping

from amqp.exceptions import NotFound
from kombu.entity import Exchange, Queue, binding

from chassis.amqp.connection import Connection, close, connect
from chassis.process.settings import EMBEDDED_URI
from chassis.wire.messages import Event

DELIVERY_LIMIT = 100
HEARTBEAT = 10
JOURNAL_AGE = "30D"
"""How long the journal is kept, as the broker writes it: as long as inboxes remember."""
JOURNAL_SEGMENT = 50_000_000
"""Bytes of one of the journal's files: what is too old goes file by file."""


def events_exchange(service: str, *, own: bool = True) -> Exchange:
    """The topic exchange a service publishes its events on; only its owner declares it."""
    return Exchange(f"{service}.events", type="topic", durable=True, no_declare=not own)


def subscription_queue(name: str, events: Iterable[type[Event]]) -> Queue:
    """The queue of one subscription, bound to each event it takes."""
    service = name.partition(".")[0]
    return Queue(
        name,
        durable=True,
        bindings=[binding(events_exchange(event.publisher(), own=False), routing_key=event.routing_key()) for event in events],
        queue_arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": f"{service}.dead",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def dead_letter_queue(service: str) -> Queue:
    """Where messages go that the broker gave up on."""
    return Queue(
        f"{service}.dead-letters",
        exchange=Exchange(f"{service}.dead", type="fanout", durable=True),
        durable=True,
        queue_arguments={"x-queue-type": "quorum"},
    )


def journal_queue(service: str) -> Queue:
    """The stream in which the broker keeps what the service has announced (chassis/events/journal.py)."""
    return Queue(
        f"{service}.journal",
        exchange=Exchange(f"{service}.journal", type="fanout", durable=True),
        durable=True,
        queue_arguments={
            "x-queue-type": "stream",
            "x-max-age": JOURNAL_AGE,
            "x-stream-max-segment-size-bytes": JOURNAL_SEGMENT,
        },
    )


def declare(
    uri: str,
    service: str,
    subscriptions: Mapping[str, Iterable[type[Event]]],
    *,
    waiting: Callable[[str, int], None] = lambda queue, messages: None,
) -> set[str]:
    """Declare what the service owns; what is there already stays as it is, a missing binding is put back.

    `waiting` is told of each queue how many messages wait in it: the broker says so with its answer.
    Returns the exchanges of other services that do not exist yet: what is bound to them has to be declared again later.
    """
    missing = set()

    def told(name: str, messages: int, consumers: int) -> None:
        waiting(name, messages)

    connection = connect(uri, heartbeat=HEARTBEAT)
    try:
        with connection.channel() as channel:
            events_exchange(service).declare(channel=channel)
            letters = dead_letter_queue(service)
            letters.on_declared = told
            letters(channel).declare()
        if not uri.startswith(EMBEDDED_URI):  # a bus in memory keeps nothing
            with connection.channel() as channel:
                journal_queue(service)(channel).declare()
        for name, events in subscriptions.items():
            queue = subscription_queue(name, events)
            queue.on_declared = told
            with connection.channel() as channel:
                queue(channel).queue_declare()
            for one in queue.bindings:
                if not bound(connection, queue, one.exchange.name, one.routing_key):
                    missing.add(one.exchange.name)
    finally:
        close(connection)
    return missing


def bound(connection: Connection, queue: Queue, exchange: str, routing_key: str) -> bool:
    """Lead what the exchange gets under the key to the queue; False when there is no such exchange."""
    channel = connection.channel()  # one of its own: the broker closes the channel when the exchange is not there
    try:
        queue(channel).bind_to(exchange, routing_key)
    except NotFound:
        return False
    channel.close()
    return True


def declare_exchange(uri: str, service: str) -> None:
    """Declare the exchange a service publishes on: the first half of setting up the bus, for all services before the second."""
    connection = connect(uri, heartbeat=HEARTBEAT)
    try:
        with connection.channel() as channel:
            events_exchange(service).declare(channel=channel)
    finally:
        close(connection)
