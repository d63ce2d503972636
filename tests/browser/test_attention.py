"""The manager's attention list in a browser: two clicks from what is wrong to what is done about it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.browser.house import hold
from tests.deployment import Embedded

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


@pytest.fixture
def held(suite: Embedded, dealership: Dealership, car: Car) -> dict[str, Any]:
    """An order that waits for parts since the day before yesterday."""
    order = car("dispatched")
    hold(dealership, suite.data, order)
    return order


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_clicks_settle_a_matter(sit: Sit, held: dict[str, Any], dealership: Dealership, language: str) -> None:
    """The row, and the likeliest step there: work that was held too long goes on."""
    page = sit("manager", language=language)
    page.wait_for_url(f"**/d/{DEALER}/attention")
    page.locator("tbody tr", has_text=held["number"]).locator("td").first.click()
    page.wait_for_url(f"**/orders/{held['id']}")
    page.locator("#resume button").click()
    expect(page.locator(".done")).to_be_visible()
    assert dealership.advisor.get(f"/work-orders/{held['id']}")["status"] == "dispatched"


def test_by_the_keyboard_alone(sit: Sit, held: dict[str, Any]) -> None:
    """J to the first matter, and Enter."""
    page = sit("manager")
    expect(page.locator("tbody tr", has_text=held["number"])).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*-*")
