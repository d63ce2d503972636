"""What workshop announces of the time for which a car is promised (Rules W10, W18, W19)."""

from datetime import datetime

from contracts.shared import Login
from contracts.workshop.events import WorkOrderEvent
from contracts.workshop.progress import ReportKind, ToldHow
from contracts.workshop.promise import MissCause, PromiseAnswer


class PromiseAtRisk(WorkOrderEvent, type="workshop.promise.at_risk"):
    """The work that is left no longer fits the promised time (交车时间有风险, Rule W10): once for each promise of an order.

    `expected_at` is when it would be ready; null while nobody knows.
    """

    promised_at: datetime
    expected_at: datetime | None = None


class PromiseRevised(WorkOrderEvent, type="workshop.promise.revised", subscribers=("parts.follow_promise",)):
    """The customer was told another time (改约, Rule W18), or a first one; late, if the time before had passed by then."""

    promised_at: datetime
    previous_at: datetime | None = None
    told_how: ToldHow
    told_at: datetime
    told_late: bool
    promise_answer: PromiseAnswer


class MissExplained(WorkOrderEvent, type="workshop.promise.miss_explained"):
    """What a promise was missed for was recorded (Rule W18)."""

    miss_cause: MissCause


class ProgressReported(WorkOrderEvent, type="workshop.progress.reported"):
    """The customer was told how it goes (进度通报, Rule W19)."""

    report_kinds: list[ReportKind]
    told_how: ToldHow
    told_at: datetime
    told_by: Login


class ProgressReportMissed(WorkOrderEvent, type="workshop.progress.missed"):
    """The customer was to be told something, and nobody did (Rule W19): the service manager must act. Once for each report."""

    report_kind: ReportKind
    due_at: datetime
