"""What is wrong with a field is said in a sentence that calls the field as the form does, in both languages, and has no codes."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest

from console.form import Several, Yes
from console.screens import SCREENS
from deploy.local.installation import PASSWORD
from servicelane.client import Client, awaited
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from tests.cars import brought
from tests.days import spring
from tests.deployment import Embedded
from tests.pages import Browser, Page, Sheet

DEALER = "sh-refusals"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]

HERE = f"/d/{DEALER}"
TOO_MUCH = "x" * 5_000
"""No number, no day, no amount, and too long for every text."""
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
HAN = re.compile("[\u4e00-\u9fff]")

DECLARED = {
    (page.endpoint, action.name, one.name)
    for screen in SCREENS
    for page in screen.pages
    for action in page.actions.values()
    for one in action.fields
    if not isinstance(one, Yes | Several)
}


@pytest.fixture(scope="module")
def cars(dealership: Dealership, embedded: Embedded) -> dict[str, dict[str, Any]]:
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
    dealership.manager.post("/certificates", {"holder": f"{DEALER}.inspector", "skill": "QI", **paper})
    dealership.manager.post("/certificates", {"holder": f"{DEALER}.technician", "skill": "HIGH_VOLTAGE", **paper})
    found["locked"] = brought(dealership, "dispatched")
    dealership.technician.post(f"/work-orders/{found['locked']['id']}/isolations", {"lock_number": "L-1"})
    training = {"trainee": f"{DEALER}.technician", "topic": "制动", "planned_on": "2026-03-02"}
    dealership.manager.post("/trainings", training)
    passed = dealership.manager.post("/trainings", {**training, "skill": "BRAKES"})
    dealership.manager.post(f"/trainings/{passed['id']}/record-result", {"held_on": "2026-01-01", "passed": True})
    offers = dealership.advisor.get(f"/work-orders/{found['worked on']['id']}/delivery-plan")["offers"]
    agreed = {"starts_at": offers[-1]["starts_at"]}
    dealership.advisor.post(f"/work-orders/{found['worked on']['id']}/delivery-appointment", agreed)
    fault = {"job": 1, "operation_group": "BRAKES", "fault": "偶发异响", "until": str(spring(9))}
    dealership.advisor.post(f"{path}/observations", fault)
    return found


def pages(at: Dealership, cars: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Whose page, and its address: so many that every form is on one of them."""
    booked, delivered = cars["booked"], cars["delivered"]
    customer, vehicle = booked["customer"]["customer_id"], booked["vehicle"]["vehicle_id"]
    invoice = at.cashier.get("/invoices", work_order_id=delivered["id"])["items"][0]
    part, receipt = at.clerk.get("/parts")["items"][0], at.clerk.get("/stock/receipts")["items"][0]
    call = awaited(lambda: at.agent.get("/follow-ups", work_order_id=delivered["id"])["items"], "the call to be planned")[0]
    for address in (
        f"/appointments/{booked['id']}",
        f"/booking/{customer}",
        f"/booking/{customer}/{vehicle}",
        "/booking",
        f"/customers/{customer}",
        f"/vehicles/{vehicle}",
        "/lane",
        "/desk-queue",
        "/loaners",
        "/rescues",
        "/equipment",
        "/washes",
        f"/equipment/{cars['tool']['id']}",
        "/certificates",
        "/trainings",
        "/attendance",
        "/attendance/clock-offs",
        "/performance",
        "/quality",
        "/team-checks",
        f"/loaners/lend/{customer}",
        "/orders",
        *(f"/orders/{cars[stage]['id']}" for stage in ("opened", "approved", "dispatched", "worked on", "delivered")),
        f"/orders/{cars['approved']['id']}/lines/{cars['approved']['lines'][0]['line_id']}",
        f"/orders/{cars['approved']['id']}/lines/{cars['approved']['lines'][2]['line_id']}",
        f"/orders/{cars['checked']['id']}/hand-over",
        f"/orders/{cars['checked']['id']}/road-test",
        f"/orders/{cars['approved']['id']}/advice",
        *(f"/orders/{cars[stage]['id']}/delivery-time" for stage in ("opened", "worked on")),
        f"/orders/{cars['delivered']['id']}/observations",
        "/observations",
        f"/orders/{cars['delivered']['id']}/file",
        "/order-files",
        "/health-records",
        f"/orders/{cars['approved']['id']}/promise",
        "/due-reports?whose=all",
        f"/orders/{cars['dispatched']['id']}/isolation",
        f"/orders/{cars['locked']['id']}/isolation",
        f"/orders/{cars['locked']['id']}/battery",
        f"/board/{cars['dispatched']['id']}",
        f"/board/{cars['worked on']['id']}",
        f"/check/{cars['worked on']['id']}",
        "/cashier",
        f"/cashier/orders/{delivered['id']}",
        f"/cashier/orders/{cars['approved']['id']}",
        f"/cashier/appointments/{booked['id']}",
        f"/invoices/{invoice['id']}",
        "/parts/special-orders",
        f"/parts/orders/{cars['dispatched']['id']}",
        f"/parts/orders/{cars['worked on']['id']}/return",
        f"/follow-ups/{call['id']}",
        *legs(at, booked, delivered),
        "/receipts",
        f"/receipts/{receipt['id']}",
        f"/stock/parts/{part['id']}",
        "/stock/tasks",
    ):
        yield "manager", HERE + address
    yield "technician", f"{HERE}/my-work/{cars['dispatched']['id']}"


def legs(at: Dealership, booked: dict[str, Any], delivered: dict[str, Any]) -> Iterator[str]:
    """One that is planned, and one whose sheet is to be signed."""
    known = at.agent.get("/legs")["items"]
    if not known:
        begins_at = at.agent.get("/leg-plan", days=2)["windows"][-1]["begins_at"]
        asked = {"address": "张杨路 500 号", "driver": f"{DEALER}.driver", "direction": "return"}
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


def of_the_action(sheet: Sheet) -> list[str]:
    """The fields of a form that are sent, among those that a person types into."""
    declared = {name for _, do, name in DECLARED if do == sheet.fields.get("do")}
    patterns = [re.escape(name).replace(r"\*", r"\d+") for name in declared]
    sent = [name for name in sheet.typed if any(re.fullmatch(pattern, name) for pattern in patterns)]
    # A share is none before its payer is chosen, damage none before its panel, nor a recommendation before it says what.
    return [name for name in sent if not name.startswith(("split.", "new_damages.", "recommendations."))]


def wrong(page: Page) -> dict[str, str]:
    """What the summary says, by the field to which it leads."""
    told = page.source.partition('class="summary" role="alert" tabindex')[2].partition("</ul>")[0]
    return {where: unescape(re.sub(r"<[^>]+>", "", said)) for where, said in re.findall(r'<a href="#([^"]+)">(.*?)</a>', told)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_field_is_called_as_the_form_calls_it(
    at_desk: Desk, cars: dict[str, dict[str, Any]], dealership: Dealership, language: str
) -> None:
    """Everything that can be typed is typed wrong: nothing is done, and each is told by its label, in words."""
    desks = {who: at_desk(who, language=language) for who in ("manager", "technician")}
    seen: set[tuple[str, str]] = set()
    for who, address in pages(dealership, cars):
        page = desks[who].get(address)
        assert page.status == 200, address
        for sheet in page.forms.values():
            do = sheet.fields.get("do", "")
            seen |= {(do, re.sub(r"\.\d+\.", ".*.", name)) for name in sheet.names}
            names = of_the_action(sheet)
            if not names:
                continue
            answer = desks[who].post(sheet.action, sheet.filled(dict.fromkeys(names, TOO_MUCH)))
            assert answer.status == 422, (address, do)
            said = wrong(answer)
            for name in names:
                place = sheet.typed[name] or f"{sheet.id}-{name}".replace(".", "-")
                assert place in said, (address, do, name, said)
                if sheet.typed[name]:
                    label = re.split("[(（]", page.labels[place])[0].strip()
                    assert label, (do, name)
                    assert said[place].startswith(label), (do, name, said[place], label)
                assert not CODE.search(said[place]), (do, said[place])
                assert language == "en" or HAN.search(said[place]), (do, said[place])
    assert len(seen) > 100
