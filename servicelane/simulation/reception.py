"""The reception: cars arrive, booked or not, are greeted in the lane, and taken over by the advisor (B6, W1, W2, W24)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import Found, House
from servicelane.simulation.visit import Visit

DAMAGES: tuple[list[Found], ...] = (
    [],
    [{"panel": "right_rear_door", "damage": "dent"}],
    [{"panel": "front_bumper", "damage": "scratch"}],
)


def arrive(visit: Visit) -> Story:
    """The booked car is here, its parts lie ready, and it stands in the lane."""
    house, booked = visit.house, visit.appointment
    assert booked is not None
    here = house.agent.post(f"/appointments/{booked['id']}/arrive", {"bay": "R1"})
    house.saw("B6", here["status"] == "arrived" and here["parts_state"] in (None, "reserved"))
    visit.appointment = here
    house.settle()
    found = [one for one in house.advisor.get("/lane")["cars"] if one["appointment_id"] == here["id"]]
    if found:
        yield from _wait(visit, found[0])


def drive_in(visit: Visit) -> Story:
    """A car without an appointment stands in the lane."""
    car = visit.car
    entered = {"plate": car.plate, "customer_name": car.name, "concern": car.complaint}
    yield from _wait(visit, visit.house.agent.post("/lane/cars", entered))


def pass_through(house: House) -> Story:
    """A car that is none of the workshop's is sent on: the lane is for service cars only."""
    car = house.town.car()
    entered = house.agent.post("/lane/cars", {"plate": car.plate, "concern": "找展厅"})
    yield house.later(2)
    sent = house.agent.post(f"/lane/cars/{entered['id']}/send-on", {"reason": "不是售后车辆"})
    house.saw("W1", sent["left"] == "sent_on")


def _wait(visit: Visit, waiting: Found) -> Story:
    """The customer is greeted, and gets a ticket where the lane is full."""
    house, path = visit.house, f"/lane/cars/{waiting['id']}"
    yield house.later(0.5)
    greeted = house.agent.post(f"{path}/greet")
    house.saw("W1", greeted["greeted_at"])
    if greeted["position"] is None and greeted["aside"] is None:
        house.saw("W1", house.agent.post(f"{path}/give-ticket")["ticket"])


def take_over(visit: Visit) -> Story:
    """When the advisor has time, they open the order, walk around the car with the customer, and take keys and papers."""
    house = visit.house
    advisor = yield from house.one_of("advisor")
    try:
        yield house.later(4)
        _open(visit)
        yield house.later(4)
        _walk_around(visit)
    finally:
        house.let_go("advisor", advisor)


def _open(visit: Visit) -> None:
    house, car, booked = visit.house, visit.car, visit.appointment
    car.mileage += house.random.randrange(5, 900)
    opened = {"mileage": car.mileage, "complaint": car.complaint}
    if booked is not None:
        visit.order = house.advisor.post("/work-orders", {**opened, "appointment_id": booked["id"]})
        house.saw("B6", visit.order["appointment_id"] == booked["id"])
    else:
        opened |= {"customer_id": car.customer_id, "vehicle_id": car.vehicle_id}
        if house.one_in(10, "mistyped"):
            _mistype(house, opened)
        visit.order = house.advisor.post("/work-orders", opened)
    house.seen.orders += 1
    house.saw("W4", visit.order["jobs"][0]["complaint"] == car.complaint)
    house.saw("W14", visit.order["status"] == "open")


def _mistype(house: House, opened: Found) -> None:
    """The odometer is typed with one digit too many, and the order voided: nobody holds that against the right one."""
    wrong = house.advisor.post("/work-orders", {**opened, "mileage": opened["mileage"] * 10, "mileage_reason": "已核对"})
    house.advisor.post(f"/work-orders/{wrong['id']}/void", {"reason": "里程录错"})
    house.settle()
    car = house.advisor.get(f"/vehicles/{opened['vehicle_id']}")
    house.saw("W2", all(one["work_order_id"] != wrong["id"] for one in car["mileage_history"]))


def _walk_around(visit: Visit) -> None:
    house = visit.house
    found = {
        "mileage": visit.car.mileage,
        "fuel_eighths": house.random.randrange(1, 9),
        "damages": house.random.choice(DAMAGES),
        "equipment": ["jack", "warning_triangle"],
        "property_left": [{"description": "儿童座椅"}] if house.random.random() < 0.2 else [],
        "valuables_reminder": True,
        "protective_covers": True,
        "keys": 1,
        "registration": True,
        "service_book": house.random.random() < 0.5,
    }
    house.advisor.post(f"{visit.path}/walk-around", found)
    signed = house.advisor.post(f"{visit.path}/walk-around/sign", {"signature": visit.signed("walk-around")})
    house.saw("W2", signed["signature"]["verified"])
    house.saw("W24", house.advisor.get(f"{visit.path}/custody")["held"])
