"""Vehicles with their history, and customers by what they are searched by: name, phone or a vehicle's plate."""

from sqlalchemy import func, select

from chassis import Invalid, Work, page
from contracts.crm.customer import Customers, ListCustomers
from contracts.crm.vehicle import FindVehicle, GetVehicle, Mileage, VehicleFile, Vehicles
from services.crm.customer.customer import Customer, normal_phone
from services.crm.vehicle.declined_work import DeclinedWork
from services.crm.vehicle.mileage import MileageReading
from services.crm.vehicle.vehicle import Vehicle, normal_plate
from services.crm.vehicle.vin import normal_vin

READINGS = 20


def list_customers(work: Work, query: ListCustomers) -> Customers:
    """Upper and lower case are the same in a name; a phone or plate is found however it was written."""
    found = select(Customer)
    if query.name:
        found = found.where(func.lower(Customer.name).startswith(query.name.strip().lower(), autoescape=True))
    if query.phone:
        found = found.where(Customer.phone.startswith(normal_phone(query.phone), autoescape=True))
    if query.plate:
        cars = select(Vehicle.customer_id).where(Vehicle.plate.startswith(normal_plate(query.plate), autoescape=True))
        found = found.where(Customer.id.in_(cars))
    rows, cursor = page(
        work,
        found,
        keys=[Customer.id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["customers", query.name, query.phone, query.plate],
    )
    return Customers(items=[row.describe() for row in rows], next_cursor=cursor)


def get_vehicle(work: Work, query: GetVehicle) -> VehicleFile:
    """Its latest odometer readings, and the declined work of deliveries that still count."""
    vehicle = work.get(Vehicle, query.vehicle_id)
    readings = work.all(
        select(MileageReading)
        .where(MileageReading.vehicle_id == vehicle.id)
        .order_by(MileageReading.at.desc(), MileageReading.id.desc())
        .limit(READINGS)
    )
    declined = work.all(
        select(DeclinedWork)
        .where(DeclinedWork.vehicle_id == vehicle.id, DeclinedWork.lapsed_at.is_(None))
        .order_by(DeclinedWork.declined_at.desc(), DeclinedWork.id)
    )
    return VehicleFile(
        **vars(vehicle.describe()),
        mileage_history=[Mileage(at=one.at, mileage=one.mileage, work_order_id=one.work_order_id) for one in readings],
        declined_work=[one.describe() for one in declined],
    )


def find_vehicle(work: Work, query: FindVehicle) -> Vehicles:
    """Raises Invalid if neither VIN nor plate is given."""
    if query.vin is None and query.plate is None:
        raise Invalid.field("vin", "needs_vin_or_plate")
    found = select(Vehicle).order_by(Vehicle.id)
    if query.vin is not None:
        found = found.where(Vehicle.vin == normal_vin(query.vin))
    if query.plate is not None:
        found = found.where(Vehicle.plate == normal_plate(query.plate))
    return Vehicles(items=[row.describe() for row in work.all(found)])
