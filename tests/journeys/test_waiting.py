"""An order waits for a part, and hears that it has come: parts and workshop over the bus (Rule P3)."""

from typing import Any

import pytest

from servicelane.client import awaited
from servicelane.dealership import Dealership
from servicelane.visit import Visit
from tests.deployment import Deployment, Embedded
from tests.journeys.test_visit import VIN, opened

CNY = {"amount": "30.00", "currency": "CNY"}


@pytest.fixture(params=["embedded", "deployment"])
def at(request: pytest.FixtureRequest) -> Dealership:
    """A dealership on a running suite: embedded, then on real servers."""
    running: Embedded | Deployment = request.getfixturevalue(request.param)
    return opened(running.base_url, "hz-binjiang")


def test_an_order_on_hold_hears_that_its_parts_have_come(at: Dealership) -> None:
    """The pads are gone when the customer approves; the list of short parts names car and promised time until some arrive."""
    there = at.stock("PAD-F-77")["in_bin"]
    scrapped = {"part_number": "PAD-F-77", "quantity": there, "from_location": "bin", "to_location": "scrap", "reason": "rust"}
    at.clerk.post("/stock/corrections", scrapped)
    visit = Visit(at, vin=VIN, plate="浙A·00001")
    for done in visit.steps():
        if done == "dispatched":
            break
    visit._do(at.foreman, "hold", {"reason": "parts"})

    def told(**query: Any) -> Any:
        items = at.advisor.get("/waiting-orders", **query)["items"]
        return next((one for one in items if one["work_order_id"] == visit.order["id"]), None)

    missing = awaited(lambda: (told() or {}).get("short"), "the workshop to hear that pads are short")
    assert [(one["part_number"], one["quantity"]) for one in missing] == [("PAD-F-77", "1.000")]
    (short,) = at.clerk.get("/short-parts", part_number="PAD-F-77")["items"]
    assert (short["order_number"], short["plate"]) == (visit.order["number"], visit.order["vehicle"]["plate"])
    lines = [{"part_number": "PAD-F-77", "quantity": "1", "unit_cost": CNY}]
    at.clerk.post("/stock/receipts", {"reference": f"DN-{visit.order['id']}", "supplier": "SAIC", "lines": lines})
    here = awaited(lambda: told(parts_here="true"), "the workshop to hear that the pads have come")
    assert (here["plate"], here["short"]) == (visit.order["vehicle"]["plate"], [])
    assert at.advisor.get(visit.path)["status"] == "on_hold"
