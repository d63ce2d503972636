"""Vehicles, as crm announced them."""

from datetime import date

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, NotYetKnown, Projection, Work
from contracts.shared import CustomerFacts, VehicleFacts
from services.booking.model import Base
from services.booking.projections.customer import known_customer


class KnownVehicle(Projection, Base):
    """A vehicle of crm's."""

    __tablename__ = "known_vehicle"

    customer_id: Mapped[str] = mapped_column(IdType)
    vin: Mapped[str] = mapped_column(String(17))
    plate: Mapped[str] = mapped_column(String(16))
    make: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    warranty_end: Mapped[date | None] = mapped_column(Date)

    def facts(self) -> VehicleFacts:
        """The vehicle as appointments carry it."""
        return VehicleFacts(vehicle_id=self.id, vin=self.vin, plate=self.plate, make=self.make, model=self.model)


def other_owner(work: Work, vehicle_id: str, customer: CustomerFacts) -> CustomerFacts | None:
    """Whose car it is by its file, unless it is that customer's. The car is known.

    Raises NotYetKnown until crm's event of the owner has come.
    """
    owner_id = work.get(KnownVehicle, vehicle_id).customer_id
    return None if owner_id == customer.customer_id else known_customer(work, owner_id)


def known_vehicle(work: Work, vehicle_id: str) -> VehicleFacts:
    """The vehicle. Raises NotYetKnown until crm's event has come; another dealer's vehicle never becomes known."""
    found = work.find(KnownVehicle, vehicle_id)
    if found is None:
        raise NotYetKnown.reference("vehicle_id", vehicle_id)
    return found.facts()
