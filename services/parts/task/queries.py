"""Queries of tasks."""

from sqlalchemy import select

from chassis import Work, page
from contracts.parts.task import ListTasks, Tasks
from services.parts.task.task import PartsTask


def list_tasks(work: Work, query: ListTasks) -> Tasks:
    """Tasks by state and kind."""
    found = select(PartsTask)
    if query.state is not None:
        found = found.where(PartsTask.state == query.state)
    if query.kind is not None:
        found = found.where(PartsTask.kind == query.kind)
    items, cursor = page(work, found, query, keys=[PartsTask.id])
    return Tasks(items=[task.describe() for task in items], next_cursor=cursor)
