"""The vehicle's file and its odometer (Rule C1, docs/domain.md)."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, Entity, IdType, Invalid, Refused, Work
from contracts.crm import vehicle as vehicle_contract
from contracts.crm.events import VehicleRecorded
from contracts.crm.vehicle import ChangeVehicle, RegisterVehicle, VinCheck
from contracts.shared import VehicleFacts
from services.crm.domain.customer import Customer
from services.crm.domain.model import Base
from services.crm.domain.settings import CrmSettings
from services.crm.domain.vin import read_vin

_PLATE_NOISE = str.maketrans("", "", " ·•-\t\n")


def normal_plate(text: str) -> str:
    """The plate as it is stored and searched: capitals, without blanks and dots (沪A·12345 is 沪A12345)."""
    return text.translate(_PLATE_NOISE).upper()


class Vehicle(Aggregate, Base):
    """A car. Its VIN is unique at a dealer; its plate is not: plates move from car to car."""

    __tablename__ = "vehicle"
    __table_args__ = (
        UniqueConstraint("dealer_id", "vin", name="vehicle_vin_key"),
        Index("vehicle_plate_ix", "dealer_id", "plate", postgresql_ops={"plate": "text_pattern_ops"}),
        Index("vehicle_customer_ix", "dealer_id", "customer_id"),
    )

    customer_id: Mapped[str] = mapped_column(IdType)
    vin: Mapped[str] = mapped_column(String(17))
    vin_doubtful: Mapped[bool] = mapped_column(Boolean)
    plate: Mapped[str] = mapped_column(String(16))
    make: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    sale_date: Mapped[date | None] = mapped_column(Date)
    warranty_end: Mapped[date | None] = mapped_column(Date)
    insurance_end: Mapped[date | None] = mapped_column(Date)

    def record(
        self,
        *,
        customer_id: str,
        vin: str,
        plate: str,
        make: str,
        model: str,
        sale_date: date | None,
        warranty_end: date | None,
        insurance_end: date | None,
        vin_check: VinCheck,
    ) -> None:
        """Write the file. Raises Invalid for a VIN or plate that is none, and for a warranty that ends before it began."""
        self.vin, self.vin_doubtful = read_vin(vin, vin_check)
        self.plate = normal_plate(plate)
        if not self.plate:
            raise Invalid.fields({"plate": ["Must contain letters or digits."]})
        if sale_date and warranty_end and warranty_end < sale_date:
            raise Invalid.fields({"warranty_end": ["Must not be before sale_date."]})
        self.customer_id = customer_id
        self.make, self.model = make, model
        self.sale_date, self.warranty_end, self.insurance_end = sale_date, warranty_end, insurance_end
        self.announce(VehicleRecorded(vehicle=self.facts(), customer_id=self.customer_id))

    def facts(self) -> VehicleFacts:
        """The vehicle as other services need to know it."""
        return VehicleFacts(vehicle_id=self.id, vin=self.vin, plate=self.plate, make=self.make, model=self.model)

    def describe(self) -> vehicle_contract.Vehicle:
        """The file as it is answered."""
        return vehicle_contract.Vehicle(
            id=self.id,
            version=self.version,
            customer_id=self.customer_id,
            vin=self.vin,
            vin_warning="check_digit" if self.vin_doubtful else None,
            plate=self.plate,
            make=self.make,
            model=self.model,
            sale_date=self.sale_date,
            warranty_end=self.warranty_end,
            insurance_end=self.insurance_end,
        )


class MileageReading(Entity, Base):
    """What the odometer showed. It stands beside the vehicle, not in it: deliveries add theirs in any order, without a lock."""

    __tablename__ = "mileage_reading"
    __table_args__ = (Index("mileage_reading_vehicle_ix", "dealer_id", "vehicle_id", "at"),)

    vehicle_id: Mapped[str] = mapped_column(IdType)
    at: Mapped[datetime]
    mileage: Mapped[int]
    work_order_id: Mapped[str | None] = mapped_column(IdType)


def register(work: Work, command: RegisterVehicle) -> Vehicle:
    """Open a vehicle's file."""
    vehicle = Vehicle()
    _record(work, vehicle, command)
    work.add(vehicle)
    _settle(work, vehicle)
    return vehicle


def change(work: Work, command: ChangeVehicle) -> Vehicle:
    """Replace the facts of a vehicle's file."""
    vehicle = work.edit(Vehicle, command.vehicle_id)
    with work.session.no_autoflush:
        _record(work, vehicle, command)
    _settle(work, vehicle)
    return vehicle


def _record(work: Work, vehicle: Vehicle, command: RegisterVehicle | ChangeVehicle) -> None:
    owner = work.get(Customer, command.customer_id)
    vehicle.record(
        customer_id=owner.id,
        vin=command.vin,
        plate=command.plate,
        make=command.make,
        model=command.model,
        sale_date=command.sale_date,
        warranty_end=command.warranty_end,
        insurance_end=command.insurance_end,
        vin_check=work.settings(CrmSettings).vin_check,
    )
    other = work.first(select(Vehicle.id).where(Vehicle.vin == vehicle.vin, Vehicle.id != vehicle.id))
    if other is not None:
        raise Refused("vin_taken", vin=vehicle.vin, vehicle_id=other)
    if command.mileage is not None:
        work.add(MileageReading(vehicle_id=vehicle.id, at=work.now, mileage=command.mileage))


def _settle(work: Work, vehicle: Vehicle) -> None:
    try:
        work.session.flush()
    except IntegrityError as error:
        # Someone else registered the same VIN a moment ago: what was asked first, the constraint decides.
        raise Refused("vin_taken", vin=vehicle.vin) from error
