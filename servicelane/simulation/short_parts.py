"""A booked car lacks parts: they are ordered for it, come later than the car, and the appointment moves (B6, P5)."""

from datetime import date, timedelta
from decimal import Decimal

from servicelane.simulation.agenda import Story
from servicelane.simulation.booking import a_free_time, begins_at
from servicelane.simulation.files import open_files
from servicelane.simulation.house import Found, House
from servicelane.simulation.opening import receive

PART = "DISC-F-77"
MORE = 5
"""So many more than the store has of it are booked."""


def day_of_ordering(house: House, day: int, for_day: date) -> Story:
    """Somebody books discs that are short; the clerk says when they come, the desk moves the car, and they are set aside."""
    yield max(house.now, house.at(9, 40))
    appointment = _booked(house, for_day)
    if appointment is None:
        return
    path = f"/appointments/{appointment['id']}"
    house.settle()
    orders = house.agent.get(path)["special_orders"]
    house.saw("B6", orders)
    if not orders:
        return
    order = orders[0]
    listed = house.clerk.get("/special-orders", appointment_id=appointment["id"])["items"]
    house.saw("P5", [one["id"] for one in listed] == [order["special_order_id"]])
    yield house.later(20)
    comes_on = begins_at(appointment).date() + timedelta(days=1)
    told = house.clerk.post(f"/special-orders/{order['special_order_id']}/expect", {"expected_on": comes_on.isoformat()})
    house.saw("P5", told["late"])
    house.settle()
    late = [one for one in house.agent.get("/booking-tasks", state="open")["items"] if one["kind"] == "parts_late"]
    house.saw("B6", any(one["appointment_id"] == appointment["id"] for one in late))
    free = a_free_time(house, "repair", comes_on)
    if free is not None:
        house.agent.post(f"{path}/reschedule", {"starts_at": free, "reason": "配件晚到"})
        house.settle()
        house.saw("B6", not any(one["late"] for one in house.agent.get(path)["special_orders"]))
    yield house.later(60)
    receive(house, {PART: str(4 * MORE)}, f"SPECIAL-{day}")
    house.settle()
    ready = house.agent.get(path)
    house.saw("B6", ready["parts_state"] == "reserved" and not ready["special_orders"])
    house.agent.post(f"{path}/cancel", {"reason": "改到外地维修"})


def _booked(house: House, for_day: date) -> Found | None:
    car = house.town.car()
    open_files(house, car)
    free = a_free_time(house, "repair", for_day)
    if free is None:
        return None
    asked = {"customer_id": car.customer_id, "vehicle_id": car.vehicle_id, "channel": "phone", "service_type": "repair"}
    many = Decimal(house.clerk.get("/parts/lookup", part_number=PART)["available"]) + MORE
    wanted = {"operations": ["BRK-DISC-F"], "parts": [{"part_number": PART, "quantity": str(many)}]}
    booked: Found = house.agent.post("/appointments", {**asked, **wanted, "starts_at": free, "complaint": car.complaint})
    return booked
