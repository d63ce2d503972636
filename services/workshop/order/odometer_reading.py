"""What a car's odometer showed where there was no order yet: at its customer's door, signed (Rules B14, W2)."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Entity, IdType
from services.workshop.model import Base


class OdometerReading(Entity, Base):
    """One reading; its id is that of the sheet that was signed."""

    __tablename__ = "odometer_reading"
    __table_args__ = (Index(None, "dealer_id", "vehicle_id"),)

    vehicle_id: Mapped[str] = mapped_column(IdType)
    mileage: Mapped[int]
    read_at: Mapped[datetime]
