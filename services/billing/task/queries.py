"""Queries of tasks."""

from sqlalchemy import select

from chassis import Work, page
from contracts.billing.task import BillingTasks, ListBillingTasks
from services.billing.task.billing_task import BillingTask


def list_billing_tasks(work: Work, query: ListBillingTasks) -> BillingTasks:
    """Grouped by order and revision, the highest first."""
    statement = select(BillingTask)
    if not query.completed:
        statement = statement.where(BillingTask.completed_at.is_(None))
    rows, next_cursor = page(work, statement, query, keys=[BillingTask.id])
    return BillingTasks(items=[one.describe() for one in rows], next_cursor=next_cursor)
