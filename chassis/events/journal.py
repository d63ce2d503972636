"""The journal: beside each batch of events the relay has the broker keep it whole, in a stream of the service's own.

A database that is restored from a backup has forgotten what it announced since, also that which no other service takes: the
number of an invoice. The journal has not: it is on other disks, is kept for a month, and is read by `servicelane recall` alone.
It is no subscriber, because a queue that is bound to an event makes it routable (see notices). A batch is in it before it is with
its subscribers, and counts as published only when the journal has confirmed it, too.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from amqp.exceptions import NotFound

from chassis.amqp.connection import close, connect
from chassis.amqp.publisher import ConfirmingPublisher, Outgoing
from chassis.amqp.topology import HEARTBEAT, journal_queue
from chassis.wire.envelope import Envelope
from chassis.wire.ids import new_id

TAG = -1
"""By this the relay knows its entries from its events, whose tags are positions."""
MOST_CHARACTERS = 1_000_000
"""What one entry holds of more than one event: brokers limit how long a message may be."""
SILENT_SECONDS = 30.0
AHEAD = 100
CLOCKS_DIFFER = timedelta(minutes=5)
"""The broker finds a time by its own clock."""

_MARK = "servicelane.mark"


class NoJournal(Exception):
    """The broker has no journal of the service."""


def entries(service: str, envelopes: Sequence[str]) -> Iterator[Outgoing]:
    """What is published into the journal of these events, each the exact text that goes on the bus."""
    gathered: list[str] = []
    characters = 0
    for one in envelopes:
        if gathered and characters + len(one) > MOST_CHARACTERS:
            yield _entry(service, gathered)
            gathered, characters = [], 0
        gathered.append(one)
        characters += len(one)
    if gathered:
        yield _entry(service, gathered)


def told(uri: str, service: str, since: datetime) -> list[Envelope]:
    """Every event that the service has announced since then and published, once, in the order of its first publication.

    Raises NoJournal; PublishFailed or TimeoutError when the broker is away or silent.
    """
    _expect(uri, service)
    mark = new_id()
    with closing(ConfirmingPublisher(uri, heartbeat=HEARTBEAT)) as publisher:
        publisher.publish([_entry(service, [json.dumps({_MARK: mark})])], while_waiting=lambda: None)
    found: dict[str, Envelope] = {}
    for entry in _read(uri, service, since, mark):
        for attributes in entry:
            if _MARK not in attributes:
                envelope = Envelope.read(attributes)
                found.setdefault(envelope.id, envelope)
    return [one for one in found.values() if one.time >= since]


def _expect(uri: str, service: str) -> None:
    connection = connect(uri, heartbeat=HEARTBEAT)
    try:
        journal_queue(service)(connection.channel()).queue_declare(passive=True)
    except NotFound as error:
        raise NoJournal(service) from error
    finally:
        close(connection)


def _entry(service: str, envelopes: Sequence[str]) -> Outgoing:
    return Outgoing(TAG, new_id(), journal_queue(service).exchange.name, "told", f"[{','.join(envelopes)}]", mandatory=False)


def _read(uri: str, service: str, since: datetime, mark: str) -> Iterator[list[dict[str, Any]]]:
    """The entries of the journal up to the mark; the broker begins with what it wrote to disk together with that time's."""
    arrived: list[Any] = []
    connection = connect(uri, heartbeat=HEARTBEAT)
    try:
        channel = connection.connection.channel()
        channel.basic_qos(0, AHEAD, False)
        begin = min(since.astimezone(UTC), datetime.now(UTC)) - CLOCKS_DIFFER
        offset = {"x-stream-offset": begin.replace(tzinfo=None)}
        channel.basic_consume(journal_queue(service).name, callback=arrived.append, arguments=offset)
        heard = monotonic()
        while monotonic() - heard < SILENT_SECONDS:
            for message in arrived:
                entry = json.loads(message.body)
                if entry[-1].get(_MARK) == mark:
                    return
                yield entry
                channel.basic_ack(message.delivery_tag)
                heard = monotonic()
            arrived.clear()
            try:
                connection.drain_events(timeout=1)
            except TimeoutError:
                connection.heartbeat_check()
        raise TimeoutError(f"the broker did not read the journal of {service} to its end")
    finally:
        close(connection)
