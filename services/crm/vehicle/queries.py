"""Vehicles with their history, and customers by what they are searched by: name, phone or a vehicle's plate."""

from sqlalchemy import select

from chassis import Invalid, Work, has_person, has_piece, matching, page, sorted_page
from chassis.wire.keys import plate_key
from contracts.crm.customer import Customers, ListCustomers
from contracts.crm.vehicle import FindVehicle, GetVehicle, Mileage, VehicleFile, Vehicles
from services.crm.customer.customer import Customer
from services.crm.vehicle.declined_work import DeclinedWork
from services.crm.vehicle.mileage import MileageReading
from services.crm.vehicle.vehicle import Vehicle

READINGS = 20
SAME_PLATE = 10


def list_customers(work: Work, query: ListCustomers) -> Customers:
    """Both sides are folded alike: a name, phone or plate is found however it was written, also by a piece of it."""
    found = select(Customer).where(
        *has_person(Customer.name_forms, Customer.phone_key, name=query.name, phone=query.phone, country=work.profile.country)
    )
    if query.plate is not None:
        found = found.where(
            Customer.id.in_(select(Vehicle.customer_id).where(has_piece(Vehicle.plate_key, plate_key(query.plate))))
        )
    by = {"name": Customer.name, "updated_at": Customer.updated_at}
    rows, cursor = sorted_page(work, found, query, by, id=Customer.id)
    return Customers(items=[row.describe() for row in rows], next_cursor=cursor)


def get_vehicle(work: Work, query: GetVehicle) -> VehicleFile:
    """Its latest odometer readings, and the declined work of deliveries that still count."""
    vehicle = work.get(Vehicle, query.vehicle_id)
    readings = work.all(
        select(MileageReading)
        .where(MileageReading.vehicle_id == vehicle.id, MileageReading.void.is_(False))
        .order_by(MileageReading.at.desc(), MileageReading.id.desc())
        .limit(READINGS)
    )
    others = select(Vehicle).where(Vehicle.plate_key == vehicle.plate_key, Vehicle.id != vehicle.id)
    return VehicleFile(
        **vars(vehicle.describe()),
        same_plate=[one.describe() for one in work.all(others.order_by(Vehicle.id.desc()).limit(SAME_PLATE))],
        mileage_history=[
            Mileage(at=one.at, mileage=one.mileage, reason=one.reason, work_order_id=one.work_order_id) for one in readings
        ],
        declined_work=[one.describe() for one in _declined(work, vehicle)],
    )


def _declined(work: Work, vehicle: Vehicle) -> list[DeclinedWork]:
    """What was declined and not done at a later delivery, in whatever order the deliveries became known here."""
    declined = work.all(
        select(DeclinedWork)
        .where(DeclinedWork.vehicle_id == vehicle.id, DeclinedWork.lapsed_at.is_(None))
        .order_by(DeclinedWork.declined_at.desc(), DeclinedWork.id)
    )
    if not declined:
        return []
    since = min(one.declined_at for one in declined)
    visits = work.all(select(MileageReading).where(MileageReading.vehicle_id == vehicle.id, MileageReading.at > since))
    return [one for one in declined if not any(one.work in visit.done and visit.at > one.declined_at for visit in visits)]


def find_vehicle(work: Work, query: FindVehicle) -> Vehicles:
    """Raises Invalid if nothing is given to find them by."""
    if query.vin is None and query.plate is None and query.customer_id is None:
        raise Invalid.field("vin", "needs_vin_plate_or_customer")
    found = select(Vehicle).where(*matching((Vehicle.customer_id, query.customer_id)))
    if query.vin is not None:
        found = found.where(Vehicle.vin.contains(query.vin, autoescape=True))
    if query.plate is not None:
        found = found.where(has_piece(Vehicle.plate_key, plate_key(query.plate)))
    rows, cursor = page(work, found, query, keys=[Vehicle.id])
    return Vehicles(items=[row.describe() for row in rows], next_cursor=cursor)
