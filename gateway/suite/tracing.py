"""Asking all services for their events of one visit."""

from collections.abc import Sequence
from typing import Any

import eventlet

from chassis.events.timeline import VisitEvents
from chassis.wire.call import Call
from contracts.gateway.suite import GetWorkOrderTimeline, TimelineEvent, WorkOrderTimeline
from contracts.workshop.order import GetWorkOrder
from gateway.suite.caller import Caller, patience_with, told
from gateway.suite.timeline import causes_first, entry_of


class Tracer:
    """Answers `GetWorkOrderTimeline` from the events of these services."""

    def __init__(self, caller: Caller, services: Sequence[str]) -> None:
        self._caller = caller
        self._services = services

    def timeline(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """The timeline as plain data. Raises NotFound when the workshop does not know the order."""
        asked = GetWorkOrderTimeline.load(payload)
        order = GetWorkOrder(work_order_id=asked.work_order_id)
        visit = self._caller.call(order.service, order.method, order.dump(), call, call.seconds_left)["visit_id"]
        patience = patience_with(call)
        running = {
            service: eventlet.spawn(self._events_of, service, VisitEvents(correlation_id=visit), call, patience)
            for service in self._services
        }
        answers = {service: thread.wait() for service, thread in running.items()}
        return WorkOrderTimeline(
            work_order_id=asked.work_order_id,
            visit_id=visit,
            events=causes_first(entry for answered in answers.values() for entry in answered or ()),
            missing=sorted(service for service, answered in answers.items() if answered is None),
        ).dump()

    def _events_of(self, service: str, asked: VisitEvents, call: Call, patience: float) -> list[TimelineEvent] | None:
        answered = told(self._caller, service, asked, call, patience, incomplete="timeline_incomplete")
        return None if answered is None else [entry_of(service, event) for event in answered["events"]]
