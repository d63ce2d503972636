"""Queries of tasks."""

from datetime import timedelta

from sqlalchemy import select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup, Concerns
from contracts.billing.attention import FindBillingConcerns
from contracts.billing.task import BillingTasks, ListBillingTasks
from services.billing.task.billing_task import BillingTask

WAITS_LONG = timedelta(hours=24)
"""So long a task may lie at the till before somebody should ask why."""


def find_billing_concerns(work: Work, query: FindBillingConcerns) -> Concerns:
    """Open tasks; those that were completed cost nothing."""
    waits = BillingTask.completed_at.is_(None), BillingTask.raised_at <= work.now - WAITS_LONG
    tasks, count = oldest(work, BillingTask, *waits, since=BillingTask.raised_at, most=MOST)
    told = [
        Concern(
            severity="warning",
            since=one.raised_at,
            work_order_id=one.work_order_id,
            order_number=one.work_order_number,
            plate=one.plate,
            customer_name=one.customer_name,
            detail=one.kind,
        )
        for one in tasks
    ]
    return Concerns(groups=[ConcernGroup(kind="billing_task", count=count, items=told)])


def list_billing_tasks(work: Work, query: ListBillingTasks) -> BillingTasks:
    """Grouped by order and revision, the highest first."""
    statement = select(BillingTask)
    if not query.completed:
        statement = statement.where(BillingTask.completed_at.is_(None))
    rows, next_cursor = page(work, statement, query, keys=[BillingTask.id])
    return BillingTasks(items=[one.describe() for one in rows], next_cursor=next_cursor)
