"""The multi-point inspection on the tablet: values are measured, what is red becomes a quoted line (Rule W3)."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from servicelane.welcome import DEALER
from tests.deployment import Embedded
from tests.journeys.console.photos import a_photo, attached
from tests.pages import Browser

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def path(order: dict[str, Any], screen: str) -> str:
    return f"/d/{DEALER}/orders/{order['id']}/{screen}"


@pytest.fixture(scope="module")
def template(embedded: Embedded) -> str:
    """The group's template."""
    item = {
        "item_code": "PAD-F",
        "name_zh": "前制动片",
        "name_en": "Front brake pad",
        "unit": "mm",
        "worse": "lower",
        "amber": "4",
        "red": "2",
        "safety": True,
        "operation_code": "BRK-PAD-F",
    }
    wiper = {**item, "item_code": "WIPER", "name_zh": "雨刮片", "name_en": "Wiper", "safety": False, "operation_code": None}
    one = {"template_code": "MPI", "name_zh": "全车检测", "name_en": "Multi-point inspection", "items": [item, wiper]}
    Client.sign_in(embedded.base_url, ADMIN, PASSWORD).post("/inspection-templates", {"templates": [one]})
    return "MPI"


@pytest.mark.usefixtures("template")
def test_a_red_value_becomes_a_quoted_line_in_one_click(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The technician measures, with a photo of what is red; the advisor proposes."""
    order = car("dispatched")
    page = at_desk("technician").get(path(order, "inspection"))
    assert "propose" not in page.forms
    technician = at_desk("technician")
    refused = technician.send(page, "measure-MPI", values__0__value="1.8")
    assert (refused.status, "PAD-F needs its photo first" in refused.text) == (409, True)
    assert refused.forms["measure-MPI"].fields["values.0.value"] == "1.8"
    page = attached(technician, page, a_photo(), item="PAD-F")
    assert "Front brake pad · 车门.jpg" in page.text
    page = technician.send(page, "measure-MPI", values__0__value="1.8")
    assert "Red" in page.text
    browser = at_desk("advisor")
    page = browser.send(browser.get(path(order, "inspection")), "propose", item_codes=["PAD-F"])
    assert "On the order" in page.text
    line = dealership.advisor.get(f"/work-orders/{order['id']}")["lines"][-1]
    assert (line["operation_code"], line["state"], line["safety"]) == ("BRK-PAD-F", "quoted", True)


@pytest.mark.usefixtures("template")
def test_only_what_can_be_proposed_is_offered_and_what_was_declined_is_again(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rule W3: an item without operation is proposed by hand, and refuses nothing that is ticked beside it."""
    order = car("dispatched")
    technician = at_desk("technician")
    technician.send(technician.get(path(order, "inspection")), "measure-MPI", values__0__value="3", values__1__value="3")
    browser = at_desk("advisor")
    page = browser.get(path(order, "inspection"))
    assert [f'name="item_codes" value="{one}"' in page.source for one in ("PAD-F", "WIPER")] == [True, False]
    assert "no operation: propose it on the order" in page.text
    page = browser.send(page, "propose", item_codes=["PAD-F"])
    assert "propose" not in page.forms
    line = dealership.advisor.get(f"/work-orders/{order['id']}")["lines"][-1]["line_id"]
    shown = dealership.advisor.get(f"/work-orders/{order['id']}/estimate")["document_hash"]
    said = {"means": "typed", "name": order["customer"]["name"], "document_hash": shown}
    decline = {"line_ids": [line], "reason": "next time", "decision": said}
    dealership.advisor.post(f"/work-orders/{order['id']}/decline-lines", decline)
    page = browser.send(browser.get(path(order, "inspection")), "propose", item_codes=["PAD-F"])
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["lines"][-1]["state"] == "quoted"
