"""Whoever calls or drives reads the files as they are now; what was signed stays as it was signed (Rules B14, W1, W2, W4)."""

from dataclasses import replace

import pytest

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.booking.events import AppointmentAmended, AppointmentArrived
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.shared import CustomerFacts
from contracts.workshop import lane, leg
from contracts.workshop.order import GetWorkOrder, VoidWorkOrder
from contracts.workshop.walk_around import GetWalkAround, RecordWalkAround
from tests.services.workshop.legs import at
from tests.services.workshop.shop import CUSTOMER, VEHICLE

TODAY = replace(CUSTOMER, name="Li Nana", phone="13911112222")
WALK = {
    "mileage": 53_000,
    "fuel_eighths": 5,
    "damages": [],
    "equipment": [],
    "property_left": [],
    "valuables_reminder": True,
    "protective_covers": True,
    "keys": 2,
    "registration": True,
    "service_book": False,
}
BUYER = CustomerFacts(customer_id=new_id(), name="Han Mei", phone="13700000007")


def corrects(desk, *, plate=VEHICLE.plate, sequence=2):
    desk.hear(CustomerRecorded(customer=TODAY), subject=CUSTOMER.customer_id, sequence=sequence)
    vehicle = VehicleRecorded(vehicle=replace(VEHICLE, plate=plate), customer_id=CUSTOMER.customer_id)
    desk.hear(vehicle, subject=VEHICLE.vehicle_id, sequence=sequence)


def test_an_order_and_who_drives_for_it_have_the_phone_and_the_plate_of_today(desk, fleet):
    """Rule B14: also a leg that failed, for whoever calls; a paper that was written keeps what it said."""
    order = fleet.delivers(fleet.shop.open())
    back = desk.do(leg.PlanLeg(direction="return", work_order_id=order.id, address="x", begins_at=at("14:00"), driver="zhou"))
    fleet.starts(back)
    sheet = fleet.records(back).sheet
    desk.do(leg.FailLeg(leg_id=back.id, reason="nobody there"), actor="zhou")
    other = fleet.shop.open()
    written = desk.do(RecordWalkAround(work_order_id=other.id, **WALK))
    corrects(desk, plate="沪B99999")
    for one in (order, other):
        found = desk.ask(GetWorkOrder(work_order_id=one.id))
        assert (found.customer.name, found.customer.phone, found.vehicle.plate) == ("Li Nana", TODAY.phone, "沪B99999")
    failed = fleet.now(back)
    assert (failed.customer_name, failed.phone, failed.plate) == ("Li Nana", TODAY.phone, "沪B99999")
    told = desk.ask(GetWalkAround(work_order_id=other.id))
    assert (told.customer_name, told.plate, told.findings) == ("Li Nana", "沪B99999", written.findings), "nobody has signed it"
    assert told.document_hash != written.document_hash
    assert failed.sheet.document_hash != sheet.document_hash


def test_a_car_that_was_brought_back_after_its_file_was_closed_goes_to_the_number_of_today(desk, fleet):
    facts = fleet.appointment()
    fleet.fetches(fleet.plans(facts))
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    order = fleet.shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    desk.do(VoidWorkOrder(work_order_id=order.id, reason="no time"))
    corrects(desk)
    back = fleet.plans(facts, "14:00", direction="return")
    assert back.phone == TODAY.phone
    again = replace(TODAY, phone="13900000000")
    desk.hear(CustomerRecorded(customer=again), subject=CUSTOMER.customer_id, sequence=3)
    assert fleet.now(back).phone == "13900000000", "it is driven still"


def test_a_leg_and_the_lane_follow_what_booking_says_of_its_customer(desk, fleet):
    """Rule B14, W1."""
    facts = fleet.appointment()
    one = fleet.plans(facts)
    fleet.hear(AppointmentArrived(appointment=replace(facts, status="arrived")))
    vehicle = replace(VEHICLE, plate="沪B99999")
    fleet.hear(AppointmentAmended(appointment=replace(facts, status="arrived", customer=TODAY, vehicle=vehicle)))
    found = fleet.now(one)
    assert (found.customer_name, found.phone, found.plate) == ("Li Nana", TODAY.phone, "沪B99999")
    assert [(car.customer_name, car.plate) for car in desk.ask(lane.GetLane()).cars] == [("Li Nana", "沪B99999")]


def test_an_order_is_opened_for_a_car_that_changed_hands_only_once_it_is_said_whose_it_is(desk, fleet):
    """Rule B1: whoever opens it is told the old owner and the new one, and chooses."""
    orders = []
    for chosen in ("as_booked", "new_owner"):
        facts = fleet.appointment(new_owner=BUYER)
        booked = {"appointment_id": facts.appointment_id, "customer_id": None, "vehicle_id": None}
        with pytest.raises(Refused) as refused:
            fleet.shop.open(**booked)
        assert refused.value.code == "car_of_another"
        assert refused.value.details == {"field": "customer", "customer": CUSTOMER.name, "owner": "Han Mei"}
        orders.append(fleet.shop.open(**booked, customer=chosen))
    assert [one.customer for one in orders] == [CUSTOMER, BUYER]
