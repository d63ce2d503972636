"""Customer care: who had the car back is called and asked for the next appointment, others are invited (C2, B10, C5, B8)."""

from datetime import datetime

from servicelane.simulation.agenda import Story
from servicelane.simulation.files import open_files
from servicelane.simulation.house import House

ANSWERS = (("satisfied", 4), ("problem", 1), ("not_reached", 1))


def day_of_calls(house: House) -> Story:
    """The follow-ups whose time has come, the first due first."""
    yield max(house.now, house.at(10, 40))
    for one in house.agent.get("/follow-ups", state="scheduled", sort="due_at")["items"]:
        house.saw("C2", one["attempts"] or one["call_at"])
        if datetime.fromisoformat(one["call_at"]) > house.now:
            continue
        yield house.later(4)
        _call(house, f"/follow-ups/{one['id']}")
    house.saw("B10", any(one["contacts"] for one in house.agent.get("/next-appointments")["items"]))


def day_of_invitations(house: House) -> Story:
    """A recall is told to anybody, once a day; for a campaign the customer must have agreed to be written to."""
    yield max(house.now, house.at(13, 10))
    car = house.town.car()
    open_files(house, car)
    recall = {"vehicle_id": car.vehicle_id, "reason": "recall", "channel": "phone"}
    invited = house.agent.post("/invitations", recall)
    house.saw("C5", invited["reason"] == "recall" and invited["plate"])
    house.saw("C5", house.refused("invited_today", house.agent, "/invitations", recall))
    house.saw("C5", house.refused("no_consent", house.agent, "/invitations", recall | {"reason": "campaign"}))
    house.settle()
    house.saw("B8", house.manager.get("/booking-conversion")["invited"]["invited"])


def _call(house: House, path: str) -> None:
    answer = house.draw("answer", ANSWERS)
    reached = answer != "not_reached"
    house.saw("C2", house.agent.post(f"{path}/take")["caller"] == house.login("agent"))
    tried = house.agent.post(f"{path}/attempts", {"reached": reached})
    house.saw("C2", tried["attempts"][-1]["reached"] == reached)
    if reached:
        said = house.draw("said", (("booked", 1), ("later", 1), ("declined", 1)))
        done = house.agent.post(
            f"{path}/complete",
            {"outcome": answer, "satisfaction": 5 if answer == "satisfied" else 2, "next_appointment": said},
        )
        house.saw("C2", done["state"] == "completed")
        house.saw("B10", done["next_appointment"] == said)
