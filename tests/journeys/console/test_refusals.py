"""What is wrong with a field is said in a sentence that calls the field as the form does, in both languages, and has no codes."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest

from console.form import Several, Yes
from console.screens import SCREENS
from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.counting import counted
from tests.deployment import Embedded
from tests.journeys.console.house import full_house, legs_of
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
    return full_house(dealership, embedded)


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
        *legs_of(at, booked, delivered),
        "/receipts",
        f"/receipts/{receipt['id']}",
        f"/stock/parts/{part['id']}",
        "/stock/tasks",
        "/purchase-orders",
        f"/purchase-orders/{sent_order(at)}",
        "/stocktakes",
        (stocktake := counted(at)),
        f"{stocktake}/count",
        "/suppliers",
        f"/suppliers/{at.clerk.get('/suppliers')['items'][0]['id']}",
    ):
        yield "manager", HERE + address
    yield "technician", f"{HERE}/my-work/{cars['dispatched']['id']}"


def sent_order(at: Dealership) -> Any:
    """A purchase order that is on its way."""
    [supplier] = [one for one in at.clerk.get("/suppliers")["items"] if one["code"] == "SVW"]
    lines = [{"part_number": "WIPER-24", "quantity": "10"}]
    order = at.clerk.post("/purchase-orders", {"supplier_id": supplier["id"], "lines": lines})
    at.clerk.post(f"/purchase-orders/{order['id']}/approve")
    return at.clerk.post(f"/purchase-orders/{order['id']}/send")["id"]


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
