"""Completing a task."""

from chassis import Work
from contracts.billing.task import CompleteBillingTask
from services.billing.task.billing_task import BillingTask


def complete_billing_task(work: Work, command: CompleteBillingTask) -> BillingTask:
    """Complete a task in the caller's name."""
    task = work.edit(BillingTask, command.task_id)
    task.complete(command.note, at=work.now, by=work.actor)
    return task
