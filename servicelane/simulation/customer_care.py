"""Customer care: who had the car back is called, and asked for the next appointment (C2, B10)."""

from datetime import datetime

from servicelane.simulation.agenda import Story
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


def _call(house: House, path: str) -> None:
    answer = house.draw("answer", ANSWERS)
    reached = answer != "not_reached"
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
