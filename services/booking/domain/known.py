"""What booking knows of customers and vehicles: projections of crm's facts, newest sequence wins, in any order."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from chassis import IdType, NotYetKnown, Projection, Work
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.shared import Channel, CustomerFacts, VehicleFacts
from services.booking.domain.model import Base


class KnownCustomer(Projection, Base):
    """A customer of crm's."""

    __tablename__ = "known_customer"

    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(120))
    preferred_channel: Mapped[Channel] = mapped_column(String(10))

    def facts(self) -> CustomerFacts:
        """The customer as appointments carry them."""
        return CustomerFacts(
            customer_id=self.id, name=self.name, phone=self.phone, email=self.email, preferred_channel=self.preferred_channel
        )


class KnownVehicle(Projection, Base):
    """A vehicle of crm's."""

    __tablename__ = "known_vehicle"

    customer_id: Mapped[str] = mapped_column(IdType)
    vin: Mapped[str] = mapped_column(String(17))
    plate: Mapped[str] = mapped_column(String(16))
    make: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))

    def facts(self) -> VehicleFacts:
        """The vehicle as appointments carry it."""
        return VehicleFacts(vehicle_id=self.id, vin=self.vin, plate=self.plate, make=self.make, model=self.model)


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep what crm says of a customer."""
    customer = event.customer
    work.project(
        KnownCustomer,
        customer.customer_id,
        name=customer.name,
        phone=customer.phone,
        email=customer.email,
        preferred_channel=customer.preferred_channel,
    )


def record_vehicle(work: Work, event: VehicleRecorded) -> None:
    """Keep what crm says of a vehicle."""
    vehicle = event.vehicle
    work.project(
        KnownVehicle,
        vehicle.vehicle_id,
        customer_id=event.customer_id,
        vin=vehicle.vin,
        plate=vehicle.plate,
        make=vehicle.make,
        model=vehicle.model,
    )


def known_customer(work: Work, customer_id: str) -> CustomerFacts:
    """The customer. Raises NotYetKnown until crm's fact has come; another dealer's customer never becomes known."""
    found = work.find(KnownCustomer, customer_id)
    if found is None:
        raise NotYetKnown.reference("customer_id", customer_id)
    return found.facts()


def known_vehicle(work: Work, vehicle_id: str) -> VehicleFacts:
    """The vehicle. Raises NotYetKnown until crm's fact has come; another dealer's vehicle never becomes known."""
    found = work.find(KnownVehicle, vehicle_id)
    if found is None:
        raise NotYetKnown.reference("vehicle_id", vehicle_id)
    return found.facts()
