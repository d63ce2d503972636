"""Enquiries: a question is kept word for word, handed on with its text, and answered in time, or too late (B13)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import House

QUESTION = "延保能否在续保时一起办？"


def day_of_questions(house: House) -> Story:
    """Two customers ask something on a day: one is answered in time, the other one's question escalates after half an hour."""
    for in_time in (True, False):
        yield max(house.now, house.at(10 if in_time else 15, 25))
        car = house.town.car()
        asked = house.agent.post("/enquiries", {"customer_name": car.name, "phone": car.phone, "question": QUESTION})
        house.saw("B13", asked["question"] == QUESTION and asked["due_at"])
        path = f"/enquiries/{asked['id']}"
        handed = house.agent.post(f"{path}/hand-on", {"to": house.login("advisor"), "note": "客户下午在店"})
        house.saw("B13", handed["hand_ons"][-1]["to"] == house.login("advisor") and handed["due_at"] == asked["due_at"])
        yield house.later(12 if in_time else 34)
        house.saw("B13", not in_time and house.agent.get(path)["escalated_at"])
        house.saw("B13", house.advisor.post(f"{path}/answer", {"reply": "可以，到店一并办理"})["state"] == "answered")
