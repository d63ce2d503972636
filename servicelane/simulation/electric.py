"""Electric cars: their high-voltage system is isolated by two people before the work, and live again after it (W30)."""

from datetime import timedelta

from servicelane.simulation.agenda import Story
from servicelane.simulation.equipment import VOLTMETER
from servicelane.simulation.house import TECHNICIANS, Found, House
from servicelane.simulation.visit import Visit

OPERATION = {"operation_code": "EV-BAT", "name_zh": "动力电池检修", "name_en": "Traction battery", "hours": "1.00"}
WORK: Found = {"labour": [{"operation_code": "EV-BAT", "payer": "customer_pay"}]}
SKILL = "HIGH_VOLTAGE"
SECOND = "foreman"
"""Who confirms what a technician has isolated."""


def certify(house: House) -> None:
    """All technicians and the foreman may isolate."""
    days = {"issued_on": house.today.isoformat(), "expires_on": (house.today + timedelta(days=700)).isoformat()}
    for who in (*TECHNICIANS, SECOND):
        house.manager.post("/certificates", {"holder": house.login(who), "skill": SKILL, **days})


def isolate(visit: Visit, line: Found) -> Story:
    """Before the first high-voltage line: lock, wait, measure, and a second person."""
    house, path = visit.house, f"{visit.path}/isolations"
    if not line["high_voltage"] or visit.look()["high_voltage"] == "isolated":
        return
    technician = house.staff(visit.technician)
    clock_on = f"{visit.path}/lines/{line['line_id']}/clock-on"
    house.saw("W30", house.refused("not_isolated", technician, clock_on, {}))
    visit.isolation = technician.post(path, {"lock_number": f"L-{house.number}"})
    yield house.later(11)
    path = f"{path}/{visit.isolation['id']}"
    house.staff(visit.technician).post(f"{path}/measure", {"volts_dc": "1.2", "volts_ac": "0", "gauge": VOLTMETER})
    house.saw("W30", house.refused("needs_another_person", house.staff(visit.technician), f"{path}/confirm", {}))
    house.saw("W30", house.staff(SECOND).post(f"{path}/confirm")["isolation_state"] == "isolated")


def energise(visit: Visit) -> None:
    """When the work is done: the car is live, as a second person confirms."""
    if visit.isolation is None:
        return
    house, path = visit.house, f"{visit.path}/isolations/{visit.isolation['id']}"
    house.staff(visit.technician).post(f"{path}/energise")
    house.saw("W30", house.staff(SECOND).post(f"{path}/confirm-energising")["isolation_state"] == "energised")
    visit.isolation = None
