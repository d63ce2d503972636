"""The odometer's history: one for crm's file and the workshop's orders (Rule C1)."""

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.crm.events import VehicleRecorded
from contracts.crm.vehicle import ChangeVehicle, GetVehicle
from contracts.shared import CustomerFacts, VehicleFacts
from contracts.workshop.events import WorkOrderOpened, WorkOrderVoided
from contracts.workshop.reception_events import WalkAroundSigned
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


class Told:
    """A car of crm's file whose order the workshop tells of."""

    def __init__(self, desk):
        self.desk = desk
        self.customer = a_customer(desk)
        self.vehicle = a_vehicle(desk, self.customer.id)
        self.order = new_id()

    def opened(self, mileage, **more):
        customer = CustomerFacts(customer_id=self.customer.id, name="Li Lei", phone="138")
        facts = {"vehicle": vehicle_facts(self.vehicle), "customer": customer, "mileage": mileage}
        fact = WorkOrderOpened(work_order_id=self.order, number="RO-1", complaint="noise", **facts)
        self.desk.hear(fact, subject=self.order, **more)

    def signed(self, mileage, **more):
        at = {"signed_at": self.desk.clock.now(), "signed_by": "Li Lei", "vehicle_id": self.vehicle.id, "damage_count": 0}
        self.desk.hear(WalkAroundSigned(work_order_id=self.order, walk_around_version=1, mileage=mileage, **at, **more))

    def voided(self, mileage, **more):
        fact = WorkOrderVoided(work_order_id=self.order, reason="mileage mistyped", mileage=mileage)
        self.desk.hear(fact, subject=self.order, sequence=2, **more)

    def shown(self):
        history = self.desk.ask(GetVehicle(vehicle_id=self.vehicle.id)).mileage_history
        return [(one.mileage, one.reason) for one in history]

    def reads(self, mileage):
        change = {name: getattr(self.vehicle, name) for name in ("customer_id", "vin", "plate", "make", "model")}
        self.desk.do(ChangeVehicle(vehicle_id=self.vehicle.id, mileage=mileage, **change))


def test_what_a_void_order_showed_is_no_reading_of_the_car(desk):
    """Rules C1 and W2: once, however often it is told, and whatever is told again."""
    told = Told(desk)
    told.opened(300_100)
    told.voided(300_100, times=2)
    told.opened(300_100)
    assert told.shown() == []
    desk.pass_time(minutes=1)
    told.reads(30_100)
    assert told.shown() == [(30_100, None)]


def test_a_void_order_that_is_heard_of_before_its_opening_waits_for_it(desk):
    told = Told(desk)
    told.voided(300_100)
    assert [one.kind for one in desk.parked()] == ["early"]
    told.opened(300_100)
    told.voided(300_100)
    assert told.shown() == []


def test_a_void_order_whose_odometer_nobody_read_waits_for_nothing(desk):
    told = Told(desk)
    told.voided(None)
    assert (desk.parked(), told.shown()) == ([], [])


def test_what_the_customer_signed_at_the_car_is_the_reading_of_the_order(desk):
    """Rule W2: a slip at the opening is put right, whichever is heard of first; the last signature holds."""
    told = Told(desk)
    told.opened(59_999)
    desk.pass_time(minutes=1)
    told.signed(30_100, mileage_reason="mistyped")
    assert told.shown() == [(30_100, "mistyped")]
    told.opened(59_999)
    assert told.shown() == [(30_100, "mistyped")]
    desk.pass_time(minutes=1)
    told.reads(30_110)
    told.order = new_id()
    told.signed(30_200)
    assert told.shown()[0] == (30_200, None), "one that nobody read as it was opened"


def vehicle_facts(vehicle):
    return VehicleFacts(vehicle_id=vehicle.id, vin=vehicle.vin, plate=vehicle.plate, make=vehicle.make, model=vehicle.model)
