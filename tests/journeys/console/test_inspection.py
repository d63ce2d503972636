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
    one = {"template_code": "MPI", "name_zh": "全车检测", "name_en": "Multi-point inspection", "items": [item]}
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
