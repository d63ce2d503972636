"""Services and calibrations as they were recorded (Rule W21). None is edited: the next one is another."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, belongs_to
from contracts.workshop import equipment as contract
from contracts.workshop.equipment import ServiceResult
from services.workshop.model import Base, never_changed


@never_changed
class ServiceRecord(Entity, Base):
    """One service of one entry of the register: who did it when, what came of it, and when the next one is due."""

    __tablename__ = "equipment_service"
    __table_args__ = (belongs_to("equipment", "equipment_id"), Index(None, "dealer_id", "equipment_id", "id"))

    equipment_id: Mapped[str] = mapped_column(IdType)
    serviced_on: Mapped[date]
    serviced_by: Mapped[str] = mapped_column(String(120))
    result: Mapped[ServiceResult] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(String(300))
    due_on: Mapped[date | None]
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]

    def shown(self) -> contract.EquipmentService:
        """The record as it is answered."""
        return contract.EquipmentService(
            serviced_on=self.serviced_on,
            serviced_by=self.serviced_by,
            result=self.result,
            note=self.note,
            due_on=self.due_on,
            recorded_by=self.recorded_by,
            recorded_at=self.recorded_at,
        )
