"""An order's promise as it is shown, and whose customers are to be told something."""

from datetime import datetime

from sqlalchemy import select

from chassis import Work, page
from contracts.workshop import promise as contract
from contracts.workshop.progress import DueOrder, DueReports, ListDueReports
from contracts.workshop.promise import GetPromise, ListMisses, MeasurePromises, MissedPromises, PromiseFigures
from services.workshop.order.progress_report import ProgressReport
from services.workshop.order.promise import Promise, PromiseRisk
from services.workshop.order.promised import at_risk, revisions_of
from services.workshop.order.status import HERE
from services.workshop.order.work_order import WorkOrder
from services.workshop.promise.figures import promise_figures
from services.workshop.promise.finding import find

MOST_REPORTS, MOST_DUE = 100, 200


def get_promise(work: Work, query: GetPromise) -> contract.Promise:
    """With how it would be worked out now. Raises NotFound, also when it is another dealer's."""
    return describe(work, work.get(WorkOrder, query.work_order_id))


def describe(work: Work, order: WorkOrder) -> contract.Promise:
    """All there is to know of it."""
    promise = work.find(Promise, order.id)
    risks = select(PromiseRisk).where(PromiseRisk.work_order_id == order.id).order_by(PromiseRisk.told_at)
    reports = select(ProgressReport).where(ProgressReport.work_order_id == order.id)
    newest = reports.order_by(ProgressReport.occurred_at.desc(), ProgressReport.id).limit(MOST_REPORTS)
    return contract.Promise(
        work_order_id=order.id,
        promised_at=order.promised_at,
        first_promised_at=None if promise is None else promise.first_at,
        at_risk_at=None if promise is None else promise.at_risk_at,
        expected_at=None if promise is None else promise.expected_at,
        baseline_at=None if promise is None else promise.baseline_at,
        ready_at=None if promise is None else promise.ready_at,
        missed=promise is not None and promise.missed,
        miss_cause=None if promise is None else promise.cause,
        miss_note=None if promise is None else promise.cause_note,
        miss_explained_by=None if promise is None else promise.cause_by,
        waits=promise is not None and promise.waits,
        found=find(work, order),
        revisions=[one.describe() for one in revisions_of(work, order)],
        risks=[one.describe() for one in work.all(risks)],
        reports=[one.describe() for one in work.all(newest)],
    )


def list_due_reports(work: Work, query: ListDueReports) -> DueReports:
    """By an index of their own, however many were told; each order once, by what is due first.

    That a car is ready is told once it was checked (Rule W13).
    """
    due = select(ProgressReport).join(ProgressReport.order).where(ProgressReport.ended_at.is_(None), WorkOrder.status.in_(HERE))
    if query.advisor is not None:
        due = due.where(WorkOrder.advisor == query.advisor)
    orders: dict[str, list[ProgressReport]] = {}
    for one in work.all(due.order_by(ProgressReport.due_at, ProgressReport.id).limit(MOST_DUE)):
        if one.may_be_told:
            orders.setdefault(one.work_order_id, []).append(one)
    risky = at_risk(work, orders)
    return DueReports(items=[_due(work, reports, risky) for reports in orders.values()])


def _due(work: Work, reports: list[ProgressReport], risky: dict[str, datetime | None]) -> DueOrder:
    first = reports[0]
    order = first.order
    return DueOrder(
        work_order_id=order.id,
        order_number=order.number,
        plate=order.vehicle["plate"],
        customer_name=order.customer["name"],
        phone=order.customer["phone"],
        advisor=order.advisor,
        promised_at=order.promised_at,
        at_risk=order.id in risky,
        expected_at=risky.get(order.id),
        due_at=first.due_at,
        missed=first.due_at <= work.now,
        report_kinds=list(dict.fromkeys(one.kind for one in reports)),
    )


def list_misses(work: Work, query: ListMisses) -> MissedPromises:
    """Raises Invalid for a period longer than a year."""
    first, last = work.profile.period(query.from_day, query.to_day, at=work.now)
    found = select(Promise).where(Promise.ready_at > Promise.baseline_at, *work.profile.within(Promise.ready_at, first, last))
    if query.miss_cause is not None:
        found = found.where(Promise.cause == query.miss_cause)
    if query.explained is not None:
        found = found.where(Promise.cause.is_not(None) if query.explained else Promise.cause.is_(None))
    rows, cursor = page(work, found, query, keys=[Promise.ready_at, Promise.id])
    return MissedPromises(items=[one.describe_miss() for one in rows], next_cursor=cursor)


def measure_promises(work: Work, query: MeasurePromises) -> PromiseFigures:
    """Raises Invalid for a period longer than a year."""
    return promise_figures(work, *work.profile.period(query.from_day, query.to_day, at=work.now))
