"""A page of a reconciliation: where it begins, and what it has found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from chassis.wire.cursors import not_ours, opened, sealed
from contracts.gateway.suite import Reconciliation, ReconciliationCounts, ReconciliationFinding
from contracts.workshop.handing_over import DeliveryEntry
from gateway.suite.effect import HEALS, DeliveryProof, Effects


@dataclass(frozen=True)
class Position:
    """Where a page begins: `at` a dealer, with workshop's cursor there. It is bound to the filter asked for."""

    dealer: str | None
    since: datetime | None
    at: str = ""
    cursor: str | None = None

    @classmethod
    def opened(cls, cursor: str | None, *, dealer: str | None, since: datetime | None) -> "Position":
        """Where the cursor leads; the beginning without one. Raises Invalid for one of another filter, or of nobody."""
        start = cls(dealer, since)
        if cursor is None:
            return start
        *filters, at, inner = opened(cursor, len(start._filters) + 2)
        if filters != start._filters or not isinstance(at, str) or not isinstance(inner, str | None):
            raise not_ours()
        return start.moved(at, inner)

    def moved(self, at: str, cursor: str | None) -> "Position":
        """Further on."""
        return replace(self, at=at, cursor=cursor)

    def cursor_at(self, dealer: str) -> str | None:
        """Workshop's cursor for a dealer: only where the page begins there is one."""
        return self.cursor if dealer == self.at else None

    def sealed(self) -> str:
        """The cursor that leads here."""
        return sealed([*self._filters, self.at, self.cursor])

    @property
    def _filters(self) -> list[str | None]:
        return [self.dealer, None if self.since is None else self.since.isoformat()]


@dataclass
class Report:
    """What the page has found. What was announced after `young` may still be on its way. Findings are said in `language`."""

    young: datetime
    language: str
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
            for finding in DeliveryProof(dealer, delivery, there, self.language).findings():
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
