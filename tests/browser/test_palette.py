"""The palette in a browser: what is called so is found, and Enter opens what was meant."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from servicelane.welcome import DEALER
from tests.browser.test_console import address

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


def test_a_car_is_found_by_a_piece_of_its_plate(sit: Sit, car: Car) -> None:
    """In the palette; Enter opens its order."""
    order = car("opened")
    page = sit("technician")
    page.keyboard.press("Control+k")
    page.keyboard.type(order["vehicle"]["plate"])
    expect(page.locator(".palette .hit").first).to_contain_text(order["number"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(order)}")


def test_an_enter_that_is_quicker_than_the_answer_opens_what_was_meant(sit: Sit, car: Car) -> None:
    """A scanner types and presses Enter at once: neither an older answer nor nothing is opened."""
    first, second = car("opened"), car("opened")
    page = sit("advisor")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(first["number"])
    expect(page.locator(".palette .hit").first).to_contain_text(first["number"])
    page.locator(".palette input").fill(second["number"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address(second)}")


def test_the_arrows_lead_to_what_is_not_first(sit: Sit, car: Car) -> None:
    """A car's file stands behind its visits; how much was found is said, and that nothing was."""
    order = car("opened")
    page = sit("advisor")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(order["vehicle"]["vin"])
    expect(page.locator(".palette .found")).to_contain_text("found")
    vehicle = page.locator(".palette .hit", has_text="Vehicle")
    page.keyboard.press("End")
    expect(vehicle).to_have_attribute("aria-selected", "true")
    expect(page.locator(".palette input")).to_have_attribute("aria-activedescendant", str(vehicle.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/vehicles/{order['vehicle']['vehicle_id']}$"))
    page.keyboard.press("Control+k")
    page.locator(".palette input").fill("nobody is called so")
    expect(page.locator(".palette .found")).to_have_text("Nothing is called so.")
    expect(page.locator(".palette .hit")).to_have_count(0)


def test_the_searchs_own_page_shows_what_was_found(sit: Sit, car: Car) -> None:
    """With a script as without one, and nothing of it in the address."""
    order = car("opened")
    page = sit("manager")
    page.goto(f"/d/{DEALER}/search")
    page.locator("#finding-q").fill(order["number"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=order["number"])).to_be_visible()
    expect(page.locator("#finding-q")).to_have_value(order["number"])
    assert order["number"] not in page.url
