"""The customer's signature in a real browser: drawn with mouse and finger, typed with the keyboard, shown again and on paper."""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from tests.browser.hands import sign, sign_by_finger
from tests.browser.house import findings
from tests.browser.test_console import address

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]


@pytest.mark.short
@pytest.mark.parametrize(("language", "finger"), [("en", False), ("zh", True)])
def test_the_customer_signs_at_the_car(sit: Sit, car: Car, dealership: Dealership, language: str, finger: bool) -> None:
    """Rule W13: not without a signature; drawn, cleared, drawn again; shown after a reload and on paper."""
    order = car("checked")
    more = {"has_touch": True, "viewport": {"width": 820, "height": 1180}} if finger else {}
    page = sit("advisor", language=language, **more)
    page.goto(address(order, "/hand-over"))
    form, draw = page.locator("#deliver"), sign_by_finger if finger else sign
    form.locator("[name=mileage]").fill("32112")
    form.locator(".send button").click()
    expect(form.locator(".summary a")).to_have_attribute("href", "#deliver-signature-strokes")
    draw(page, "#deliver")
    form.locator("[data-clear]").click()
    expect(form.locator("[data-strokes]")).to_have_value("")
    draw(page, "#deliver")
    assert form.locator(".pad polyline").count() == 1
    assert form.locator("[data-clear]").evaluate("one => one.getBoundingClientRect().height") >= 48
    form.locator(".send button").click()
    page.wait_for_url("**/orders/*")
    signature = dealership.advisor.get(f"/work-orders/{order['id']}/settlement")["signature"]
    assert (signature["means"], signature["verified"]) == ("drawn", True)
    page.goto(address(order, "/hand-over"))
    page.reload()
    expect(page.locator(".document .signature polyline")).to_have_attribute("points", signature["strokes"])
    assert findings(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".document .signature svg")).to_be_visible()
    expect(page.locator(".document .hash")).to_contain_text(signature["document_hash"])
    expect(page.locator("[data-print]")).to_be_hidden()


def test_back_from_what_a_link_leads_to_is_where_its_reader_came_from(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Rule W8: not an empty page that asks for the link again."""
    order, token = car("opened"), secrets.token_urlsafe(32)
    dealership.advisor.post(
        f"/work-orders/{order['id']}/estimates", {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}, of=order
    )
    asked = {"estimate_version": 1, "token_hash": hashlib.sha256(token.encode()).hexdigest()}
    dealership.advisor.post(f"/work-orders/{order['id']}/signing-links", asked)
    page = sit("advisor")
    page.goto(address(order))
    page.goto(f"/link#{dealership.dealer}.{token}")
    page.wait_for_url("**/link/document")
    page.go_back()
    page.wait_for_url(f"**{address(order)}")


def test_an_estimate_is_signed_and_the_decision_printed(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Rule W8: as it was shown; the page of the decisions has the lines, the prices and the signature."""
    order = car("opened")
    terms = {"payment_method": "card", "old_parts": "dispose", "free_wash": True}
    dealership.advisor.post(f"/work-orders/{order['id']}/estimates", terms, of=order)
    page = sit("advisor")
    page.goto(address(order))
    sign(page, "#approve")
    page.locator("#approve .send button").click()
    expect(page.locator(".done")).to_be_visible()
    [entry] = dealership.advisor.get(f"/work-orders/{order['id']}/authorisation-ledger")["items"]
    assert (entry["means"], entry["signature"]["verified"]) == ("drawn", True)
    page.goto(address(order, "/decisions"))
    expect(page.locator(".decision .signature polyline")).to_have_attribute("points", entry["signature"]["strokes"])
    assert findings(page) == []


def test_what_changed_meanwhile_is_signed_anew(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Rule W13: the page says what changed, shows the new statement, and an empty box: nobody signed this one."""
    order = car("checked")
    page = sit("advisor")
    page.goto(address(order, "/hand-over"))
    page.locator("#deliver [name=mileage]").fill("32112")
    sign(page, "#deliver")
    [line] = [one for one in order["lines"] if one["part_number"] == "OIL-5W30"]
    path = f"/work-orders/{order['id']}"
    change = {"payer": "goodwill", "authorised_by": "Zhao", "reason": "friend of the house"}
    dealership.advisor.post(f"{path}/lines/{line['line_id']}/change-payer", change, of=dealership.advisor.get(path))
    page.locator("#deliver .send button").click()
    expect(page.locator("#deliver .summary")).to_be_focused()
    expect(page.locator("#deliver [data-strokes]")).to_have_value("")
    expect(page.locator("#deliver [name=mileage]")).to_have_value("32112")
    assert page.locator("#deliver .pad polyline").count() == 0
    sign(page, "#deliver")
    page.locator("#deliver .send button").click()
    page.wait_for_url("**/orders/*")
    assert dealership.advisor.get(path)["status"] == "delivered"


def test_who_cannot_draw_types_a_name(sit: Sit, car: Car, dealership: Dealership) -> None:
    """By the keyboard alone, and without a script. A name is offered beside a drawing; where it is the signature it is typed."""
    for script in (True, False):
        order = car("checked")
        page = sit("advisor", script=script)
        page.goto(address(order, "/hand-over"))
        page.locator("#deliver [name=mileage]").fill("32112")
        name = page.locator("#deliver [name='signature.name']")
        if script:
            expect(name).to_have_value(order["customer"]["name"])
            page.locator("#deliver input[value=drawn]").focus()
            page.keyboard.press("ArrowDown")
        expect(page.locator("#deliver .pad")).to_be_hidden()
        expect(name).to_have_value("")
        name.focus()
        page.keyboard.type(order["customer"]["name"])
        page.keyboard.press("Enter")
        page.wait_for_url("**/orders/*")
        assert dealership.advisor.get(f"/work-orders/{order['id']}/settlement")["signature"]["means"] == "typed"
