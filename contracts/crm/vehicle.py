"""Vehicles with their odometer readings and declined work."""

from datetime import date, datetime
from typing import Annotated, Literal

from chassis.wire import Answer, Command, Id, Part, Query, text, whole
from contracts.shared import LineKind, Listing, Page, Plate, Reason, Vin, VinFragment

VinWarning = Literal["check_digit"]
MakeOrModel = Annotated[str, text(100)]
OdometerReading = Annotated[int, whole(0, 9_999_999)] | None


class Vehicle(Answer):
    """A vehicle's file; `vin_warning` is `check_digit` when the VIN's check digit is wrong and the dealer only warns."""

    id: Id
    version: int
    updated_at: datetime
    customer_id: Id
    vin: str
    vin_warning: VinWarning | None = None
    plate: str
    make: str
    model: str
    sale_date: date | None = None
    warranty_end: date | None = None
    insurance_end: date | None = None


class Vehicles(Answer, Page):
    """A page of vehicles, the newest first; a plate may have moved from one car to another."""

    items: list[Vehicle]


class Mileage(Part):
    """A reading of the odometer; from the file, or from the opening (or what the customer signed at the car) or the
    delivery of an order that is not void. A lower one has a reason."""

    at: datetime
    mileage: int
    reason: str | None = None
    work_order_id: Id | None = None


class DeclinedWork(Part):
    """Work the customer did not want at a delivery: proposed again at the next booking (Rule W8)."""

    work_order_id: Id
    line_id: Id
    kind: LineKind
    description: str
    reason: str
    safety: bool
    declined_at: datetime


class VehicleFile(Vehicle):
    """A vehicle with its latest odometer readings and its declined work, newest first.

    `same_plate` are other cars whose files have its plate: one moved, or somebody mistyped.
    """

    same_plate: list[Vehicle]
    mileage_history: list[Mileage]
    declined_work: list[DeclinedWork]


class VehicleDetails(Part):
    """What is recorded of a vehicle; `mileage` is the reading of today; one below the last known needs a reason."""

    customer_id: Id
    vin: Vin
    plate: Plate
    make: MakeOrModel
    model: MakeOrModel
    sale_date: date | None = None
    warranty_end: date | None = None
    insurance_end: date | None = None
    mileage: OdometerReading = None
    mileage_reason: Reason | None = None


class RegisterVehicle(Command, VehicleDetails, service="crm", answer=Vehicle):
    """Register a vehicle.

    Open a vehicle's file (Rule C1); `mileage` is the reading of today.
    """


class ChangeVehicle(Command, VehicleDetails, service="crm", answer=Vehicle):
    """Change a vehicle.

    Replace the facts of a vehicle's file: a new plate, a new owner, a corrected VIN.
    """

    vehicle_id: Id


class GetVehicle(Query, service="crm", answer=VehicleFile):
    """A vehicle with its history.

    The file, the latest odometer readings, and work that was declined.
    """

    vehicle_id: Id


class FindVehicle(Query, Listing, service="crm", answer=Vehicles):
    """Find vehicles.

    Those of a customer, and those whose VIN or plate contains what is given; one of the three must be given, all hold.
    """

    vin: VinFragment | None = None
    plate: Plate | None = None
    customer_id: Id | None = None
