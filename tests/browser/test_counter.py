"""Cashier and parts desk in a real browser: clicks, the scanner, the keyboard, paper, axe, and the width of a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.client import awaited
from servicelane.dealership import Dealership
from servicelane.welcome import DEALER

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


def account(order: dict[str, Any], more: str = "") -> str:
    return f"/d/{DEALER}/cashier/orders/{order['id']}{more}"


def counter(order: dict[str, Any], more: str = "") -> str:
    return f"/d/{DEALER}/parts/orders/{order['id']}{more}"


@pytest.fixture
def billed(car: Car, dealership: Dealership) -> Callable[[], dict[str, Any]]:
    """A car that was handed over, its invoices issued, and the warranty's share authorised."""

    def brought() -> dict[str, Any]:
        order = car("delivered")
        path = f"/work-orders/{order['id']}"
        awaited(lambda: dealership.cashier.get(f"{path}/account")["revision"] == 1 or None, "the account to be billed")
        claim = {"payer": "warranty", "reference": "VW-0815", "authorised_by": "VW warranty desk"}
        dealership.manager.post(f"{path}/authorisations", claim)
        return order

    return brought


@pytest.fixture
def waiting(car: Car, dealership: Dealership) -> Callable[[], dict[str, Any]]:
    """An order whose parts lie in the bin, approved."""

    def brought() -> dict[str, Any]:
        order = car("dispatched")
        path = f"/work-orders/{order['id']}/reservation"

        def there() -> Any:
            lines = dealership.clerk.get(path)["lines"]
            return (len(lines) >= 3 and all(one["approved"] and one["short"] == "0.000" for one in lines)) or None

        awaited(there, "the parts to be reserved")
        return order

    return brought


def scan(page: Page, code: str) -> None:
    """What a keyboard wedge does."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


@pytest.mark.short
@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_the_queue_through_the_gate_in_four_clicks(sit: Sit, billed: Any, dealership: Dealership, language: str) -> None:
    """Row, payment, gate pass, exit: the design allows five."""
    order = billed()
    page = sit("cashier", language=language)
    page.locator("#queue tbody tr", has_text=order["number"]).locator("td").nth(2).click()
    page.wait_for_url(f"**{account(order)}")
    page.locator("[name=provider_reference]").first.fill(f"WX-{order['id']}")
    page.locator("#pay-customer_pay .send button").click()
    page.locator("#pass button").click()
    page.locator("#use button").click()
    expect(page.locator("#use")).to_have_count(0)
    expect(page.locator(".done")).to_be_visible()
    assert dealership.cashier.get(f"/work-orders/{order['id']}/account")["left_at"]


@pytest.mark.short
def test_three_clicks_and_scans_issue_what_an_order_wants(sit: Sit, waiting: Any, dealership: Dealership) -> None:
    """Two clicks and a scan for each piece; the focus is where the scanner types, whatever was clicked before."""
    order = waiting()
    page = sit("clerk")
    page.locator("#list tbody tr", has_text=order["number"]).locator("td").nth(1).click()
    page.wait_for_url(f"**{counter(order)}")
    expect(page.locator("#scan")).to_be_focused()
    scan(page, "flt oil 1")  # however the label writes it
    page.locator("h1").click()
    scan(page, "PAD-F-77")
    for _ in range(5):
        page.wait_for_timeout(600)
        scan(page, "OIL-5W30")
    page.locator("#issue [name='signature.name']").fill("李强")
    page.locator("#issue .send button").click()
    page.wait_for_url(f"**/d/{DEALER}/parts*")
    lines = dealership.clerk.get(f"/work-orders/{order['id']}/reservation")["lines"]
    assert {one["part_number"]: one["issued"] for one in lines} == {
        "OIL-5W30": "4.500",
        "FLT-OIL-1": "1.000",
        "PAD-F-77": "1.000",
    }


def test_a_list_that_others_changed_is_scanned_on(sit: Sit, waiting: Any, dealership: Dealership) -> None:
    """The page is brought up to date, and whoever scans notices nothing of it."""
    order = waiting()
    page = sit("clerk")
    page.goto(counter(order))
    expect(page.locator("#scan")).to_be_focused()
    path = f"/work-orders/{order['id']}"
    dealership.foreman.post(f"{path}/hold", {"reason": "sublet"}, of=dealership.foreman.get(path))
    expect(page.locator("header.head")).to_contain_text("On hold")
    scan(page, "FLT-OIL-1")
    expect(page.locator("tr[data-codes^=FLT] input:not([type=hidden])")).to_have_value("1")


def test_a_label_that_is_read_twice_counts_once(sit: Sit, waiting: Any) -> None:
    """Within the blanking period; what is not on the list, or more than there is, is said and counts nothing."""
    order = waiting()
    page = sit("clerk")
    page.goto(counter(order))
    oil = page.locator("tr[data-codes^=OIL] input:not([type=hidden])")
    filters = page.locator("tr[data-codes^=FLT] input:not([type=hidden])")
    scan(page, "OIL-5W30")
    scan(page, "OIL-5W30")
    expect(oil).to_have_value("1")
    expect(page.locator("[data-scan] output")).to_contain_text("Read twice")
    scan(page, "WRONG-99")
    expect(page.locator("[data-scan] output")).to_contain_text("Not on this list: WRONG-99")
    scan(page, "FLT-OIL-1")
    scan(page, "OIL-5W30")
    scan(page, "FLT-OIL-1")
    expect(page.locator("[data-scan] output")).to_contain_text("More than there is")
    expect(filters).to_have_value("1")
    expect(oil).to_have_value("2")


def test_a_scan_into_another_field_is_a_scan_all_the_same(sit: Sit, waiting: Any) -> None:
    """The scanner types where the focus is: the field has its text again, nothing is sent, the scan counts."""
    order = waiting()
    page = sit("clerk")
    page.goto(counter(order))
    signature = page.locator("#issue [name='signature.name']")
    signature.fill("李强")
    signature.focus()
    scan(page, "PAD-F-77")
    expect(signature).to_have_value("李强")
    expect(page.locator("tr[data-codes^=PAD] input:not([type=hidden])")).to_have_value("1")
    expect(page.locator("#scan")).to_be_focused()
    assert page.url.endswith(counter(order))


def test_the_cashier_needs_no_mouse(sit: Sit, billed: Any, dealership: Dealership) -> None:
    """J and Enter open the first of the queue, Ctrl-K finds the payment, Enter takes it."""
    order = billed()
    page = sit("cashier")
    row = page.locator("#queue tbody tr").all_text_contents()
    at = next(number for number, text in enumerate(row) if order["number"] in text)
    for _ in range(at + 1):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{account(order)}")
    page.keyboard.press("Control+k")
    page.keyboard.type("take the pay")
    page.keyboard.press("Enter")
    page.locator("#pay-customer_pay [name=amount]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-customer_pay .summary")).to_be_focused()
    expect(page.locator("#pay-customer_pay [name=amount]")).to_have_value("many")
    assert dealership.cashier.get(f"/work-orders/{order['id']}/account")["shares"][0]["paid"]["amount"] == "0.00"
