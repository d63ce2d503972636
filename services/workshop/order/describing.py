"""Describing what is to be done: jobs, and lines that the customer has yet to see (Rule W4)."""

from chassis import Invalid, Work
from contracts.workshop.order import AddLines, RecordJob, RemoveLine
from services.workshop.order.new_line import new_lines
from services.workshop.order.work_order import WorkOrder


def record_job(work: Work, command: RecordJob) -> WorkOrder:
    """Write down a job's complaint, cause or correction, until the order is inspected. Raises Invalid where nothing is said."""
    said = (command.complaint, command.cause, command.correction, command.reproduced, command.coverage)
    if not command.customer_told and all(one is None for one in said):
        raise Invalid.field("cause", "nothing_said")
    order = work.edit(WorkOrder, command.work_order_id)
    order.record_job(
        command.job,
        complaint=command.complaint,
        cause=command.cause,
        correction=command.correction,
        reproduced=command.reproduced,
        coverage=command.coverage,
        told_at=work.now if command.customer_told else None,
    )
    return order


def add_lines(work: Work, command: AddLines) -> WorkOrder:
    """Add lines to the order; they have no price before an estimate."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.add_lines(new_lines(work, command, order))
    return order


def remove_line(work: Work, command: RemoveLine) -> WorkOrder:
    """Remove a line that the customer has not decided on."""
    order = work.edit(WorkOrder, command.work_order_id)
    order.remove_line(command.line_id)
    return order
