"""Rule C1: one plate in the files of several cars."""

from contracts.crm.vehicle import ChangeVehicle, GetVehicle
from tests.services.crm.test_files import DOUBTFUL, a_customer, a_vehicle, checking_vins


def test_cars_with_one_plate_name_each_other(desk):
    """Rule C1: a plate moves from car to car, or somebody mistyped; however it is written. Another dealer's file says nothing."""
    customer = a_customer(desk)
    first = a_vehicle(desk, customer.id)
    checking_vins(desk, "warn")
    second = a_vehicle(desk, customer.id, vin=DOUBTFUL, plate="沪A 12345")
    other = a_customer(desk, dealer="bj-chaoyang")
    a_vehicle(desk, other.id, dealer="bj-chaoyang")
    assert [[one.id for one in desk.ask(GetVehicle(vehicle_id=car.id)).same_plate] for car in (first, second)] == [
        [second.id],
        [first.id],
    ]
    change = {"vin": DOUBTFUL, "make": "MCI", "model": "102", "customer_id": customer.id}
    desk.do(ChangeVehicle(vehicle_id=second.id, plate="沪B·99999", **change))
    assert desk.ask(GetVehicle(vehicle_id=first.id)).same_plate == []
