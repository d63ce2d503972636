"""What is done first on a screen, so that it shows a state of its own: a search, a refusal, a conflict."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership


def searched(number: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.locator("#finding-q").fill(number)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=number).first).to_be_visible()

    return do


def palette(plate: str) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.insert_text(plate)
        expect(page.locator(".palette .hit").first).to_be_visible()

    return do


def refused(page: Page) -> None:
    page.locator("details:has(#lines) > summary").first.click()
    page.locator("#lines [name='parts.0.part_number']").fill("OIL-5W30")
    page.locator("#lines [name='parts.0.quantity']").fill("plenty")
    page.locator("#lines .send button").click()
    expect(page.locator("#lines .summary")).to_be_focused()


def overtaken(at: Dealership, order: dict[str, Any]) -> Callable[[Page], None]:
    path = f"/work-orders/{order['id']}"

    def do(page: Page) -> None:
        page.locator("details:has(#job-1) > summary").first.click()
        page.locator("#job-1 [name=cause]").fill("worn pads")
        found = {"job": 1, "complaint": f"It squeals since {datetime.now():%H:%M:%S}"}
        at.advisor.post(f"{path}/jobs", found, of=at.advisor.get(path))
        page.locator("#job-1 .send button").click()
        expect(page.locator("#job-1 .summary")).to_be_focused()

    return do


def found_callers(booked: dict[str, Any]) -> Callable[[Page], None]:
    def do(page: Page) -> None:
        page.locator("#find-q").fill(booked["vehicle"]["plate"])
        page.locator("#find button").click()
        expect(page.locator("#about-found")).to_be_focused()

    return do


def wrong_password(page: Page) -> None:
    page.locator("#login").fill("nobody.of-this-name")
    page.locator("#password").fill("a guess")
    page.locator("button.primary").click()
    expect(page.locator(".summary")).to_be_focused()


def washing(page: Page) -> None:
    """Begun by whoever comes first: it is then to be parked."""
    begin = page.locator("form[id^=begin-] button")
    if begin.count():
        begin.first.click()
    expect(page.locator("[name=parking_place]").first).to_be_visible()
