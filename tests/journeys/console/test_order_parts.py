"""Parts of orders on the screens: what an order lacks is ordered for it alone, comes, and its customer is called (Rule P5)."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.pages import Browser, Page

DEALER = "sh-order-parts"
HERE = f"/d/{DEALER}"
LIST = f"{HERE}/parts/order-parts"

Desk = Callable[..., Browser]
TEXTS = {"en": ("for a customer", "here since"), "zh": ("客户订件", "到货")}


@pytest.mark.parametrize("language", TEXTS)
def test_what_an_order_lacks_is_ordered_for_it_and_its_customer_is_called(
    at_desk: Desk, dealership: Dealership, car: Callable[[str], dict[str, Any]], language: str
) -> None:
    """The page lists it, says when it comes, drafts the order; what came stands on the other list, and care has a call."""
    for_customer, here_word = TEXTS[language]
    order = car("dispatched")
    gone = {"part_number": "PAD-F-77", "quantity": dealership.stock("PAD-F-77")["in_bin"], "reason": "盘点"}
    dealership.clerk.post("/stock/corrections", {**gone, "from_location": "bin", "to_location": "discrepancy"})
    asked = {"work_order_id": order["id"]}
    [part] = awaited(lambda: dealership.clerk.get("/order-parts", **asked)["items"], "the part to be awaited")
    clerk = at_desk("clerk", language=language)
    page = clerk.get(LIST)
    assert order["number"] in _row(page, part)
    page = clerk.send(page, f"expect-{part['id']}", expected_on="2026-01-01")
    assert page.status == 422
    page = clerk.get(LIST)
    supplier = dealership.clerk.get("/suppliers", approved="true")["items"][0]["id"]
    page = clerk.send(page, f"order-{part['id']}", supplier_id=supplier, quantity="40", unit_price="28.00")
    assert (page.path.startswith(f"{HERE}/purchase-orders/"), for_customer in page.text) == (True, True)
    ordered = page.path.rpartition("/")[2]
    dealership.manager.post(f"/purchase-orders/{ordered}/approve")
    dealership.clerk.post(f"/purchase-orders/{ordered}/send")
    assert page.path in clerk.get(LIST).links
    lines = [{"line_number": 1, "accepted": "40"}]
    dealership.clerk.post(f"/purchase-orders/{ordered}/receipts", {"reference": f"DN-{language}", "lines": lines})
    page = clerk.get(f"{LIST}?show=here")
    assert here_word in _row(page, part)
    called = {"kind": "call_back", "state": "open", "customer_id": part["customer_id"]}
    [call] = awaited(lambda: dealership.agent.get("/calls", **called)["items"], "care to have a call")
    assert order["number"] in call["about"]
    assert "PAD-F-77" in call["about"]
    assert call["about"] in at_desk("agent", language=language).get(f"{HERE}/desk-queue").text
    reader = at_desk("advisor", language=language).get(f"{LIST}?show=here")
    assert (reader.status, [name for name in reader.forms if name.startswith("order-")]) == (200, [])


def _row(page: Page, part: dict[str, Any]) -> str:
    """What the page says of this part alone."""
    return page.source.partition(f'id="part-{part["id"]}"')[2].partition("</tr>")[0]
