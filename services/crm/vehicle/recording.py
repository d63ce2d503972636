"""Opening and changing a vehicle's file."""

from sqlalchemy import select

from chassis import Invalid, Refused, Work
from contracts.crm.vehicle import ChangeVehicle, RegisterVehicle, VehicleDetails
from services.crm.customer.customer import Customer
from services.crm.settings.crm_settings import CrmSettings
from services.crm.vehicle.mileage import MileageReading, refuse_doubtful
from services.crm.vehicle.vehicle import Vehicle


def register(work: Work, command: RegisterVehicle) -> Vehicle:
    """Raises Invalid for an unknown owner and for what cannot be right, Refused for the VIN of another vehicle."""
    vehicle = Vehicle()
    work.add(vehicle)
    _record(work, vehicle, command)
    return vehicle


def change(work: Work, command: ChangeVehicle) -> Vehicle:
    """Raises as `register` does."""
    vehicle = work.edit(Vehicle, command.vehicle_id)
    _record(work, vehicle, command)
    return vehicle


def _record(work: Work, vehicle: Vehicle, details: VehicleDetails) -> None:
    if work.find(Customer, details.customer_id) is None:
        raise Invalid.field("customer_id", "nothing_has_it")
    today = work.profile.local(work.now).date()
    vehicle.record(details, vin_check=work.settings(CrmSettings).vin_check, at=work.now, today=today)
    with work.without_autoflush():  # asked before the vehicle is written, for the refusal to name the other one
        other = work.first(select(Vehicle.id).where(Vehicle.vin == vehicle.vin, Vehicle.id != vehicle.id))
    if other is not None:
        raise Refused("vin_taken", vin=vehicle.vin, vehicle_id=other)
    # Of two who register the same VIN at the same time neither finds the other: the unique key decides.
    work.flush(unique="vin", otherwise=Refused("vin_taken", vin=vehicle.vin))
    if details.mileage is not None:
        refuse_doubtful(work, vehicle.id, details.mileage, details.mileage_reason)
        reading = {"at": work.now, "mileage": details.mileage, "reason": details.mileage_reason}
        work.add(MileageReading(vehicle_id=vehicle.id, **reading))
