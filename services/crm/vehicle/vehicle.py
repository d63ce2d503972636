"""The vehicle's file (Rule C1, docs/domain.md)."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import Aggregate, IdType, Invalid
from chassis.wire.ahead import YEAR, require_within
from contracts.crm import vehicle as vehicle_contract
from contracts.crm.events import VehicleRecorded
from contracts.crm.settings import VinCheck
from contracts.crm.vehicle import VehicleDetails
from contracts.shared import PLATE, VehicleFacts
from services.crm.model import Base
from services.crm.vehicle.vin import doubtful


class Vehicle(Aggregate, Base):
    """A car. Its VIN is unique at a dealer; its plate is not: plates move from car to car."""

    __tablename__ = "vehicle"
    __table_args__ = (
        UniqueConstraint("dealer_id", "vin", name="vehicle_vin_key"),
        Index("vehicle_plate_ix", "dealer_id", "plate_key"),
        Index("vehicle_customer_ix", "dealer_id", "customer_id"),
    )

    customer_id: Mapped[str] = mapped_column(IdType)
    vin: Mapped[str] = mapped_column(String(17))
    vin_doubtful: Mapped[bool] = mapped_column(Boolean)
    plate: Mapped[str] = mapped_column(String(16))
    plate_key: Mapped[str] = mapped_column(String(16))
    make: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    sale_date: Mapped[date | None] = mapped_column(Date)
    warranty_end: Mapped[date | None] = mapped_column(Date)
    insurance_end: Mapped[date | None] = mapped_column(Date)
    mileage: Mapped[int | None]
    mileage_at: Mapped[datetime | None]

    def record(self, details: VehicleDetails, *, vin_check: VinCheck, at: datetime, today: date) -> None:
        """Write the file. Raises Invalid for a wrong VIN, a sale yet to come, a warranty that ends before it began."""
        self.vin, self.vin_doubtful = details.vin, doubtful(details.vin, vin_check)
        self.plate, self.plate_key = details.plate, PLATE.key(details.plate)
        if details.sale_date and details.sale_date > today:
            raise Invalid.field("sale_date", "must_not_be_future")
        for field in ("warranty_end", "insurance_end"):
            if (ends := getattr(details, field)) is not None:
                require_within(field, ends, today, days=30 * YEAR)
        if details.sale_date and details.warranty_end and details.warranty_end < details.sale_date:
            raise Invalid.field("warranty_end", "must_not_be_before", field="sale_date")
        self.customer_id = details.customer_id
        self.make, self.model = details.make, details.model
        self.sale_date = details.sale_date
        self.warranty_end = details.warranty_end
        self.insurance_end = details.insurance_end
        if details.mileage is not None:
            self.mileage, self.mileage_at = details.mileage, at
        self.announce(
            VehicleRecorded(
                vehicle=self.facts(),
                customer_id=self.customer_id,
                warranty_end=self.warranty_end,
                mileage=self.mileage,
                mileage_at=self.mileage_at,
            )
        )

    def facts(self) -> VehicleFacts:
        """The vehicle as other services need to know it."""
        return VehicleFacts(vehicle_id=self.id, vin=self.vin, plate=self.plate, make=self.make, model=self.model)

    def describe(self) -> vehicle_contract.Vehicle:
        """The file as it is answered."""
        return vehicle_contract.Vehicle(
            id=self.id,
            version=self.version,
            updated_at=self.updated_at,
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
