"""The board and the final check in a browser: how many clicks they take, what axe finds, how wide they are."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.cars import unwashed

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_three_clicks_dispatch_an_order(sit: Sit, car: Car, dealership: Dealership, language: str) -> None:
    """The card, another bay than the one proposed, and the button; the board shows it in its new lane."""
    order = car("approved")
    page = sit("foreman", language=language, viewport={"width": 820, "height": 1180})
    page.goto(f"/d/{DEALER}/board")
    page.locator(f"li[id='{order['id']}']").click()
    page.locator(".tile", has_text="B3").click()
    page.locator("#dispatch .send button").click()
    expect(page.locator(f"#lane-dispatched li[id='{order['id']}']")).to_contain_text("B3")
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["bay"] == "B3"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_three_clicks_check_a_car(sit: Sit, car: Car, dealership: Dealership, language: str) -> None:
    """Out of the queue, passed, ready; each of the buttons has room for a glove."""
    order = unwashed(dealership, car("worked on"))
    page = sit("inspector", language=language, viewport={"width": 820, "height": 1180})
    page.locator(f"a[href$='{order['id']}']").click()
    for form in ("#pass", "#ready"):
        box = page.locator(f"{form} button").bounding_box()
        assert box is not None
        assert box["height"] >= 72
        page.locator(f"{form} button").click()
    page.wait_for_url(f"**/d/{DEALER}/check**")
    expect(page.locator(f"a[href$='{order['id']}']")).to_have_count(0)
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["status"] == "ready"


def test_the_board_follows_and_keeps_the_place_of_the_keyboard(sit: Sit, car: Car, dealership: Dealership) -> None:
    """J walks through the cards; when others change the floor, the focus stays on the card it was on."""
    order = car("approved")
    page = sit("foreman")
    page.goto(f"/d/{DEALER}/board")
    page.locator(f"li[id='{order['id']}'] a").focus()
    path = f"/work-orders/{order['id']}"
    given = {"technician": f"{DEALER}.technician", "bay": "B4"}
    dealership.foreman.post(f"{path}/dispatch", given, of=dealership.foreman.get(path))
    expect(page.locator(f"#lane-dispatched li[id='{order['id']}']")).to_be_visible()
    expect(page.locator(f"li[id='{order['id']}'] a")).to_be_focused()
