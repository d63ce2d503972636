"""Pick-up and return: a driver fetches a car, the customer signs; two missed appointments ask for a deposit (B14, B15)."""

from datetime import date, datetime, time, timedelta

from servicelane.simulation.agenda import Story
from servicelane.simulation.booking import a_free_time, begins_at
from servicelane.simulation.files import open_files
from servicelane.simulation.house import Found, House
from servicelane.simulation.people import Car
from servicelane.simulation.stories import comes
from servicelane.simulation.visit import Visit
from servicelane.visit import STROKES

SHEET = {"keys": 2, "registration": True, "service_book": False, "fuel_eighths": 4}
NOON = time(12)
"""A car that comes then is fetched in one of the morning's windows."""


def day_of_driver(house: House) -> Story:
    """A car is fetched before its appointment and brought back after the delivery, each with the customer's signature (B14)."""
    yield max(house.now, house.at(8, 35))
    car = house.town.car()
    open_files(house, car)
    appointment = _book(house, car, after=NOON)
    if appointment is None:
        return
    leg = _plan(house, car, {"direction": "pick_up", "appointment_id": appointment["id"]})
    if leg is None:
        return
    again = {"direction": "pick_up", "appointment_id": appointment["id"], "begins_at": leg["begins_at"], "address": "同上"}
    house.saw("B14", house.refused("leg_interval_full", house.agent, "/legs", again))
    yield house.later(10)
    _drive(house, car, leg)
    house.agenda.begin(begins_at(appointment), _visit(house, car, appointment))


def _visit(house: House, car: Car, appointment: Found) -> Story:
    visit = Visit(house, car, appointment)
    yield from comes(visit)
    held = house.advisor.get(f"{visit.path}/custody")["hand_overs"]
    house.saw("W24", held and held[0]["given_to"] == house.login("driver"))
    leg = _plan(house, car, {"direction": "return", "work_order_id": visit.order["id"]})
    if leg is not None:
        yield house.later(10)
        _drive(house, car, leg)


def day_of_collecting(house: House, day: date) -> Story:
    """A fetched car whose customer calls it off and fetches it themselves: keys and papers are theirs again (B14, W24)."""
    yield max(house.now, house.at(9, 20))
    car = house.town.car()
    open_files(house, car)
    appointment = _book(house, car, day, after=NOON)
    leg = None if appointment is None else _plan(house, car, {"direction": "pick_up", "appointment_id": appointment["id"]})
    if appointment is None or leg is None:
        return
    yield house.later(10)
    _drive(house, car, leg)
    house.settle()
    path = f"/appointments/{appointment['id']}"
    house.agent.post(f"{path}/cancel", {"reason": "客户改去外地"}, of=house.agent.get(path))
    house.settle()
    collected = house.agent.post(f"/legs/{leg['id']}/collect")
    house.saw("B14", collected["collected_by"] == house.login("agent"))
    house.saw("W24", house.refused("car_not_here", house.agent, f"/legs/{leg['id']}/collect", {}))


def day_of_forgetting(house: House) -> Story:
    """Somebody misses two appointments and is asked for a deposit at the next booking; it is paid, and shown no longer (B15)."""
    yield max(house.now, house.at(8, 40))
    car = house.town.car()
    open_files(house, car)
    for _ in range(2):
        if _book(house, car, confirm_second_appointment=True) is None:
            return
    yield house.at(16, 30)
    free = a_free_time(house, "body", house.today + timedelta(days=1))
    if free is None:
        return
    asked = {"customer_id": car.customer_id, "vehicle_id": car.vehicle_id, "channel": "phone", "service_type": "body"}
    booked = house.agent.post("/appointments", {**asked, "starts_at": free, "complaint": car.complaint})
    house.saw("B15", booked["deposit_due"])
    if not booked["deposit_due"]:
        return
    path = f"/appointments/{booked['id']}"
    house.cashier.post(f"{path}/deposits", {"payment_method": "cash", "amount": booked["deposit_asked"]})
    house.settle()
    house.saw("B15", house.agent.get(path)["deposit_due"] is None)
    house.agenda.begin(begins_at(booked), comes(Visit(house, car, booked)))


def _book(house: House, car: Car, day: date | None = None, *, after: time = time.min, **more: bool) -> Found | None:
    free = a_free_time(house, "maintenance", day or house.today, after=after)
    if free is None:
        return None
    asked = {"customer_id": car.customer_id, "vehicle_id": car.vehicle_id, "channel": "phone", "service_type": "maintenance"}
    booked: Found = house.agent.post("/appointments", {**asked, "starts_at": free, "complaint": car.complaint, **more})
    return booked


def _plan(house: House, car: Car, of: Found) -> Found | None:
    """The first window that takes it: before the appointment, if it is one's."""
    plan = house.agent.get("/leg-plan", days=2)
    for window in plan["windows"]:
        if not window["free"] or datetime.fromisoformat(window["ends_at"]) <= house.now:
            continue
        asked = {**of, "begins_at": window["begins_at"], "address": f"张杨路 {house.number} 号", "driver": house.login("driver")}
        if house.refused("leg_beside_appointment", house.agent, "/legs", asked):
            return None
        legs = house.agent.get("/legs", **{name: value for name, value in of.items() if name != "direction"})["items"]
        planned: Found = next(one for one in legs if one["direction"] == of["direction"])
        house.saw("B14", planned["leg_state"] == "planned")
        return planned
    return None


def _drive(house: House, car: Car, leg: Found) -> None:
    """Under way, at the customer's, signed."""
    driver, path = house.staff("driver"), f"/legs/{leg['id']}"
    mine = driver.get("/my-legs")["legs"]
    driver.post(f"{path}/start")
    shown = driver.post(f"{path}/sheet", {**SHEET, "mileage": car.mileage})["sheet"]
    signing = {"means": "drawn", "name": car.name, "document_hash": shown["document_hash"], "strokes": STROKES}
    done = driver.post(f"{path}/sheet/sign", {"signature": signing})
    house.saw("B14", done["leg_state"] == "done" and done["sheet"]["signature"]["verified"] and mine)
