"""Queries of tasks."""

from datetime import timedelta

from sqlalchemy import select

from chassis import Work, oldest, page
from contracts.attention import MOST, Concern, ConcernGroup, Concerns
from contracts.parts.attention import FindPartsConcerns
from contracts.parts.task import ListTasks, Tasks
from services.parts.task.task import PartsTask

WAITS_LONG = timedelta(hours=24)
"""So long a task may lie on the parts desk; a discrepancy is told at once: pieces went out that no record explains."""


def find_parts_concerns(work: Work, query: FindPartsConcerns) -> Concerns:
    """Open tasks; those that were looked into cost nothing."""
    is_open = PartsTask.state == "open"
    lost = oldest(work, PartsTask, is_open, PartsTask.kind == "shortage", since=PartsTask.opened_at, most=MOST)
    waits = PartsTask.kind != "shortage", PartsTask.opened_at <= work.now - WAITS_LONG
    waiting = oldest(work, PartsTask, is_open, *waits, since=PartsTask.opened_at, most=MOST)
    return Concerns(
        groups=[
            ConcernGroup(kind="stock_discrepancy", count=lost[1], items=[_concern(one) for one in lost[0]]),
            ConcernGroup(kind="parts_task", count=waiting[1], items=[_concern(one) for one in waiting[0]]),
        ]
    )


def _concern(task: PartsTask) -> Concern:
    return Concern(
        severity="severe" if task.kind == "shortage" else "warning",
        since=task.opened_at,
        work_order_id=task.work_order_id,
        order_number=task.order_number,
        appointment_id=task.appointment_id,
        plate=task.plate,
        part_number=task.part_number,
        detail=task.kind,
    )


def list_tasks(work: Work, query: ListTasks) -> Tasks:
    """Tasks by state and kind."""
    found = select(PartsTask)
    if query.state is not None:
        found = found.where(PartsTask.state == query.state)
    if query.kind is not None:
        found = found.where(PartsTask.kind == query.kind)
    items, cursor = page(work, found, query, keys=[PartsTask.id])
    return Tasks(items=[task.describe() for task in items], next_cursor=cursor)
