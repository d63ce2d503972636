"""What workshop announces of the time for which a car is promised (Rules W6, W10)."""

from datetime import datetime

from contracts.workshop.events import WorkOrderEvent


class PromiseAtRisk(WorkOrderEvent, type="workshop.promise.at_risk"):
    """The work that is left no longer fits the promised time (交车时间有风险, Rule W10): once for each promise of an order.

    `expected_at` is when it would be ready; null while nobody knows.
    """

    promised_at: datetime
    expected_at: datetime | None = None
