"""That a service or calibration is due soon, or overdue: told once per due date (Rule W21)."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, belongs_to, derived_id
from contracts.workshop.equipment import DueNotice
from contracts.workshop.equipment_events import EquipmentDueSoon, EquipmentOverdue
from services.workshop.equipment.equipment import Equipment
from services.workshop.model import Base, never_changed

_FACTS: dict[DueNotice, type[EquipmentDueSoon | EquipmentOverdue]] = {
    "due_soon": EquipmentDueSoon,
    "overdue": EquipmentOverdue,
}


@never_changed
class EquipmentNotice(Aggregate, Base):
    """What was told; its id follows from entry, due date and what is told, so that it is told once."""

    __tablename__ = "equipment_notice"
    __table_args__ = (belongs_to("equipment", "equipment_id"), Index(None, "dealer_id", "equipment_id", "due_on"))

    equipment_id: Mapped[str] = mapped_column(IdType)
    due_on: Mapped[date]
    notice: Mapped[DueNotice] = mapped_column(String(8))
    told_at: Mapped[datetime]

    @staticmethod
    def identity(equipment_id: str, due_on: date, notice: DueNotice) -> str:
        """The id of that notice."""
        return derived_id("equipment_notice", equipment_id, due_on.isoformat(), notice)

    @classmethod
    def of(cls, equipment: Equipment, due_on: date, notice: DueNotice, *, at: datetime) -> "EquipmentNotice":
        """Tell it."""
        told = cls(
            id=cls.identity(equipment.id, due_on, notice),
            equipment_id=equipment.id,
            due_on=due_on,
            notice=notice,
            told_at=at,
        )
        told.announce(_FACTS[notice](**equipment.facts()))
        return told
