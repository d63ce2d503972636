"""The timeline of a visit: events of several services, causes before effects (Rule G3)."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from contracts.gateway.suite import TimelineEvent

_KNOWN = ("type", "subject", "sequence", "time", "actor", "causation_id", "facts")


def causes_first(entries: Iterable[TimelineEvent]) -> list[TimelineEvent]:
    """The events so that none comes before its cause, else in the order of time.

    The clocks of two services may disagree: an effect may carry an earlier time than what caused it.
    """
    known = {entry.event_id: entry for entry in entries}
    effects: dict[str, list[TimelineEvent]] = defaultdict(list)
    ready: list[tuple[Any, ...]] = []
    for entry in known.values():
        if entry.causation_id in known:
            effects[entry.causation_id].append(entry)
        else:
            heapq.heappush(ready, (*_order(entry), entry))
    ordered: list[TimelineEvent] = []
    while ready:
        entry = heapq.heappop(ready)[-1]
        ordered.append(entry)
        for effect in effects[entry.event_id]:
            heapq.heappush(ready, (*_order(effect), effect))
    return ordered


def entry_of(service: str, event: dict[str, Any]) -> TimelineEvent:
    """What a service answered about one event; a newer service may say more than we know."""
    facts = {name: event[name] for name in _KNOWN if name in event}
    return TimelineEvent.load({**facts, "event_id": event["id"], "service": service})


def _order(entry: TimelineEvent) -> tuple[Any, ...]:
    # Ids are unique and sort by time of minting, so no two entries are ever compared themselves.
    return entry.time, entry.event_id
