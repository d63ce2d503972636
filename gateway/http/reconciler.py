"""Reconciliation: whether every delivery has its effects in the books of all services, page by page and dealer by dealer.

Each service is asked as the dealer whose books they are, so that both walls stand; nobody reads over all dealers at once.
"""

import base64
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import eventlet

from chassis import Invalid, NotFound
from chassis.wire.call import Call
from chassis.wire.messages import Query
from chassis.work.executor import Executor
from contracts.billing.invoice import FindDeliveryInvoices
from contracts.crm.follow_up import FindDeliveryFollowUps
from contracts.gateway.suite import ReconcileDealer, ReconcileGroup, Reconciliation, ReconciliationCounts, ReconciliationFinding
from contracts.parts.deduction import FindDeliveryDeductions
from contracts.workshop.handing_over import Deliveries, DeliveryEntry, ListDeliveries
from gateway.domain.effects import HEALS, Effects, Proof
from gateway.queries import dealer_codes

if TYPE_CHECKING:
    from gateway.http.dispatch import Caller

GRACE = timedelta(seconds=60)
"""So long an event may be on its way before its effect is called missing."""


class Reconciler:
    """Asks workshop for a page of deliveries and the others for what they hold of these."""

    def __init__(self, caller: "Caller", executor: Executor) -> None:
        self._caller = caller
        self._executor = executor

    def of_dealer(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the calling dealer's deliveries. Raises Invalid for a cursor of another dealer or time."""
        asked = ReconcileDealer.load(payload)
        assert call.dealer is not None, "the guard admits nobody to a dealer's route without one"
        place = Place.opened(asked.cursor, dealer=call.dealer, since=asked.since)
        return self._walk([call.dealer], place, asked.limit, call)

    def of_group(self, payload: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the group's deliveries. Raises Invalid for a cursor of another filter, NotFound for a dealer there is not."""
        asked = ReconcileGroup.load(payload)
        place = Place.opened(asked.cursor, dealer=asked.dealer, since=asked.since)
        return self._walk(self._dealers(asked.dealer), place, asked.limit, call)

    def _dealers(self, only: str | None) -> list[str]:
        def registered_now() -> list[str]:
            with self._executor.sessions() as session:
                return dealer_codes(session)

        registered = self._executor.retrying(registered_now)
        if only is None:
            return registered
        if only not in registered:
            raise NotFound("not_found", kind="dealer", id=only)
        return [only]

    def _walk(self, dealers: Sequence[str], place: "Place", limit: int, call: Call) -> dict[str, Any]:
        # A group of many quiet dealers is walked through in one call, but never for longer than leaves time to answer.
        until = time.time() + _remaining(call) / 2
        report = Report(young=self._executor.clock.now() - GRACE)
        left = [dealer for dealer in dealers if dealer >= place.at]
        following = None
        while left and following is None:
            dealer = left.pop(0)
            as_dealer = replace(call, dealer=dealer)
            page = self._deliveries(place.cursor_at(dealer), place.since, limit - report.deliveries, as_dealer)
            report.take(dealer, page.items, self._effects(page.items, as_dealer))
            if page.next_cursor is not None:
                following = place.moved(dealer, page.next_cursor)
            elif left and (report.deliveries == limit or time.time() > until):
                following = place.moved(left[0], None)
        return report.answer(None if following is None else following.sealed()).dump()

    def _deliveries(self, cursor: str | None, since: datetime | None, limit: int, call: Call) -> Deliveries:
        found: Deliveries = self._ask(ListDeliveries(since=since, cursor=cursor, limit=limit), call)
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
        return query.answer.load(self._caller.call(query.service, query.method, query.dump(), call, _remaining(call)))


@dataclass(frozen=True)
class Place:
    """Where in the walk a page begins: `at` a dealer, with workshop's cursor there. It is bound to the filter asked for."""

    dealer: str | None
    since: datetime | None
    at: str = ""
    cursor: str | None = None

    @classmethod
    def opened(cls, cursor: str | None, *, dealer: str | None, since: datetime | None) -> "Place":
        """Where the cursor leads; the beginning without one. Raises Invalid for one of another filter, or of nobody."""
        start = cls(dealer, since)
        if cursor is None:
            return start
        try:
            *filters, at, inner = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        except (ValueError, TypeError):
            _not_ours()
        if filters != start._filters or not isinstance(at, str) or not isinstance(inner, str | None):
            _not_ours()
        return start.moved(at, inner)

    def moved(self, at: str, cursor: str | None) -> "Place":
        """Further on."""
        return replace(self, at=at, cursor=cursor)

    def cursor_at(self, dealer: str) -> str | None:
        """Workshop's cursor for a dealer of the walk: only where the page begins there is one."""
        return self.cursor if dealer == self.at else None

    def sealed(self) -> str:
        """The cursor that leads here."""
        return base64.urlsafe_b64encode(json.dumps([*self._filters, self.at, self.cursor]).encode()).decode()

    @property
    def _filters(self) -> list[str | None]:
        return [self.dealer, None if self.since is None else self.since.isoformat()]


@dataclass
class Report:
    """What the walk has seen. What was announced after `young` may still be on its way."""

    young: datetime
    dealers: list[str] = field(default_factory=list)
    counts: ReconciliationCounts = field(default_factory=ReconciliationCounts)
    findings: list[ReconciliationFinding] = field(default_factory=list)
    under_way: list[ReconciliationFinding] = field(default_factory=list)

    @property
    def deliveries(self) -> int:
        """How many deliveries were looked at."""
        return self.counts.deliveries

    def take(self, dealer: str, deliveries: Sequence[DeliveryEntry], effects: dict[tuple[str, int], Effects]) -> None:
        """Hold a dealer's deliveries against their effects."""
        self.dealers.append(dealer)
        for delivery in deliveries:
            there = effects[delivery.work_order_id, delivery.revision]
            self._count(delivery, there)
            for finding in Proof(dealer, delivery, there).findings():
                may_come = finding.fault in HEALS and delivery.announced_at > self.young
                (self.under_way if may_come else self.findings).append(finding)

    def answer(self, next_cursor: str | None) -> Reconciliation:
        """The report as it is answered."""
        return Reconciliation(
            consistent=not self.findings,
            dealers=self.dealers,
            counts=self.counts,
            findings=self.findings,
            under_way=self.under_way,
            next_cursor=next_cursor,
        )

    def _count(self, delivery: DeliveryEntry, there: Effects) -> None:
        billed = sum(one.kind == "invoice" for one in there.invoices)
        seen = {
            "deliveries": 1,
            "reversed": int(delivery.reversed),
            "invoices": billed,
            "credit_notes": len(there.invoices) - billed,
            "deductions": len(there.deductions),
            "follow_ups": len(there.follow_ups),
        }
        self.counts = ReconciliationCounts(**{name: count + seen[name] for name, count in asdict(self.counts).items()})


def _remaining(call: Call) -> float:
    return (call.deadline or time.time()) - time.time()


def _not_ours() -> NoReturn:
    raise Invalid.fields({"cursor": ["Not a cursor of this list."]})
