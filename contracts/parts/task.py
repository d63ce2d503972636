"""What the parts desk must look into: after a delivery, after a void order, and when a reservation loses its parts."""

from datetime import datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Quantity, Query, text
from contracts.shared import Listing, Page, PartNumber, Reason

TaskKind = Literal["shortage", "return_surplus", "reservation_short"]
"""账实不符, 余料退库, 预留缺料: parts set aside for somebody were taken by a delivery, a correction or a receipt's undoing."""

TaskState = Literal["open", "resolved", "withdrawn"]
"""`withdrawn`: the delivery it belongs to was reversed, or what was taken was made good."""


class Task(Answer):
    """Something the parts desk must look into, of one line of an order or an appointment; `revision` 0 belongs to no delivery."""

    id: Id
    version: int
    kind: TaskKind
    state: TaskState
    work_order_id: Id | None = None
    order_number: Annotated[str | None, text(20)] = None
    appointment_id: Id | None = None
    plate: Annotated[str, text(16)]
    revision: int
    line_id: Id
    part_number: PartNumber
    quantity: Quantity
    opened_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    note: str | None = None


class Tasks(Answer, Page):
    """A page of tasks, the newest first."""

    items: list[Task]


class ResolveTask(Command, service="parts", answer=Task):
    """Resolve a task.

    The parts desk has looked into it.
    """

    task_id: Id
    note: Reason


class ListTasks(Query, Listing, service="parts", answer=Tasks):
    """Tasks of the parts desk.

    Those in a state or of a kind, if one is given.
    """

    state: TaskState | None = None
    kind: TaskKind | None = None
