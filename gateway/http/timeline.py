"""The causal timeline of a work order across all services (Rule G3)."""

import heapq
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import eventlet
import structlog

from chassis.events.timeline import VisitEvents
from chassis.wire.call import Call
from chassis.wire.errors import ServiceError
from contracts.gateway.suite import TimelineEvent, WorkOrderTimeline
from contracts.workshop.order import GetWorkOrder
from gateway.http.table import services

if TYPE_CHECKING:
    from gateway.http.dispatch import Caller

log = structlog.get_logger()

PATIENCE_SECONDS = 3.0
"""How long the slowest service may take; the others' events are not held back for longer."""

_TOLD = ("type", "subject", "sequence", "time", "actor", "causation_id", "facts")


class Timeline:
    """Asks every service for its events of one visit and puts causes before effects."""

    def __init__(self, caller: "Caller") -> None:
        self._caller = caller
        self._services = services()

    def tell(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """The timeline as plain data. Raises NotFound when the workshop does not know the order."""
        asked = GetWorkOrder(work_order_id=payload["work_order_id"])
        order = self._caller.call(GetWorkOrder.service, GetWorkOrder.method, asked.dump(), call, _remaining(call))
        visit = order["visit_id"]
        patience = min(PATIENCE_SECONDS, _remaining(call))
        running = {
            service: eventlet.spawn(self._events_of, service, VisitEvents(correlation_id=visit), call, patience)
            for service in self._services
        }
        answers = {service: thread.wait() for service, thread in running.items()}
        entries = [entry for told in answers.values() for entry in told or ()]
        return WorkOrderTimeline(
            work_order_id=asked.work_order_id,
            visit_id=visit,
            events=causes_first(entries),
            missing=sorted(service for service, told in answers.items() if told is None),
        ).dump()

    def _events_of(self, service: str, asked: VisitEvents, call: Call, patience: float) -> list[TimelineEvent] | None:
        try:
            told = self._caller.call(service, "visit_events", asked.dump(), call, patience)
        except ServiceError as error:
            log.warning("timeline_incomplete", missing=service, error=str(error))
            return None
        return [_entry(service, event) for event in told["events"]]


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
            heapq.heappush(ready, (*_when(entry), entry))
    told: list[TimelineEvent] = []
    while ready:
        entry = heapq.heappop(ready)[-1]
        told.append(entry)
        for effect in effects[entry.event_id]:
            heapq.heappush(ready, (*_when(effect), effect))
    return told


def _when(entry: TimelineEvent) -> tuple[Any, ...]:
    # Ids are unique and sort by time of minting, so no two entries are ever compared themselves.
    return entry.time, entry.event_id


def _entry(service: str, event: dict[str, Any]) -> TimelineEvent:
    facts = {name: event[name] for name in _TOLD if name in event}  # the service may be newer and tell more
    return TimelineEvent.load({**facts, "event_id": event["id"], "service": service})


def _remaining(call: Call) -> float:
    return (call.deadline or time.time()) - time.time()
