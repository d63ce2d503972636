"""A task of the parts desk: a shortage nobody can explain, parts to be handed back, parts taken from a reservation."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Quantity, Refused, Work, derived_id
from contracts.parts.task import Task, TaskKind, TaskState
from services.parts.model import Base, PartNumberType


class PartsTask(Aggregate, Base):
    """One part that somebody must look into: of a delivered or void order's line, or of a reservation that lost it.

    `revision` is the delivery it belongs to, 0 for none. Of a reservation there is one task for each part it lost, opened again
    when it loses more.
    """

    __tablename__ = "parts_task"
    __table_args__ = (
        UniqueConstraint(
            "dealer_id", "work_order_id", "revision", "kind", "line_id", "part_number", name="parts_task_delivery_key"
        ),
        Index("parts_task_appointment", "dealer_id", "appointment_id"),
        Index("parts_task_state", "dealer_id", "state", "id"),
    )

    kind: Mapped[TaskKind] = mapped_column(String(20))
    state: Mapped[TaskState] = mapped_column(String(12))
    work_order_id: Mapped[str | None] = mapped_column(IdType)
    order_number: Mapped[str | None] = mapped_column(String(20))
    appointment_id: Mapped[str | None] = mapped_column(IdType)
    plate: Mapped[str] = mapped_column(String(16))
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
        """What it is about is no longer so: the delivery was reversed, the loss made good."""
        self.state, self.resolved_at = "withdrawn", at

    def lose_more(self, units: int, *, at: datetime) -> None:
        """The reservation lost so much more; a task that was done is open again."""
        self.quantity_units = units + (self.quantity_units if self.state == "open" else 0)
        if self.state != "open":
            self.state, self.opened_at, self.resolved_at, self.resolved_by, self.note = "open", at, None, None, None

    def shrink(self, short: int, *, at: datetime) -> None:
        """The reservation is short of no more than this by now."""
        if short:
            self.quantity_units = min(self.quantity_units, short)
        else:
            self.withdraw(at=at)

    def describe(self) -> Task:
        """The task as the list shows it."""
        return Task(
            id=self.id,
            version=self.version,
            kind=self.kind,
            state=self.state,
            work_order_id=self.work_order_id,
            order_number=self.order_number,
            appointment_id=self.appointment_id,
            plate=self.plate,
            revision=self.revision,
            line_id=self.line_id,
            part_number=self.part_number,
            quantity=Quantity(self.quantity_units),
            opened_at=self.opened_at,
            resolved_at=self.resolved_at,
            resolved_by=self.resolved_by,
            note=self.note,
        )


def report_loss(
    work: Work,
    *,
    appointment_id: str | None,
    work_order_id: str | None,
    order_number: str | None,
    plate: str,
    line_id: str,
    part_number: str,
    units: int,
    visit_id: str | None,
) -> None:
    """So much of a part was taken from what was set aside for an appointment or an order."""
    identity = derived_id("reservation_short", appointment_id or work_order_id, part_number)
    known = work.find(PartsTask, identity)
    if known is not None:
        work.change(known)
        known.lose_more(units, at=work.now)
        return
    task = PartsTask(
        id=identity,
        kind="reservation_short",
        state="open",
        appointment_id=appointment_id,
        work_order_id=work_order_id,
        order_number=order_number,
        plate=plate,
        revision=0,
        line_id=line_id,
        part_number=part_number,
        quantity_units=units,
        opened_at=work.now,
        visit_id=visit_id,
    )
    work.add(task)


def losses_of(work: Work, *, appointment_id: str | None = None, work_order_id: str | None = None) -> list[PartsTask]:
    """The open tasks about what was taken from an appointment or an order."""
    owner = PartsTask.work_order_id == work_order_id if work_order_id else PartsTask.appointment_id == appointment_id
    found = select(PartsTask).where(owner, PartsTask.kind == "reservation_short", PartsTask.state == "open")
    return list(work.all(found))


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
