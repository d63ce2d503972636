"""Certificates: all are certified for brakes but one technician, who gets no such work until they are (W20)."""

from datetime import timedelta
from typing import Any

from servicelane.client import Client, ProblemError
from servicelane.simulation.house import TECHNICIANS, Found, House
from servicelane.simulation.visit import Visit

SKILL = "BRAKES"
NEEDED_BY = ("BRK-PAD-F", "BRK-DISC-F")
YEARS = timedelta(days=2 * 365)


def certify_the_workshop(house: House) -> None:
    """The register as it is on the first day: one certificate ends soon, one technician has none."""
    for who in ("inspector", "foreman", *TECHNICIANS[:-1]):
        soon = timedelta(days=20) if who == TECHNICIANS[0] else YEARS
        _issue(house, who, until=soon)


def do_if_certified(visit: Visit, who: Client, verb: str, body: Found | None = None) -> Found:
    """Have it done; if the technician is not certified for it, they are trained and certified first."""
    house = visit.house
    try:
        return visit.do(who, verb, body)
    except ProblemError as error:
        if error.problem["code"] != "not_certified":
            raise
    house.saw("W20")
    login = house.login(visit.technician)
    plan = {"trainee": login, "topic": "制动系统维修", "skill": SKILL, "planned_on": house.today.isoformat()}
    training = house.manager.post("/trainings", plan)
    held = {"held_on": house.today.isoformat(), "passed": True}
    house.manager.post(f"/trainings/{training['id']}/record-result", held)
    _issue(house, visit.technician, until=YEARS, training_id=training["id"])
    found = house.manager.get("/trainings", trainee=login)["items"]
    house.saw("W20", found[0]["certificate_id"])
    return visit.do(who, verb, body)


def look_at_what_expires(house: House) -> None:
    """What ends within a month is on the list."""
    found = house.manager.get("/certificates", certificate_state="expiring")["items"]
    house.saw("W20", house.login(TECHNICIANS[0]) in [one["holder"] for one in found])


def _issue(house: House, who: str, *, until: timedelta, **more: Any) -> None:
    days = {"issued_on": house.today.isoformat(), "expires_on": (house.today + until).isoformat()}
    issued = house.manager.post("/certificates", {"holder": house.login(who), "skill": SKILL, **days, **more})
    house.saw("W20", issued["skill"] == SKILL)
