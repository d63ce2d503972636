"""Notices: beside each batch of events the relay says once more, in one short message, which they are - not what they say.

For those who only want to know that something changed. They could not listen to the events themselves: a queue that is bound to
an event makes it routable, and one that none of its subscribers can get would no longer be kept until they can. A notice is not
mandatory, nobody waits for it, and it comes again when the batch does.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from chassis.amqp.overhearing import Overhearing
from chassis.amqp.topology import events_exchange
from chassis.process.settings import Settings
from chassis.wire.envelope import ids_of

log = structlog.get_logger()

ROUTING_KEY = "noticed"
"""One word, so that no event has it; on the exchange of the publisher's events, which is there as long as it publishes."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """That an event was published. `ids` are those that the event's facts name, by their field: `work_order_id`."""

    id: str
    type: str
    subject: str
    sequence: int
    time: str
    dealer: str
    correlation_id: str | None
    ids: dict[str, str]


def exchange(service: str) -> str:
    """Where the notices of a service are published."""
    name: str = events_exchange(service).name
    return name


def of(envelopes: Sequence[str]) -> str | None:
    """The notice of these events, as they are published; None when none of them concerns a dealer."""
    found = [_thin(attributes) for attributes in map(json.loads, envelopes) if attributes.get("dealerid") is not None]
    return json.dumps(found, separators=(",", ":")) if found else None


def _thin(attributes: dict[str, Any]) -> dict[str, Any]:
    known = {name: attributes.get(name) for name in ("id", "type", "subject", "sequence", "time", "dealerid", "correlationid")}
    return {**known, "ids": ids_of(attributes["data"])}


def read(body: bytes) -> list[Noticed]:
    """What a notice says. Raises ValueError for what is none."""
    try:
        found = [
            Noticed(
                id=one["id"],
                type=one["type"],
                subject=one["subject"],
                sequence=one["sequence"],
                time=one["time"],
                dealer=one["dealerid"],
                correlation_id=one["correlationid"],
                ids=one["ids"],
            )
            for one in json.loads(body)
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"no notice: {error}") from error
    if not all(isinstance(text, str) for one in found for text in (one.id, one.type, one.subject, one.dealer, *one.ids)):
        raise ValueError("no notice: not all its names are texts")
    return found


def listener(
    settings: Settings, services: Iterable[str], noticed: Callable[[list[Noticed]], None], missed: Callable[[], None]
) -> Overhearing:
    """What listens to the notices of these services, whichever of them are there yet; see Overhearing."""

    def heard(body: bytes) -> None:
        try:
            found = read(body)
        except ValueError as error:
            log.error("notice_unreadable", error=str(error))
            missed()
        else:
            noticed(found)

    return Overhearing(
        settings.amqp_uri,
        name=f"{settings.service}.notices",
        exchanges=[exchange(one) for one in services],
        routing_key=ROUTING_KEY,
        heard=heard,
        missed=missed,
        heartbeat=settings.heartbeat,
    )
