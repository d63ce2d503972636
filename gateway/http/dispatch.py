"""Who answers: the service whose matter it is, by RPC, or the gateway itself on its own database."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import eventlet
import structlog

from chassis import NotYetKnown, Service, new_id
from chassis.process import crash
from chassis.wire.call import Call
from chassis.wire.errors import RefusedSoFar
from chassis.wire.messages import Command, Query
from chassis.work.executor import Executor
from contracts.gateway.search import Search
from contracts.gateway.suite import GetAttention, GetDailyReport, GetWorkOrderTimeline, ReconcileDealer, ReconcileGroup
from contracts.workshop.board import GetBoard
from contracts.workshop.dispatch_proposal import ProposeDispatch
from gateway.http.problems import language
from gateway.http.sharing import Alike, SharedReads
from gateway.http.table import may_call, services
from gateway.suite.attention import AttentionList
from gateway.suite.caller import Caller
from gateway.suite.daily_report import DailyReporter
from gateway.suite.reconciling import Reconciler
from gateway.suite.searching import Searcher
from gateway.suite.tracing import Tracer

log = structlog.get_logger()

Answerer = Callable[[dict[str, Any], Call], Any]

PATIENCE_SECONDS = 2.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 0.4

OF_ALL_SERVICES: Mapping[type[Command] | type[Query], Callable[["Suite"], Answerer]] = {
    GetWorkOrderTimeline: lambda suite: suite.tracer.timeline,
    ReconcileDealer: lambda suite: suite.reconciler.of_dealer,
    ReconcileGroup: lambda suite: suite.reconciler.of_group,
    GetAttention: lambda suite: suite.attention.of_dealer,
    GetDailyReport: lambda suite: suite.daily.of_dealer,
    Search: lambda suite: suite.searcher.search,
}
"""Questions that have no use case: the gateway asks every service for its part of the answer."""

SAME_FOR_ALL = (GetBoard, ProposeDispatch)
"""What is answered to each of a dealer's staff alike, and asked by many at once: they share one answer of the service."""


@dataclass(frozen=True)
class Suite:
    """Who asks all services at once."""

    tracer: Tracer
    reconciler: Reconciler
    attention: AttentionList
    daily: DailyReporter
    searcher: Searcher


class Dispatcher:
    """Passes a request on and brings back the answer as plain data. Raises the services' typed errors."""

    def __init__(self, caller: Caller, executor: Executor, service: type[Service]) -> None:
        self._caller = caller
        self._executor = executor
        self._service = service
        self._reads = SharedReads()
        reconciler = Reconciler(caller, executor, language)
        tracer = Tracer(caller, services())
        suite = Suite(
            tracer=tracer,
            reconciler=reconciler,
            attention=AttentionList(caller, executor, reconciler, language),
            daily=DailyReporter(caller),
            searcher=Searcher(caller, may_call, language),
        )
        self._of_all_services = {request: answers(suite) for request, answers in OF_ALL_SERVICES.items()}

    def ask(self, request: type[Command] | type[Query], payload: dict[str, Any], call: Call) -> Any:
        """The answer. What is not known yet may be on its way: for a moment it is asked for again, under the same key."""
        answer = self._answerer(request)
        patience = PATIENCE_SECONDS if call.deadline is None else min(PATIENCE_SECONDS, call.seconds_left)
        give_up = time.monotonic() + patience
        pause = _FIRST_PAUSE
        while True:
            try:
                return answer(payload, call)
            except (NotYetKnown, RefusedSoFar) as error:
                if time.monotonic() + pause > give_up:
                    raise
                log.info("fact_awaited", method=request.method, code=error.code, field=error.details.get("field"))
                eventlet.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def _answerer(self, request: type[Command] | type[Query]) -> Answerer:
        if request in self._of_all_services:
            return self._of_all_services[request]
        if request in SAME_FOR_ALL:
            return partial(self._shared, request)
        if request.service != "gateway":
            return partial(self._by_rpc, request)
        return partial(self._here, request)

    def _shared(self, request: type[Command] | type[Query], payload: dict[str, Any], call: Call) -> Any:
        asked = request, call.dealer, *sorted(payload.items())
        return self._reads.ask(asked, lambda: Alike(self._by_rpc(request, payload, call)))

    def _by_rpc(self, request: type[Command] | type[Query], payload: dict[str, Any], call: Call) -> Any:
        answer = self._caller.call(request.service, request.method, payload, call, call.seconds_left)
        crash.here("gateway_mid_rpc")
        return answer

    def _here(self, request: type[Command] | type[Query], payload: dict[str, Any], call: Call) -> Any:
        use_case = self._service.use_case(request)
        if issubclass(request, Command):
            return self._executor.execute(request, use_case, payload, call, new_id())
        return self._executor.ask(request, use_case, payload, call)
