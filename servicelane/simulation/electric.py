"""Electric cars: isolated by two people before the work, live again after it; the battery is measured (W30, W33)."""

from datetime import timedelta

from contracts.workshop.battery import MAY_RISE
from servicelane.simulation.agenda import Story
from servicelane.simulation.equipment import VOLTMETER
from servicelane.simulation.house import TECHNICIANS, Found, House
from servicelane.simulation.visit import Visit

OPERATION = {"operation_code": "EV-BAT", "name_zh": "动力电池检修", "name_en": "Traction battery", "hours": "1.00"}
WORK: Found = {"labour": [{"operation_code": "EV-BAT", "payer": "customer_pay"}]}
SKILL = "HIGH_VOLTAGE"
HEALTH = (("93.5", 2), ("68", 1))
"""In percent: one in three is below the limit."""
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
    _measure_battery(visit)


def _measure_battery(visit: Visit) -> None:
    """What the pack still has; too little is a question of coverage, much more than the last time needs a reason."""
    house, percent = visit.house, visit.house.draw("battery", HEALTH)
    technician, path = house.staff(visit.technician), f"{visit.path}/battery-measurements"
    told: Found = {
        "pack_serial": f"BP-{visit.car.vin[-6:]}",
        "battery_method": "bms_readout",
        "tool": "ODIS",
        "mileage": visit.car.mileage,
        "percent": percent,
    }
    if float(percent) > visit.car.battery + MAY_RISE:
        house.saw("W33", house.refused("invalid", technician, path, told))
        told["reason"] = "Balanced in the workshop"
    measured = technician.post(path, told)
    visit.car.battery = float(percent)
    house.saw("W33", (measured["coverage_job"] is None) == (percent != "68"))
    shown = house.advisor.get(f"/vehicles/{visit.order['vehicle']['vehicle_id']}/battery")
    house.saw("W33", shown["packs"])
