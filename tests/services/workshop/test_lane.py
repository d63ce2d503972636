"""Rule W1: the reception lane - who waits there, since when, and when the service manager must act."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from chassis.wire.errors import Refused
from chassis.wire.ids import new_id
from contracts.booking.events import AppointmentAmended, AppointmentArrived, AppointmentCancelled
from contracts.crm.events import VehicleRecorded
from contracts.workshop import lane, reception
from contracts.workshop.attention import FindWorkshopConcerns
from contracts.workshop.lane import LaneAlert, LaneCar
from contracts.workshop.order import VoidWorkOrder
from contracts.workshop.reception_events import CarEnteredLane, CarLeftLane
from services.workshop.lane.lane_car import LaneCar as CarRow
from tests.services.desk import Desk
from tests.services.history import Reading, grow
from tests.services.workshop.shop import CUSTOMER, VEHICLE, Shop


def came(desk: Desk, plate: str = "沪B00001", **more: Any) -> LaneCar:
    return desk.do(lane.EnterLane(plate=plate, **more))


def now(desk: Desk, **how: Any) -> lane.Lane:
    return desk.ask(lane.GetLane(), **how)


def alerts(desk: Desk) -> list[LaneAlert]:
    return desk.ask(lane.ListLaneAlerts()).items


def test_a_booked_car_enters_the_lane_with_its_arrival_once(shop: Shop) -> None:
    appointment = shop.appointment(tags=["comeback"], advisor="wang")
    shop.arrive(appointment, times=2)
    shop.arrive(appointment, sequence=3)
    [car] = now(shop.desk).cars
    assert (car.plate, car.customer_name, car.concern, car.position) == (VEHICLE.plate, CUSTOMER.name, "Brakes squeal", 1)
    assert (car.appointment_id, car.tags, car.advisor) == (appointment.appointment_id, ["comeback"], "wang")
    assert (car.greet_by - car.arrived_at, car.alert_at - car.arrived_at) == (timedelta(minutes=1), timedelta(minutes=20))
    assert len(shop.desk.announced(CarEnteredLane)) == 1
    assert now(shop.desk, dealer="bj-chaoyang").cars == []


def test_its_order_takes_it_over_and_what_comes_late_brings_it_back_never(shop: Shop) -> None:
    """Whether the arrival is heard before the order is opened, or after; and a cancelled one never stands there."""
    first = shop.appointment()
    visit = new_id()
    shop.arrive(first, visit=visit)
    order = shop.open(appointment_id=first.appointment_id, customer_id=None, vehicle_id=None)
    assert now(shop.desk).cars == []
    [left] = shop.desk.announced(CarLeftLane)
    assert (left.left, left.work_order_id, order.visit_id) == ("taken_over", order.id, visit)
    second = shop.appointment(status="confirmed")
    shop.desk.hear(AppointmentAmended(appointment=second), subject=second.appointment_id, sequence=1)
    shop.open(appointment_id=second.appointment_id, customer_id=None, vehicle_id=None)
    shop.arrive(second)
    third = shop.appointment(status="cancelled")
    shop.desk.hear(AppointmentCancelled(appointment=third, reason="ill"), subject=third.appointment_id, sequence=3)
    shop.desk.hear(AppointmentArrived(appointment=third), subject=third.appointment_id, sequence=2)
    assert now(shop.desk).cars == []
    fourth = shop.appointment()
    shop.arrive(fourth)
    gone = AppointmentCancelled(
        appointment=shop.appointment(appointment_id=fourth.appointment_id, status="cancelled"), reason="ill"
    )
    shop.desk.hear(gone, subject=fourth.appointment_id, sequence=3)
    assert now(shop.desk).cars == []
    assert shop.desk.announced(CarLeftLane)[-1].left == "appointment_cancelled"


def test_a_booked_car_that_was_sent_on_comes_again_with_another_arrival(shop: Shop) -> None:
    """Its appointment hears of it; the arrival that was heard before, told again, brings nothing back."""
    appointment = shop.appointment()
    shop.arrive(appointment)
    [car] = now(shop.desk).cars
    shop.desk.pass_time(minutes=5)
    shop.desk.do(lane.SendOn(lane_car_id=car.id, reason="wants to buy one"))
    [left] = shop.desk.announced(CarLeftLane)
    assert (left.left, left.appointment_id, left.reason) == ("sent_on", appointment.appointment_id, "wants to buy one")
    shop.desk.pass_time(days=1)
    shop.arrive(appointment, sequence=5)
    [again] = now(shop.desk).cars
    assert (again.id != car.id, again.appointment_id) == (True, appointment.appointment_id)


def test_a_walk_in_stands_there_once_and_is_the_booked_car_when_it_is_booked(shop: Shop) -> None:
    car = came(shop.desk, VEHICLE.plate, customer_name="someone")
    with pytest.raises(Refused, match="car_in_lane"):
        came(shop.desk, "沪A 12345")
    appointment = shop.appointment()
    shop.desk.pass_time(minutes=5)
    shop.arrive(appointment)
    [same] = now(shop.desk).cars
    assert (same.id, same.appointment_id, same.customer_name) == (car.id, appointment.appointment_id, CUSTOMER.name)
    assert same.arrived_at == car.arrived_at
    order = shop.desk.do(reception.OpenWorkOrder(appointment_id=appointment.appointment_id))
    assert now(shop.desk).cars == []
    again = came(shop.desk, VEHICLE.plate)
    walk_in = reception.OpenWorkOrder(
        customer_id=CUSTOMER.customer_id, vehicle_id=VEHICLE.vehicle_id, complaint="Noise", confirm_second_order=True
    )
    assert shop.desk.do(walk_in).visit_id != order.visit_id
    assert shop.desk.announced(CarLeftLane)[-1].lane_car_id == again.id


def test_two_booked_cars_with_one_plate_are_two_cars(shop: Shop) -> None:
    """Rule W1: each keeps its appointment; opening the order of one leaves the other where it stands."""
    twin = replace(VEHICLE, vehicle_id=new_id(), vin="1HGCM82633A004352")
    first, second = shop.appointment(), shop.appointment(vehicle=twin, complaint="Oil")
    for one in (first, second):
        shop.arrive(one)
    stand = now(shop.desk).cars
    assert {(car.appointment_id, car.concern) for car in stand} == {
        (first.appointment_id, "Brakes squeal"),
        (second.appointment_id, "Oil"),
    }
    shop.open(appointment_id=first.appointment_id, customer_id=None, vehicle_id=None)
    assert [car.appointment_id for car in now(shop.desk).cars] == [second.appointment_id]
    with pytest.raises(Refused, match="car_in_lane"):
        came(shop.desk, VEHICLE.plate)


def test_a_corrected_plate_reaches_the_lane_and_the_car_is_not_recorded_twice(shop: Shop) -> None:
    """Rule B1: what is open says the plate as it is now."""
    facts = shop.appointment()
    shop.arrive(facts)
    right = replace(facts, vehicle=replace(VEHICLE, plate="沪A99999"))
    shop.desk.hear(AppointmentAmended(appointment=right), subject=facts.appointment_id, sequence=3)
    assert [car.plate for car in now(shop.desk).cars] == ["沪A99999"]
    with pytest.raises(Refused, match="car_in_lane"):
        came(shop.desk, "沪A99999")
    came(shop.desk, VEHICLE.plate)


def test_positions_are_the_dealers_setting_and_what_is_set_aside_has_none(shop: Shop) -> None:
    settings = shop.desk.ask(lane.GetReceptionSettings())
    assert (settings.lane_positions, settings.greet_minutes, settings.alert_cars, settings.alert_minutes) == (3, 1, 4, 20)
    shop.desk.do(lane.SetReceptionSettings(lane_positions=1, alert_minutes=30), if_match=settings.version)
    first, second = came(shop.desk), came(shop.desk, "沪B00002")
    assert second.alert_at - second.arrived_at == timedelta(minutes=30)
    assert [(car.plate, car.position) for car in now(shop.desk).cars] == [(first.plate, 1), (second.plate, None)]
    shop.desk.do(lane.SetAside(lane_car_id=first.id, to="wash"))
    assert [(car.plate, car.position) for car in now(shop.desk).cars] == [(second.plate, 1)]
    assert [(car.plate, car.aside) for car in now(shop.desk).aside] == [(first.plate, "wash")]
    with pytest.raises(Refused, match="car_set_aside"):
        shop.desk.do(lane.SetAside(lane_car_id=first.id, to="parking"))
    shop.desk.do(lane.BringBack(lane_car_id=first.id))
    with pytest.raises(Refused, match="car_not_aside"):
        shop.desk.do(lane.BringBack(lane_car_id=first.id))
    shop.desk.do(lane.SendOn(lane_car_id=first.id, reason="a visitor"))
    with pytest.raises(Refused, match="car_left_lane"):
        shop.desk.do(lane.GreetCustomer(lane_car_id=first.id))


def test_a_customer_is_greeted_once_and_gets_one_ticket_whose_number_no_other_has_that_day(shop: Shop) -> None:
    cars = [came(shop.desk, f"沪B0000{number}") for number in range(3)]
    greeted = shop.desk.do(lane.GreetCustomer(lane_car_id=cars[0].id), actor="wang")
    assert (greeted.greeted_by, greeted.greeted_at) == ("wang", shop.desk.clock.now())
    with pytest.raises(Refused, match="already_greeted"):
        shop.desk.do(lane.GreetCustomer(lane_car_id=cars[0].id))
    assert [shop.desk.do(lane.GiveTicket(lane_car_id=car.id)).ticket for car in cars[:2]] == [1, 2]
    with pytest.raises(Refused, match="has_ticket"):
        shop.desk.do(lane.GiveTicket(lane_car_id=cars[0].id))
    shop.desk.pass_time(days=1)
    assert shop.desk.do(lane.GiveTicket(lane_car_id=cars[2].id)).ticket == 1


@pytest.mark.new_database
def test_the_lane_costs_the_same_however_many_cars_have_left_and_alerts_were_relieved(shop: Shop) -> None:
    gone = came(shop.desk)
    shop.desk.do(lane.SendOn(lane_car_id=gone.id, reason="sales"))
    alert = shop.desk.do(lane.RaiseLaneAlert())
    shop.desk.do(lane.RelieveLane(lane_alert_id=alert.id, relief="none_needed", lane_cause="other", measure="none"))
    grow(shop.desk, "lane_car", 1_000)
    grow(shop.desk, "lane_alert", 1_000)
    stands = came(shop.desk, "沪B00002")
    asked = lane.GetLane(), FindWorkshopConcerns()
    before = [Reading(shop.desk, query).rows for query in asked]
    grow(shop.desk, "lane_car", 2, of="left_at IS NOT NULL")
    grow(shop.desk, "lane_alert", 2, of="relieved_at IS NOT NULL")
    assert [car.id for car in now(shop.desk).cars] == [stands.id]
    assert all(Reading(shop.desk, query).rows <= rows for query, rows in zip(asked, before, strict=True))


def test_the_database_itself_gives_no_number_twice_on_one_day(shop: Shop) -> None:
    first, second = (came(shop.desk, plate) for plate in ("沪B00001", "沪B00002"))
    for car in (first, second):
        shop.desk.do(lane.GiveTicket(lane_car_id=car.id))
    again = update(CarRow).where(CarRow.id == second.id).values(ticket=1)
    with pytest.raises(IntegrityError, match="lane_car_ticket_key"):
        shop.desk.rows(lambda session: session.execute(again))


def test_a_recorded_plate_of_a_car_that_is_booked_today_says_so(shop: Shop) -> None:
    """Rules W1 and B6: with the appointment, until that is the lane's; of two cars with the plate each says its own."""
    shop.desk.hear(VehicleRecorded(vehicle=VEHICLE, customer_id=CUSTOMER.customer_id), subject=VEHICLE.vehicle_id)
    twin = replace(VEHICLE, vehicle_id=new_id(), vin="1HGCM82633A004352")
    shop.desk.hear(VehicleRecorded(vehicle=twin, customer_id=CUSTOMER.customer_id), subject=twin.vehicle_id)
    booked, of_twin = shop.appointment(status="confirmed"), shop.appointment(status="no_show", vehicle=twin)
    another = shop.appointment(status="confirmed")
    tomorrow = replace(another, starts_at=another.starts_at + timedelta(days=1))
    off, other = (
        shop.appointment(status="cancelled"),
        shop.appointment(status="confirmed", vehicle=replace(twin, vehicle_id=new_id())),
    )
    for one in (booked, of_twin, tomorrow, off, other):
        shop.desk.hear(AppointmentAmended(appointment=one), subject=one.appointment_id, sequence=1)
    came(shop.desk, "沪A 12345")
    came(shop.desk, "沪B00002")
    first, second = now(shop.desk).cars
    said = [(one.appointment_id, one.status, one.starts_at, one.customer_name) for one in first.booked_today]
    assert sorted(said) == sorted((one.appointment_id, one.status, one.starts_at, CUSTOMER.name) for one in (booked, of_twin))
    assert second.booked_today == []
    gone = AppointmentCancelled(appointment=replace(of_twin, status="cancelled"), reason="x")
    shop.desk.hear(gone, subject=of_twin.appointment_id, sequence=2)
    assert [one.appointment_id for one in now(shop.desk).cars[0].booked_today] == [booked.appointment_id]
    shop.arrive(replace(booked, status="arrived"))
    [taken, _] = now(shop.desk).cars
    assert (taken.id, taken.appointment_id, taken.booked_today) == (first.id, booked.appointment_id, [])


def test_a_car_whose_order_was_opened_without_word_of_its_arrival_is_expected_no_more(shop: Shop) -> None:
    """Rules W1 and B6: it stands there again on the same day, and what it was booked for has its order."""
    shop.desk.hear(VehicleRecorded(vehicle=VEHICLE, customer_id=CUSTOMER.customer_id), subject=VEHICLE.vehicle_id)
    booked = shop.appointment(status="confirmed")
    shop.desk.hear(AppointmentAmended(appointment=booked), subject=booked.appointment_id, sequence=1)
    order = shop.open(appointment_id=booked.appointment_id, customer_id=None, vehicle_id=None)
    came(shop.desk, VEHICLE.plate)
    assert now(shop.desk).cars[0].booked_today == []
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="x"))
    assert [one.appointment_id for one in now(shop.desk).cars[0].booked_today] == [booked.appointment_id]


def test_a_booked_car_whose_order_was_void_comes_again_with_another_arrival(shop: Shop) -> None:
    """Rules W1 and B6: it was booked anew, and stands in the lane with its clocks, unless it has another order."""
    first = shop.appointment()
    shop.arrive(first)
    order = shop.open(appointment_id=first.appointment_id, customer_id=None, vehicle_id=None)
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="no parts"))
    shop.arrive(first, sequence=3)
    assert now(shop.desk).cars == []
    shop.desk.pass_time(days=1)
    shop.arrive(first, sequence=5)
    [car] = now(shop.desk).cars
    assert (car.appointment_id, car.arrived_at, car.position) == (first.appointment_id, shop.desk.clock.now(), 1)
    again = shop.open(appointment_id=first.appointment_id, customer_id=None, vehicle_id=None)
    shop.desk.pass_time(days=1)
    shop.arrive(first, sequence=6)
    assert (now(shop.desk).cars, again.status) == ([], "open")


def test_word_of_an_arrival_that_comes_after_its_void_order_was_opened_brings_it_back_never(shop: Shop) -> None:
    """Rule W1: whoever opened the order did not wait for word of the arrival."""
    facts = shop.appointment(status="confirmed")
    shop.desk.hear(AppointmentAmended(appointment=facts), subject=facts.appointment_id, sequence=1)
    order = shop.open(appointment_id=facts.appointment_id, customer_id=None, vehicle_id=None)
    shop.desk.do(VoidWorkOrder(work_order_id=order.id, reason="x"))
    shop.arrive(replace(facts, status="arrived"))
    assert now(shop.desk).cars == []
