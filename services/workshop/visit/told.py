"""What a customer was promised and told, as they see it by their link (Rules W17, W18, W19): no note that staff made of it."""

from datetime import datetime

from sqlalchemy import select

from chassis import Work
from contracts.workshop.progress import ReportKind, ToldHow
from contracts.workshop.visit import VisitPromise, VisitReport
from services.workshop.order.progress_report import ProgressReport
from services.workshop.order.promised import revisions_of
from services.workshop.order.work_order import WorkOrder

MOST_TOLD = 20


def promises_of(work: Work, order: WorkOrder) -> list[VisitPromise]:
    """The first one first; what came with an estimate was told when it was put before them."""
    return [
        VisitPromise(
            promised_at=one.promised_at,
            moved_by=one.moved_by,
            told_at=one.told_at or one.recorded_at,
            told_how=one.told_how,
        )
        for one in revisions_of(work, order)
    ]


def reports_of(work: Work, order: WorkOrder) -> list[VisitReport]:
    """The newest first; one call that told several things is one."""
    told = select(ProgressReport).where(ProgressReport.work_order_id == order.id, ProgressReport.told_at.is_not(None))
    newest = told.order_by(ProgressReport.told_at.desc(), ProgressReport.due_at, ProgressReport.id).limit(5 * MOST_TOLD)
    calls: dict[tuple[datetime, ToldHow], list[ReportKind]] = {}
    for one in work.all(newest):
        assert one.told_at is not None
        assert one.told_how is not None, "whoever told it said how"
        calls.setdefault((one.told_at, one.told_how), []).append(one.kind)
    return [
        VisitReport(report_kinds=list(dict.fromkeys(kinds)), told_at=at, told_how=how)
        for (at, how), kinds in list(calls.items())[:MOST_TOLD]
    ]
