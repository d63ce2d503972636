"""Further work without a call: what the customer agreed to beforehand, on the order's page (Rule W7)."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.journeys.console.conftest import order_page
from tests.pages import Browser

DEALER = "sh-consent"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def test_further_work_is_approved_under_the_standing_consent(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W7: offered where there is one, with its limit; above it the customer is asked after all."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    at = dealership.advisor
    at.post(f"{path}/lines", {"labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}]}, of=at.get(path))
    terms = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False, "consents_to_other_damage": True}
    at.post(f"{path}/estimates", terms, of=at.get(path))
    decision = {"means": "typed", "name": "王芳", "document_hash": at.get(f"{path}/estimate")["document_hash"]}
    at.post(f"{path}/approve-estimate", {"estimate_version": at.get(path)["estimate_version"], "decision": decision})
    limit = at.get(path)["standing_consent"]["limit"]["amount"]
    browser = at_desk("advisor")
    for price, status in (("1.00", 200), (str(float(limit)), 409)):
        line = {"description": "Bulb", "price": {"amount": price, "currency": "CNY"}, "payer": "customer_pay"}
        at.post(f"{path}/propose-additional-work", {"sublet": [line]}, of=at.get(path))
        page = order_page(browser, order)
        assert "王芳" in page.text
        page = browser.send(page, "under-consent")
        assert page.status == status, page.text
    [*_, entry] = at.get(f"{path}/authorisation-ledger")["items"]
    assert (entry["means"], entry["name"]) == ("standing_consent", "王芳")
