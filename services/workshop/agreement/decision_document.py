"""What a customer decided, as it is kept: which lines at which prices, why, and which estimate they saw (Rule W8)."""

from collections.abc import Collection

from chassis import Document, Money
from chassis.wire import Part
from contracts.shared import LineKind, Share
from contracts.workshop import agreement
from contracts.workshop.agreement import DecisionKind
from services.workshop.order.work_order import WorkOrder


class DecidedLine(Part):
    """A line as it stood when it was decided on."""

    line_id: str
    number: int
    kind: LineKind
    description: str
    amount: Money | None = None
    shares: list[Share]
    safety: bool

    def describe(self) -> agreement.DecidedLine:
        """The line as the ledger shows it."""
        return agreement.DecidedLine(
            number=self.number,
            kind=self.kind,
            description=self.description,
            amount=self.amount,
            shares=self.shares,
            safety=self.safety,
        )


class DecisionDocument(Document):
    """A decision of the customer, whole; `estimate_hash` is that of the estimate that was before them."""

    work_order_id: str
    decision: DecisionKind
    estimate_version: int | None = None
    estimate_hash: str | None = None
    lines: list[DecidedLine]
    reason: str | None = None


def decision_document(
    order: WorkOrder,
    kind: DecisionKind,
    numbers: Collection[int],
    *,
    estimate_version: int | None,
    estimate_hash: str | None,
    reason: str | None,
) -> DecisionDocument:
    """What is decided of these lines, as they stand now."""
    lines = [
        DecidedLine(
            line_id=line.id,
            number=line.number,
            kind=line.kind.value,
            description=line.description,
            amount=None if line.amount_minor is None else Money(line.amount_minor, order.currency),
            shares=[Share(payer=payer, amount=amount) for payer, amount in line.split(order.currency)],
            safety=line.safety,
        )
        for line in order.lines
        if line.number in numbers
    ]
    return DecisionDocument(
        work_order_id=order.id,
        decision=kind,
        estimate_version=estimate_version,
        estimate_hash=estimate_hash,
        lines=lines,
        reason=reason,
    )
