"""A dealer at whose house something stands on every screen, so that every form is on one of the pages."""

from collections.abc import Iterator
from typing import Any

from deploy.local.installation import PASSWORD
from servicelane.client import Client, awaited
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from tests.cars import brought
from tests.days import spring
from tests.deployment import Embedded


def full_house(dealership: Dealership, embedded: Embedded) -> dict[str, dict[str, Any]]:
    """Cars at every stage of a visit."""
    squeal = {"operation_code": "SQUEAL", "name_zh": "制动异响检查", "name_en": "Brake noise", "hours": "0.50"}
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    admin.post("/operations", {"operations": [{**squeal, "operation_group": "BRAKES"}]})
    stages = ("booked", "received", "opened", "approved", "dispatched", "worked on", "checked", "delivered")
    found = {stage: brought(dealership, stage) for stage in stages}
    path = f"/work-orders/{found['delivered']['id']}"
    awaited(lambda: dealership.cashier.get(f"{path}/account")["revision"] == 1 or None, "the account to be billed")
    dealership.manager.post("/lane/alerts", {})
    dealership.agent.post("/calls", {"customer_name": "王芳", "phone": "13900001234", "about": "轮胎"})
    dealership.agent.post("/enquiries", {"customer_name": "王芳", "phone": "13900001234", "question": "多久能好？"})
    car = {"customer_id": found["booked"]["customer"]["customer_id"], "vehicle_id": found["booked"]["vehicle"]["vehicle_id"]}
    short = {"channel": "phone", "service_type": "repair", "parts": [{"part_number": "DISC-F-77", "quantity": "9000"}]}
    dealership.agent.post("/appointments", {**car, **short, "starts_at": f"{spring(10)}T02:00:00+00:00"})
    awaited(lambda: dealership.clerk.get("/special-orders")["items"], "the parts to be on special order")
    dealership.manager.post("/loaners", {"plate": "沪L·00001", "make": "BYD", "model": "Qin", "mileage": 10})
    for kind, more in (("gauge", {"units": ["mm"], "due_on": "2020-01-01"}), ("tool", {})):
        found[kind] = dealership.manager.post("/equipment", {"code": kind, "kind": kind, "name": "T 7", **more})
    yard = f"/work-orders/{found['worked on']['id']}/wash"
    dealership.advisor.post(f"{yard}/time", {"wash_timing": "before_check"})
    dealership.washer.post(f"{yard}/begin")
    paper = {"issued_on": "2026-01-01", "expires_on": "2099-01-01"}
    dealership.manager.post("/certificates", {"holder": f"{dealership.dealer}.inspector", "skill": "QI", **paper})
    dealership.manager.post("/certificates", {"holder": f"{dealership.dealer}.technician", "skill": "HIGH_VOLTAGE", **paper})
    found["locked"] = brought(dealership, "dispatched")
    dealership.technician.post(f"/work-orders/{found['locked']['id']}/isolations", {"lock_number": "L-1"})
    training = {"trainee": f"{dealership.dealer}.technician", "topic": "制动", "planned_on": "2026-03-02"}
    dealership.manager.post("/trainings", training)
    passed = dealership.manager.post("/trainings", {**training, "skill": "BRAKES"})
    dealership.manager.post(f"/trainings/{passed['id']}/record-result", {"held_on": "2026-01-01", "passed": True})
    offers = dealership.advisor.get(f"/work-orders/{found['worked on']['id']}/delivery-plan")["offers"]
    agreed = {"starts_at": offers[-1]["starts_at"]}
    dealership.advisor.post(f"/work-orders/{found['worked on']['id']}/delivery-appointment", agreed)
    fault = {"job": 1, "operation_group": "BRAKES", "fault": "偶发异响", "until": str(spring(9))}
    dealership.advisor.post(f"{path}/observations", fault)
    return found


def legs_of(at: Dealership, booked: dict[str, Any], delivered: dict[str, Any]) -> Iterator[str]:
    """One that is planned, and one whose sheet is to be signed."""
    known = at.agent.get("/legs")["items"]
    if not known:
        begins_at = at.agent.get("/leg-plan", days=2)["windows"][-1]["begins_at"]
        asked = {"address": "张杨路 500 号", "driver": f"{at.dealer}.driver", "direction": "return"}
        at.agent.post("/legs", {**asked, "work_order_id": delivered["id"], "begins_at": begins_at})
        windows = at.agent.get("/leg-plan", days=14)["windows"]
        later = next(one["begins_at"] for one in windows if one["free"] and one["begins_at"] > booked["starts_at"])
        at.agent.post("/legs", {**asked, "appointment_id": booked["id"], "begins_at": later})
        known = at.agent.get("/legs")["items"]
        [back] = [one["id"] for one in known if one["work_order_id"] == delivered["id"]]
        at.manager.post(f"/legs/{back}/start")
        at.manager.post(f"/legs/{back}/sheet", {"keys": 1})
    yield f"/legs/of/appointments/{booked['id']}"
    yield from (f"/legs/{one['id']}" for one in known)
