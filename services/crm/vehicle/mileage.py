"""What a vehicle's odometer showed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType, derived_id
from services.crm.model import Base


class MileageReading(Entity, Base):
    """A reading of the odometer. It stands beside the vehicle, not in it: deliveries add theirs in any order, without a lock."""

    __tablename__ = "mileage_reading"
    __table_args__ = (Index("mileage_reading_vehicle_ix", "dealer_id", "vehicle_id", "at"),)

    vehicle_id: Mapped[str] = mapped_column(IdType)
    at: Mapped[datetime]
    mileage: Mapped[int]
    work_order_id: Mapped[str | None] = mapped_column(IdType)


def delivery_reading_id(work_order_id: str, revision: int) -> str:
    """The id of the reading at a delivery: the delivery determines it."""
    return derived_id("mileage", work_order_id, revision)
