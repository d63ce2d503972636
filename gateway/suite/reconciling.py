"""Reconciliation: whether every delivery has its effects in the books of all services, page by page and dealer by dealer."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import eventlet

from chassis import NotFound
from chassis.wire.call import Call
from chassis.wire.messages import Query
from chassis.work.executor import Executor
from contracts.billing.invoice import FindDeliveryInvoices
from contracts.crm.follow_up import FindDeliveryFollowUps
from contracts.gateway.suite import ReconcileDealer, ReconcileGroup, Reconciliation
from contracts.parts.deduction import FindDeliveryDeductions
from contracts.workshop.handing_over import Deliveries, DeliveryEntry, ListDeliveries
from gateway.dealer.queries import all_codes
from gateway.suite.caller import Caller
from gateway.suite.effect import Effects
from gateway.suite.reconciliation import Position, Report

GRACE = timedelta(seconds=60)
"""So long an event may be on its way before its effect is called missing."""


class Reconciler:
    """Asks workshop for a page of deliveries and the others for what they hold of these; says what is wrong in the `language` of
    whoever asks."""

    def __init__(self, caller: Caller, executor: Executor, language: Callable[[], str]) -> None:
        self._caller = caller
        self._executor = executor
        self._language = language

    def of_dealer(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the calling dealer's deliveries. Raises Invalid for a cursor of another dealer or time."""
        asked = ReconcileDealer.load(payload)
        assert call.dealer is not None, "the guard admits nobody to a dealer's route without one"
        start = Position.opened(asked.cursor, dealer=call.dealer, since=asked.since)
        return self._walk([call.dealer], start, asked.limit, call, self._language()).dump()

    def newest(self, limit: int, call: Call, language: str) -> Reconciliation:
        """So many of the calling dealer's newest deliveries; what is wrong is said in `language`."""
        assert call.dealer is not None, "the guard admits nobody to a dealer's route without one"
        return self._walk([call.dealer], Position(call.dealer, None), limit, call, language)

    def of_group(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the group's deliveries. Raises Invalid for a cursor of another filter, NotFound for a dealer there is not."""
        asked = ReconcileGroup.load(payload)
        start = Position.opened(asked.cursor, dealer=asked.dealer, since=asked.since)
        return self._walk(self._dealers(asked.dealer, call), start, asked.limit, call, self._language()).dump()

    def _dealers(self, only: str | None, call: Call) -> list[str]:
        registered = self._executor.read(all_codes, call)
        if only is None:
            return registered
        if only not in registered:
            raise NotFound("not_found", kind="dealer", id=only)
        return [only]

    def _walk(self, dealers: Sequence[str], start: Position, limit: int, call: Call, language: str) -> Reconciliation:
        # A group of many quiet dealers is walked through in one call, but never for longer than leaves time to answer.
        enough = call.seconds_left / 2
        report = Report(self._executor.clock.now() - GRACE, language)
        left = [dealer for dealer in dealers if dealer >= start.at]
        following = None
        while left and following is None:
            dealer = left.pop(0)
            as_dealer = replace(call, dealer=dealer)
            page = self._deliveries(start, dealer, limit - report.deliveries, as_dealer)
            report.take(dealer, page.items, self._effects(page.items, as_dealer))
            if page.next_cursor is not None:
                following = start.moved(dealer, page.next_cursor)
            elif left and (report.deliveries == limit or call.seconds_left < enough):
                following = start.moved(left[0], None)
        return report.answer(None if following is None else following.sealed())

    def _deliveries(self, start: Position, dealer: str, limit: int, call: Call) -> Deliveries:
        found: Deliveries = self._ask(ListDeliveries(since=start.since, cursor=start.cursor_at(dealer), limit=limit), call)
        return found

    def _effects(self, deliveries: Sequence[DeliveryEntry], call: Call) -> dict[tuple[str, int], Effects]:
        found: dict[tuple[str, int], Effects] = defaultdict(Effects)
        orders = sorted({one.work_order_id for one in deliveries})
        if not orders:
            return found
        running = [
            eventlet.spawn(self._ask, kind(work_order_ids=orders), call)
            for kind in (FindDeliveryInvoices, FindDeliveryDeductions, FindDeliveryFollowUps)
        ]
        invoices, deductions, follow_ups = (thread.wait().items for thread in running)
        for invoice in invoices:
            found[invoice.work_order_id, invoice.revision].invoices.append(invoice)
        for deduction in deductions:
            found[deduction.work_order_id, deduction.revision].deductions.append(deduction)
        for follow_up in follow_ups:
            found[follow_up.work_order_id, follow_up.revision].follow_ups.append(follow_up)
        return found

    def _ask(self, query: Query, call: Call) -> Any:
        assert query.answer is not None
        return query.answer.load(self._caller.call(query.service, query.method, query.dump(), call, call.seconds_left))
