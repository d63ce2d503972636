"""Call-backs: a customer is promised one, and called in time, or too late (B7)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import House


def day_of_promises(house: House) -> Story:
    """Two customers are promised a call on a day: one promise is kept, the other one escalates after half an hour."""
    for kept in (True, False):
        yield max(house.now, house.at(11 if kept else 14, 5))
        car = house.town.car()
        promised = house.agent.post("/calls", {"customer_name": car.name, "phone": car.phone, "about": "保险理赔进度"})
        house.saw("B7", promised["kind"] == "call_back" and promised["due_at"])
        yield house.later(12 if kept else 34)
        path = f"/calls/{promised['id']}"
        house.saw("B7", not kept and house.agent.get(path)["escalated_at"])
        house.saw("B7", house.agent.post(f"{path}/complete", {"outcome": "later"})["state"] == "done")
