"""What facts about a customer, a car and an appointment are made of."""

from datetime import UTC, datetime

from chassis.wire.ids import derived_id
from chassis.wire.values import Money, Quantity
from contracts.booking.events import AppointmentFacts
from contracts.shared import CustomerFacts, PartRequest, VehicleFacts

TOMORROW = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
VISIT = "0195542e-0000-7000-8000-000000000001"


def yuan(amount):
    return Money.of(amount, "CNY")


def an_id(name):
    """The same name is the same id, in every test."""
    return derived_id("scene", name)


def want(line, number, quantity):
    return PartRequest(line_id=an_id(line), part_number=number, quantity=Quantity.of(quantity))


def a_customer():
    return CustomerFacts(customer_id=an_id("Li Lei"), name="Li Lei", phone="13800000001")


def a_vehicle():
    return VehicleFacts(vehicle_id=an_id("car"), vin="1M8GDM9AXKP042788", plate="沪A12345", make="MCI", model="102")


def appointment(name, *parts, status="confirmed", starts_at=TOMORROW):
    return AppointmentFacts(
        appointment_id=an_id(name),
        status=status,
        service_type="maintenance",
        starts_at=starts_at,
        customer=a_customer(),
        vehicle=a_vehicle(),
        operations=[],
        parts=list(parts),
        tags=["booked"],
    )
