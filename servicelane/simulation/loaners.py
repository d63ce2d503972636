"""Loaners: one car of the fleet goes out by a signed sheet and comes back by another; nobody else has it meanwhile (B9)."""

from datetime import timedelta
from typing import Any

from servicelane.simulation.agenda import Story
from servicelane.simulation.files import open_files
from servicelane.simulation.house import Found, House
from servicelane.simulation.people import Car
from servicelane.visit import STROKES

DRIVEN = 37


def day_of_fleet(house: House) -> Story:
    """A customer takes the loaner for some hours; who asks for it in between is told that there is none."""
    yield max(house.now, house.at(9, 50))
    car, other = house.town.car(), house.town.car()
    open_files(house, car)
    open_files(house, other)
    until = (house.now + timedelta(hours=4)).isoformat()
    loan = house.agent.post("/loans", {"customer_id": car.customer_id, "ends_at": until})
    house.saw("B9", loan["state"] == "booked" and loan["car"]["plate"])
    again = {"customer_id": other.customer_id, "ends_at": until}
    house.saw("B9", house.refused("no_loaner_free", house.agent, "/loans", again))
    yield house.later(6)
    loan = _signed(house, car, loan, "hand_over", loan["known_mileage"])
    house.saw("B9", loan["state"] == "handed_over")
    yield house.later(180)
    loan = _signed(house, car, loan, "return", loan["known_mileage"] + DRIVEN)
    house.saw("B9", loan["state"] == "returned" and loan["driven"] == DRIVEN)


def _signed(house: House, car: Car, loan: Found, kind: str, mileage: int) -> Found:
    path = f"/loans/{loan['id']}/sheets"
    sheet = {"driver": car.name, "licence_number": "310115198001011234", "mileage": mileage, "fuel_eighths": 6}
    loan = house.advisor.post(path, {"sheet": kind, **sheet})
    shown: dict[str, Any] = loan["hand_over" if kind == "hand_over" else "return_sheet"]
    signing = {"means": "drawn", "name": car.name, "document_hash": shown["document_hash"], "strokes": STROKES}
    signed: Found = house.advisor.post(f"{path}/sign", {"sheet": kind, "signature": signing})
    return signed
