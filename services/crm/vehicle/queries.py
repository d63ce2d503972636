"""crm's windows: SQL in, plain answers out."""

from sqlalchemy import func, select

from chassis import Invalid, Work, page
from contracts.crm.customer import Customers, GetCustomer, ListCustomers
from contracts.crm.follow_up import (
    DeliveryFollowUp,
    DeliveryFollowUps,
    FindDeliveryFollowUps,
    FollowUps,
    GetCrmSettings,
    GetFollowUp,
    ListFollowUps,
)
from contracts.crm.vehicle import FindVehicle, GetVehicle, Mileage, VehicleFile, Vehicles
from services.crm.domain.customer import Customer, normal_phone
from services.crm.domain.follow_up import DeclinedWork, FollowUp
from services.crm.domain.settings import CrmSettings
from services.crm.domain.vehicle import MileageReading, Vehicle, normal_plate
from services.crm.domain.vin import normal_vin

READINGS = 20


def get_customer(work: Work, query: GetCustomer) -> Customer:
    """One customer's file."""
    return work.get(Customer, query.customer_id)


def get_follow_up(work: Work, query: GetFollowUp) -> FollowUp:
    """One follow-up."""
    return work.get(FollowUp, query.follow_up_id)


def get_crm_settings(work: Work, query: GetCrmSettings) -> CrmSettings:
    """The dealer's settings."""
    return work.get(CrmSettings, CrmSettings.identity(work.dealer))


def list_customers(work: Work, query: ListCustomers) -> Customers:
    """Customers by the beginning of name, phone or plate."""
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
    """A vehicle with its latest odometer readings, and the declined work of deliveries that still count."""
    vehicle = work.get(Vehicle, query.vehicle_id)
    readings = work.all(
        select(MileageReading)
        .where(MileageReading.vehicle_id == vehicle.id)
        .order_by(MileageReading.at.desc(), MileageReading.id.desc())
        .limit(READINGS)
    )
    declined = work.all(
        select(DeclinedWork)
        .join(FollowUp, (FollowUp.dealer_id == DeclinedWork.dealer_id) & (FollowUp.id == DeclinedWork.follow_up_id))
        .where(DeclinedWork.vehicle_id == vehicle.id, FollowUp.state != "cancelled")
        .order_by(DeclinedWork.declined_at.desc(), DeclinedWork.id)
    )
    return VehicleFile.load(
        {
            **vehicle.describe().dump(),
            "mileage_history": [
                Mileage(at=one.at, mileage=one.mileage, work_order_id=one.work_order_id).dump() for one in readings
            ],
            "declined_work": [one.describe().dump() for one in declined],
        }
    )


def find_vehicle(work: Work, query: FindVehicle) -> Vehicles:
    """The vehicles with exactly this VIN or plate."""
    if query.vin is None and query.plate is None:
        raise Invalid.fields({"vin": ["Either vin or plate must be given."]})
    found = select(Vehicle).order_by(Vehicle.id)
    if query.vin is not None:
        found = found.where(Vehicle.vin == normal_vin(query.vin))
    if query.plate is not None:
        found = found.where(Vehicle.plate == normal_plate(query.plate))
    return Vehicles(items=[row.describe() for row in work.all(found)])


def list_follow_ups(work: Work, query: ListFollowUps) -> FollowUps:
    """Follow-ups by state and due time."""
    found = select(FollowUp)
    if query.state is not None:
        found = found.where(FollowUp.state == query.state)
    if query.due_before is not None:
        found = found.where(FollowUp.due_at < query.due_before)
    rows, cursor = page(
        work,
        found,
        keys=[FollowUp.due_at, FollowUp.id],
        cursor=query.cursor,
        limit=query.limit,
        filters=["follow_ups", query.state, query.due_before],
    )
    return FollowUps(items=[row.describe() for row in rows], next_cursor=cursor)


def find_delivery_follow_ups(work: Work, query: FindDeliveryFollowUps) -> DeliveryFollowUps:
    """Which deliveries of some orders are followed up; nothing of the customer is read."""
    rows = work.session.execute(
        select(FollowUp.work_order_id, FollowUp.revision, FollowUp.state)
        .where(FollowUp.work_order_id.in_(query.work_order_ids))
        .order_by(FollowUp.id)
    )
    return DeliveryFollowUps(
        items=[
            DeliveryFollowUp(work_order_id=order, revision=revision, cancelled=state == "cancelled")
            for order, revision, state in rows
        ]
    )
