"""A task of the parts desk: a shortage nobody can explain, or parts to be handed back."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Quantity, Refused, Work
from contracts.parts.task import Task, TaskKind, TaskState
from services.parts.model import Base, PartNumberType


class PartsTask(Aggregate, Base):
    """One part of one delivered line that the records and the car disagree about."""

    __tablename__ = "parts_task"
    __table_args__ = (
        UniqueConstraint(
            "dealer_id", "work_order_id", "revision", "kind", "line_id", "part_number", name="parts_task_delivery_key"
        ),
        Index("parts_task_state", "dealer_id", "state", "id"),
    )

    kind: Mapped[TaskKind] = mapped_column(String(20))
    state: Mapped[TaskState] = mapped_column(String(12))
    work_order_id: Mapped[str] = mapped_column(IdType)
    revision: Mapped[int]
    line_id: Mapped[str] = mapped_column(IdType)
    part_number: Mapped[str] = mapped_column(PartNumberType)
    quantity_units: Mapped[int]
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str | None] = mapped_column(String(300))

    def resolve(self, *, at: datetime, by: str, note: str | None) -> None:
        """It has been looked into. Raises Refused("task_not_open")."""
        if self.state != "open":
            raise Refused("task_not_open", state=self.state)
        self.state, self.resolved_at, self.resolved_by, self.note = "resolved", at, by, note

    def withdraw(self, *, at: datetime) -> None:
        """The delivery it belongs to was reversed."""
        self.state, self.resolved_at = "withdrawn", at

    def describe(self) -> Task:
        """The task as the list shows it."""
        return Task(
            id=self.id,
            version=self.version,
            kind=self.kind,
            state=self.state,
            work_order_id=self.work_order_id,
            revision=self.revision,
            line_id=self.line_id,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            opened_at=self.opened_at,
            resolved_at=self.resolved_at,
            resolved_by=self.resolved_by,
            note=self.note,
        )


def settle_surplus(work: Work, work_order_id: str, line_id: str, part_number: str) -> None:
    """The surplus was handed back: its task is done."""
    for task in _open(work, work_order_id):
        if (task.kind, task.line_id, task.part_number) == ("return_surplus", line_id, part_number):
            work.change(task)
            task.resolve(at=work.now, by=work.actor, note=None)


def withdraw(work: Work, work_order_id: str, revision: int) -> None:
    """The tasks of a reversed delivery are pointless."""
    for task in _open(work, work_order_id):
        if task.revision == revision:
            work.change(task)
            task.withdraw(at=work.now)


def _open(work: Work, work_order_id: str) -> list[PartsTask]:
    return list(work.all(select(PartsTask).where(PartsTask.work_order_id == work_order_id, PartsTask.state == "open")))
