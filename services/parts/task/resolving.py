"""Resolving tasks."""

from chassis import Work
from contracts.parts.task import ResolveTask
from services.parts.task.task import PartsTask


def resolve(work: Work, command: ResolveTask) -> PartsTask:
    """Resolve a task that is open."""
    task = work.edit(PartsTask, command.task_id)
    task.resolve(at=work.now, by=work.actor, note=command.note)
    return task
