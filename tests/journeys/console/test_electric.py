"""A high-voltage system is isolated and switched on again on a tablet beside the car, without script, by two people."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-electric"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"
PAPER = {"skill": "HIGH_VOLTAGE", "issued_on": "2026-01-01", "expires_on": "2030-01-01"}


def test_two_people_isolate_a_car_step_by_step_and_switch_it_on_again(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W30: what is wrong is said at its field or in a sentence; the order's page shows how the system is."""
    manager = dealership.manager
    settings = manager.get("/workshop-settings")
    kept = {name: settings[name] for name in ("labour_rate", "call_threshold", "payer_rates", "bays")}
    manager.put("/workshop-settings", {**kept, "isolation_wait_minutes": 1}, of=settings)
    for who in ("technician", "foreman"):
        manager.post("/certificates", {"holder": f"{DEALER}.{who}", **PAPER})
    meter = {"code": "V-1", "kind": "gauge", "name": "Multimeter", "units": ["V"], "due_on": "2030-01-01"}
    manager.post("/equipment", meter)
    order = car("dispatched")
    address = f"{HERE}/orders/{order['id']}/isolation"
    technician, foreman = at_desk("technician"), at_desk("foreman", language="zh")
    page = technician.get(address)
    assert ("Live" in page.text, 'name="volts_dc"' in page.source) == (True, False)
    page = technician.send(page, "lock", lock_number="L-7")
    assert ("Locked off, waiting" in page.text, "Lock L-7" in page.text) == (True, True)
    [one] = dealership.foreman.get(f"/work-orders/{order['id']}/isolations")["items"]
    early = technician.send(page, f"measure-{one['id']}", volts_dc="0.4", volts_ac="0", gauge="V-1")
    assert "The voltage is measured from" in early.text
    wrong = technician.send(page, f"measure-{one['id']}", volts_dc="abc", volts_ac="0", gauge="V-1")
    assert (wrong.status, "Volts DC" in wrong.text) == (422, True)
    assert "Isolated" not in technician.get(f"{HERE}/orders/{order['id']}").text
    assert "已上锁" in foreman.get(f"{HERE}/orders/{order['id']}").text
    page = foreman.send(foreman.get(address), f"energise-{one['id']}")
    assert "已送电，待复核" in page.text
    page = technician.send(technician.get(address), f"confirm-energising-{one['id']}")
    assert ("Earlier records" in page.text, "Live" in page.text) == (True, True)


def test_a_battery_is_measured_beside_the_car_and_its_trend_is_on_the_cars_page(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rule W33: a table with its line; what is wrong is said at its field; below the limit is a word, a shape and a colour."""
    order = car("dispatched")
    technician = at_desk("technician")
    page = technician.get(f"{HERE}/orders/{order['id']}/battery")
    told = {"pack_serial": "BP-1", "battery_method": "bms_readout", "tool": "ODIS", "mileage": "61000", "job": "1"}
    page = technician.send(page, "measure", percent="71", **told)
    assert "<svg" not in page.source
    wrong = technician.send(page, "measure", percent="90", **told)
    assert (wrong.status, "More than 3 points better than the 71 % of the last time" in wrong.text) == (422, True)
    page = technician.send(page, "measure", percent="69.5", **told)
    assert ("Below the limit" in page.text, "<polyline points=" in page.source) == (True, True)
    vehicle = order["vehicle"]["vehicle_id"]
    assert "动力电池" in at_desk("advisor", language="zh").get(f"{HERE}/vehicles/{vehicle}").text
    assert "健康度由 71% 至 69.5%" in at_desk("advisor", language="zh").get(f"{HERE}/vehicles/{vehicle}/battery").source
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"][0]["coverage"] == "undetermined"
