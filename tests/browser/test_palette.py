"""The palette in a browser: what is called so is found, and Enter opens what was meant."""

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


def test_what_no_screen_shows_is_told_and_leads_nowhere(sit: Sit, car: Car) -> None:
    """By the arrows one comes to it; Enter stays; how much was found is said."""
    order = car("opened")
    page = sit("advisor")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(order["vehicle"]["vin"])
    expect(page.locator(".palette .found")).to_contain_text("found")
    vehicle = page.locator(".palette .hit", has_text="Vehicle")
    expect(vehicle).to_be_visible()
    page.keyboard.press("End")
    for _ in range(20):
        if vehicle.get_attribute("aria-selected"):
            break
        page.keyboard.press("ArrowUp")
    expect(vehicle).to_have_attribute("aria-selected", "true")
    expect(page.locator(".palette input")).to_have_attribute("aria-activedescendant", str(vehicle.get_attribute("id")))
    here = page.url
    page.keyboard.press("Enter")
    expect(page.locator(".palette")).to_be_visible()
    assert page.url == here
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
