"""An order waits for a part, and hears that it has come: parts and workshop over the bus (Rule P3)."""

from typing import Any

import pytest

from servicelane.client import awaited
from servicelane.dealership import Dealership
from servicelane.visit import Visit
from tests.deployment import Deployment, Embedded
from tests.journeys.test_visit import VIN, opened

CNY = {"amount": "30.00", "currency": "CNY"}
PADS = {
    "name_zh": "前制动片",
    "name_en": "Front brake pads",
    "unit": "set",
    "list_price": {"amount": "420.00", "currency": "CNY"},
}


@pytest.fixture(params=["embedded", "deployment"])
def base_url(request: pytest.FixtureRequest) -> str:
    """Where a running suite answers: embedded, then on real servers."""
    running: Embedded | Deployment = request.getfixturevalue(request.param)
    return running.base_url


def an_order_without_pads(base_url: str, dealer: str) -> tuple[Dealership, Visit]:
    """The pads are gone when the customer approves."""
    at = opened(base_url, dealer)
    there = at.stock("PAD-F-77")["in_bin"]
    scrapped = {"part_number": "PAD-F-77", "quantity": there, "from_location": "bin", "to_location": "scrap", "reason": "rust"}
    at.clerk.post("/stock/corrections", scrapped)
    visit = Visit(at, vin=VIN, plate="浙B·00001")
    for done in visit.steps():
        if done == "dispatched":
            break
    visit._do(at.foreman, "hold", {"reason": "parts"})
    return at, visit


def received(at: Dealership, visit: Visit, number: str) -> None:
    """One piece comes from the supplier."""
    lines = [{"part_number": number, "quantity": "1", "unit_cost": CNY}]
    at.clerk.post("/stock/receipts", {"reference": f"DN-{visit.order['id']}", "supplier": "SAIC", "lines": lines})


def test_an_order_on_hold_hears_that_its_parts_have_come(base_url: str) -> None:
    """The list of short parts names car and order until some arrive; the order stays on hold until somebody resumes it."""
    at, visit = an_order_without_pads(base_url, "nb-yinzhou")

    def told() -> Any:
        items = at.advisor.get("/work-orders", status="on_hold")["items"]
        return next(one for one in items if one["id"] == visit.order["id"])

    missing = awaited(lambda: told()["short"], "the workshop to hear that pads are short")
    assert [(one["part_number"], one["quantity"]) for one in missing] == [("PAD-F-77", "1.000")]
    (short,) = at.clerk.get("/short-parts", part_number="PAD-F-77")["items"]
    assert (short["order_number"], short["plate"]) == (visit.order["number"], visit.order["vehicle"]["plate"])
    received(at, visit, "PAD-F-77")
    here = awaited(lambda: told()["parts_here"] and told(), "the workshop to hear that the pads have come")
    assert (here["plate"], here["short"]) == (visit.order["vehicle"]["plate"], [])
    assert at.advisor.get(visit.path)["status"] == "on_hold"


def test_an_order_that_waits_follows_a_supersession(base_url: str) -> None:
    """Rule P1: parts hears of its own price list, and sets the successor aside."""
    at, visit = an_order_without_pads(base_url, "nb-haishu")
    at.clerk.post("/parts", {**PADS, "part_number": "PAD-F-78"})
    received(at, visit, "PAD-F-78")
    old = at.stock("PAD-F-77")
    at.clerk.put(f"/parts/{old['id']}", {**PADS, "successor": "PAD-F-78"}, of=old)

    def pads() -> Any:
        lines = at.clerk.get(f"{visit.path}/reservation")["lines"]
        return next((one for one in lines if one["part_number"] == "PAD-F-78"), None)

    line = awaited(pads, "the reservation to follow")
    assert (line["asked_for"], line["reserved"], line["short"]) == ("PAD-F-77", "1.000", "0.000")
