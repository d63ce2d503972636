"""Rule W1: what was said at the gate is not asked again, and not lost."""

from dataclasses import replace

from contracts.booking.events import AppointmentAmended
from contracts.workshop import reception
from tests.services.workshop.shop import VEHICLE, Shop
from tests.services.workshop.test_lane import came, now


def test_what_was_said_at_the_gate_is_kept_when_the_car_is_the_booked_one(shop: Shop) -> None:
    """Rule W1: nothing is typed twice; the order has it as well."""
    came(shop.desk, VEHICLE.plate, concern="A rattle at the left")
    facts = shop.appointment()
    shop.arrive(facts)
    assert [car.concern for car in now(shop.desk).cars] == ["Brakes squeal\nA rattle at the left"]
    right = replace(facts, complaint="Brakes squeal loudly")
    shop.desk.hear(AppointmentAmended(appointment=right), subject=facts.appointment_id, sequence=3)
    assert [car.concern for car in now(shop.desk).cars] == ["Brakes squeal loudly\nA rattle at the left"]
    order = shop.desk.do(reception.OpenWorkOrder(appointment_id=facts.appointment_id))
    assert order.complaint == "Brakes squeal loudly\nA rattle at the left"


def test_what_was_said_at_the_gate_is_in_the_order_whatever_the_advisor_types(shop: Shop) -> None:
    """Rule W1: of a walk-in, of a booked car, and where nobody types anything."""
    came(shop.desk, VEHICLE.plate, concern="Leaks oil")
    order = shop.open(complaint="Service")
    assert (order.complaint, now(shop.desk).cars) == ("Service\nLeaks oil", [])
    came(shop.desk, VEHICLE.plate, concern="Leaks oil")
    assert shop.open(complaint=None).complaint == "Leaks oil"
    facts = shop.appointment()
    came(shop.desk, VEHICLE.plate, concern="Leaks oil")
    shop.arrive(facts)
    booked = {"appointment_id": facts.appointment_id, "customer_id": None, "vehicle_id": None}
    assert shop.open(**booked, complaint="Brakes squeal").complaint == "Brakes squeal\nLeaks oil"
