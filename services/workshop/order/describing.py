"""Describing what is to be done: jobs, and lines that the customer has yet to see (Rule W4)."""

from chassis import Work
from contracts.workshop.order import AddLines, RecordJob, RemoveLine
from services.workshop.order.new_line import new_lines
from services.workshop.order.work_order import WorkOrder


def record_job(work: Work, command: RecordJob) -> WorkOrder:
    """Anyone who works on the order may, until it was inspected."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.record_job(command.job, complaint=command.complaint, cause=command.cause, correction=command.correction)
    return order


def add_lines(work: Work, command: AddLines) -> WorkOrder:
    """They have no price before an estimate."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.add_lines(new_lines(work, command, order.currency))
    return order


def remove_line(work: Work, command: RemoveLine) -> WorkOrder:
    """What the customer decided on stays."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.remove_line(command.line_id)
    return order
