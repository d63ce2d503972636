"""The group's operations, shared by all dealers (Rule W5). They are added and changed, never taken away: estimates name them."""

from collections.abc import Collection
from typing import Any, Literal

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from chassis import GroupAggregate, Hours, IdType, Invalid, Work, document, new_id
from contracts.workshop.comeback import WorkClass
from contracts.workshop.events import OperationsPublished, PublishedOperation
from contracts.workshop.pricing import OperationEntry, WorkInstruction
from services.workshop.model import Base


class Operation(Base):
    """A catalogued job (工时项目)."""

    __tablename__ = "operation"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    name_forms: Mapped[str] = mapped_column(Text)
    hours_units: Mapped[int]
    operation_group: Mapped[str | None] = mapped_column(String(40))
    work_class: Mapped[WorkClass] = mapped_column(String(12))
    skills: Mapped[list[str]] = mapped_column(document)
    inspection_skills: Mapped[list[str]] = mapped_column(document)
    high_voltage: Mapped[bool]
    painting: Mapped[bool]
    instruction: Mapped[dict[str, Any] | None] = mapped_column(document)
    instruction_version: Mapped[int | None]

    @property
    def hours(self) -> Hours:
        """Flat-rate hours (工时定额)."""
        return Hours(self.hours_units)

    def describe(self) -> OperationEntry:
        """The operation as the catalogue shows it."""
        return OperationEntry(
            operation_code=self.code,
            name_zh=self.name_zh,
            name_en=self.name_en,
            hours=self.hours,
            operation_group=self.operation_group,
            work_class=self.work_class,
            skills=self.skills,
            inspection_skills=self.inspection_skills,
            high_voltage=self.high_voltage,
            painting=self.painting,
            instruction=None if self.instruction is None else WorkInstruction.load(self.instruction),
        )


def skills_needed(work: Work, codes: Collection[str], to: Literal["work", "inspection"]) -> dict[str, list[str]]:
    """What these operations ask for of whoever does them, or signs their final inspection (Rule W20): one statement."""
    if not codes:
        return {}
    asked = select(Operation.code, Operation.skills, Operation.inspection_skills).where(Operation.code.in_(sorted(codes)))
    return {row.code: row.skills if to == "work" else row.inspection_skills for row in work.execute(asked)}


class OperationsPublication(GroupAggregate, Base):
    """Operations that were published together: an aggregate of its own, because each announces one event."""

    __tablename__ = "operations_publication"

    id: Mapped[str] = mapped_column(IdType, primary_key=True)

    @classmethod
    def of(cls, operations: list[PublishedOperation]) -> "OperationsPublication":
        """These operations are in the catalogue from now on."""
        publication = cls(id=new_id())
        publication.announce(OperationsPublished(operations=operations))
        return publication


def require_group(work: Work, operation_group: str) -> None:
    """Raises Invalid naming the field for a kind of work that no operation is of: no car would ever come back for it."""
    if work.first(select(Operation.code).where(Operation.operation_group == operation_group).limit(1)) is None:
        raise Invalid.field("operation_group", "group_unknown", operation_group=operation_group)
