"""What only a browser shows: the keyboard, the double click, the broken line, the way back, the ended session."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.local.installation import PASSWORD
from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.browser.hands import sign

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


def address(order: dict[str, Any], more: str = "") -> str:
    return f"/d/{DEALER}/orders/{order['id']}{more}"


@pytest.mark.short
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_advisors_part_of_a_visit(sit: Sit, car: Car, dealership: Dealership, language: str) -> None:
    """Lane, lines, estimate, approval; then the hand-over. With no more clicks than the design allows: 8, typing free."""
    words = {"en": ("Open the order", "Issue the estimate"), "zh": ("开立任务委托书", "出具估价单")}[language]
    appointment = car("received")
    page = sit("advisor", language=language)
    clicks = 0
    card = page.locator("li.card", has=page.locator(f"#open-{appointment['id']}"))
    card.locator("summary").click()
    card.locator("[name=mileage]").fill("32110")
    card.get_by_role("button", name=words[0]).click()
    clicks += 2
    page.wait_for_url("**/orders/*-*")
    lines = page.locator("#lines")
    page.locator("details:has(#lines) > summary").first.click()
    lines.locator("[name='labour.0.operation_code']").fill("MNT-OIL")
    lines.locator("[name='parts.0.part_number']").fill("OIL-5W30")
    lines.locator("[name='parts.0.quantity']").fill("4.5")
    lines.locator(".send button").click()
    clicks += 2
    page.locator("#estimate .send button").click()
    clicks += 1
    sign(page, "#approve")
    page.locator("#approve .send button").click()
    clicks += 1
    expect(page.locator(".tag.ok").first).to_be_visible()
    order = dealership.advisor.get("/work-orders/" + page.url.rpartition("/")[2].partition("?")[0])
    assert {line["state"] for line in order["lines"]} == {"approved"}
    assert words[1] not in page.locator(".first").all_text_contents()
    assert clicks <= 6, "two more are left for the hand-over"


@pytest.mark.short
def test_a_double_click_has_one_effect(sit: Sit, car: Car, dealership: Dealership) -> None:
    """The button is busy from the first click on."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#lines) > summary").first.click()
    page.locator("#lines [name='parts.0.part_number']").fill("FLT-OIL-1")
    page.locator("#lines [name='parts.0.quantity']").fill("1")
    page.locator("#lines .send button").dblclick()
    page.wait_for_load_state("networkidle")
    after = dealership.advisor.get(f"/work-orders/{order['id']}")
    assert len(after["lines"]) == len(order["lines"]) + 1


@pytest.mark.short
def test_a_broken_line_loses_no_typing(sit: Sit, car: Car, dealership: Dealership) -> None:
    """It is said, the typing stays, and sent again it has its effect once."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#job-1) > summary").first.click()
    page.locator("#job-1 [name=cause]").fill("worn pads")
    page.context.set_offline(True)
    page.locator("#job-1 .send button").click()
    expect(page.locator(".lost")).to_be_visible()
    expect(page.locator("#job-1 [name=cause]")).to_have_value("worn pads")
    page.context.set_offline(False)
    page.locator("#job-1 .send button").click()
    page.wait_for_url("**/orders/*")
    expect(page.locator(".done")).to_be_visible()
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"][0]["cause"] == "worn pads"


def test_a_refusal_has_the_focus_and_leads_to_its_field(sit: Sit, car: Car) -> None:
    """By the keyboard alone."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#lines) > summary").first.click()
    page.locator("#lines [name='parts.0.part_number']").fill("OIL-5W30")
    page.locator("#lines [name='parts.0.quantity']").fill("plenty")
    page.keyboard.press("Enter")
    expect(page.locator("#lines .summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#lines [name='parts.0.quantity']")).to_be_focused()
    expect(page.locator("#lines [name='parts.0.quantity']")).to_have_value("plenty")


def test_everything_is_reached_by_the_keyboard(sit: Sit, car: Car, dealership: Dealership) -> None:
    """J and Enter open an order; Ctrl-K finds an action by a few letters and leads into its form; Enter sends it."""
    car("opened")
    page = sit("advisor")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*-*")
    page.keyboard.press("Control+k")
    expect(page.locator(".palette")).to_be_visible()
    page.keyboard.type("void")
    page.keyboard.press("Enter")
    expect(page.locator("#void [name=reason]")).to_be_focused()
    page.keyboard.type("wrong car")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_visible()
    order = page.url.rpartition("/")[2].partition("?")[0]
    assert dealership.advisor.get(f"/work-orders/{order}")["status"] == "void"


def test_going_back_finds_what_was_typed(sit: Sit, car: Car) -> None:
    """A wrong click is no loss."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#void) > summary").first.click()
    page.locator("#void [name=reason]").fill("typed before the wrong click")
    page.locator(".tabs summary").first.click()
    page.locator(".tabs a[href$='/orders']").click()
    page.wait_for_url(f"**/d/{DEALER}/orders")
    page.go_back()
    expect(page.locator("#void [name=reason]")).to_have_value("typed before the wrong click")


def test_a_session_that_ends_in_the_middle_of_a_form_takes_nothing_along(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Sign in where one is, look, send."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#job-1) > summary").first.click()
    page.locator("#job-1 [name=cause]").fill("worn pads")
    page.context.clear_cookies(name="lane")
    page.locator("#job-1 .send button").click()
    page.get_by_label("Login").fill(f"{DEALER}.advisor")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page.locator("#job-1 .summary")).to_be_focused()
    expect(page.locator("#job-1 [name=cause]")).to_have_value("worn pads")
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"][0]["cause"] is None
    page.locator("#job-1 .send button").click()
    expect(page.locator(".done")).to_be_visible()
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"][0]["cause"] == "worn pads"


def test_two_people_on_one_order(sit: Sit, car: Car, dealership: Dealership) -> None:
    """The second one keeps the typing, sees what the first one did, and sends it all the same."""
    order = car("opened")
    page = sit("advisor")
    page.goto(address(order))
    page.locator("details:has(#job-1) > summary").first.click()
    page.locator("#job-1 [name=cause]").fill("worn pads")
    path = f"/work-orders/{order['id']}"
    wiper = {"part_number": "WIPER-24", "quantity": "1", "payer": "customer_pay"}
    dealership.advisor.post(f"{path}/lines", {"parts": [wiper]}, of=dealership.advisor.get(path))
    page.locator("#job-1 .send button").click()
    expect(page.locator("#job-1 .changes")).to_contain_text("Draft")
    expect(page.locator("#job-1 [name=cause]")).to_have_value("worn pads")
    page.locator("#job-1 .send button").click()
    expect(page.locator(".done")).to_be_visible()


def test_without_a_script_a_form_is_a_form(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Sent, refused with the typing kept, corrected, done."""
    order = car("opened")
    page = sit("advisor", script=False)
    page.goto(address(order))
    page.locator("details:has(#lines) > summary").first.click()
    page.locator("#lines [name='parts.0.part_number']").fill("FLT-OIL-1")
    page.locator("#lines [name='parts.0.quantity']").fill("plenty")
    page.locator("#lines .send button").click()
    expect(page.locator("#lines .summary")).to_be_visible()
    page.locator("#lines [name='parts.0.quantity']").fill("1")
    page.locator("#lines .send button").click()
    expect(page.locator(".done")).to_be_visible()
    after = dealership.advisor.get(f"/work-orders/{order['id']}")
    assert len(after["lines"]) == len(order["lines"]) + 1
