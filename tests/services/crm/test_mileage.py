"""The odometer's history: one for crm's file and the workshop's orders (Rule C1)."""

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.crm.events import VehicleRecorded
from contracts.crm.vehicle import ChangeVehicle, GetVehicle
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.workshop.events import WorkOrderOpened
from tests.services.crm.test_files import a_customer, a_vehicle


def test_the_file_and_the_orders_share_one_history_of_the_odometer(desk):
    """Rule C1: reception's reading is kept, once; a lower one wants a reason, wherever it is read."""
    customer = a_customer(desk)
    vehicle = a_vehicle(desk, customer.id, mileage=12_000)
    desk.pass_time(minutes=1)
    facts = {"vehicle": vehicle_facts(vehicle), "customer": CustomerFacts(customer_id=customer.id, name="Li Lei", phone="138")}
    opened = WorkOrderOpened(work_order_id=new_id(), number="RO-1", complaint="noise", mileage=15_000, **facts)
    desk.hear(opened, subject=opened.work_order_id, times=2)
    desk.hear(WorkOrderOpened(work_order_id=new_id(), number="RO-2", complaint="noise", **facts))
    desk.pass_time(minutes=1)
    change = {name: getattr(vehicle, name) for name in ("customer_id", "vin", "plate", "make", "model")}
    with pytest.raises(Refused) as refused:
        desk.do(ChangeVehicle(vehicle_id=vehicle.id, mileage=14_999, **change))
    assert (refused.value.code, refused.value.details) == ("mileage_went_back", {"field": "mileage", "known": 15_000})
    desk.do(ChangeVehicle(vehicle_id=vehicle.id, mileage=9, mileage_reason="odometer replaced", **change))
    history = desk.ask(GetVehicle(vehicle_id=vehicle.id)).mileage_history
    assert [(one.mileage, one.reason, one.work_order_id) for one in history] == [
        (9, "odometer replaced", None),
        (15_000, None, opened.work_order_id),
        (12_000, None, None),
    ]
    newest = desk.announced(VehicleRecorded)[-1]
    assert (newest.mileage, newest.mileage_at) == (9, desk.clock.now())


def vehicle_facts(vehicle):
    return VehicleFacts(vehicle_id=vehicle.id, vin=vehicle.vin, plate=vehicle.plate, make=vehicle.make, model=vehicle.model)
