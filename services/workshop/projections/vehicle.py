"""Vehicles, as crm announced them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Projection, document
from contracts.shared import VehicleFacts
from services.workshop.model import Base


class KnownVehicle(Projection, Base):
    """A vehicle's file as crm last announced it, with the file's own last reading of the odometer."""

    __tablename__ = "known_vehicle"

    __table_args__ = (Index(None, "dealer_id", "plate_key"),)

    facts: Mapped[dict[str, Any]] = mapped_column(document)
    mileage: Mapped[int | None]
    mileage_at: Mapped[datetime | None]
    plate_key: Mapped[str | None] = mapped_column(String(16))

    @property
    def vehicle(self) -> VehicleFacts:
        """The file."""
        return VehicleFacts.load(self.facts)
