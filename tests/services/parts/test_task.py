"""What the parts desk must look into after a delivery (Rule P3)."""

import pytest

from chassis.wire.errors import Refused
from contracts.parts.task import ListTasks, ResolveTask
from tests.services.parts.scene import installed


def test_a_task_is_resolved_once_with_a_note(scene, desk):
    scene.delivered("order", installed("line", "PAD", "1"))
    (task,) = desk.ask(ListTasks()).items
    resolved = desk.do(ResolveTask(task_id=task.id, note="counted"), if_match=task.version)
    assert (resolved.state, resolved.resolved_by, resolved.note) == ("resolved", "wang", "counted")
    with pytest.raises(Refused, match="task_not_open"):
        desk.do(ResolveTask(task_id=task.id, note="again"))
