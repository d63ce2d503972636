"""The booking desk in a browser: a stranger's car is booked with few clicks, by the keyboard, and on any screen."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.cars import vin

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]

MOST_CLICKS = 6
WORDS = {"en": ("New booking", "Register the customer"), "zh": ("新建预约", "登记客户")}


def number() -> str:
    """A phone number that nobody else has."""
    return f"+86 138 {uuid4().int % 10**8:08d}"


def places(car: dict[str, Any]) -> list[str]:
    """Every address of these screens."""
    customer, vehicle = car["customer"]["customer_id"], car["vehicle"]["vehicle_id"]
    below = ("appointments", f"appointments/{car['id']}", "booking", f"booking/{customer}", f"booking/{customer}/{vehicle}")
    return [f"/d/{DEALER}/{one}" for one in below]


@pytest.mark.short
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_strangers_car_is_booked_with_few_clicks(sit: Sit, dealership: Dealership, language: str) -> None:
    """From the day's list to the car in the lane: what is not typed is clicked six times at most."""
    page, clicks, phone, chassis = sit("agent", language=language), 0, number(), vin()

    def click(button: str) -> None:
        nonlocal clicks
        page.locator(button).click()
        clicks += 1

    click("main .primary")
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[language][0])
    expect(page.locator("#find-q")).to_be_focused()
    page.keyboard.type(phone)
    click("#find button")
    expect(page.locator("#customer-phone")).to_have_value(phone)
    page.locator("#customer-name").fill("王芳")
    expect(page.locator("#customer .send button")).to_have_text(WORDS[language][1])
    click("#customer .send button")
    for name, text in (("plate", f"沪D·{chassis[-5:]}"), ("vin", chassis), ("make", "Volkswagen"), ("model", "Passat")):
        page.locator(f"#car-{name}").fill(text)
    click("#car .send button")
    page.locator("#book-complaint").fill("保养，刹车时有异响")
    page.locator("#book [name=operations]").first.fill("MNT-OIL")
    page.locator("#book [name='parts.0.part_number']").fill("OIL-5W30")
    page.locator("#book [name='parts.0.quantity']").fill("4.5")
    click("#book .send button")
    page.wait_for_url("**/appointments/*")
    click("#arrive .send button")
    expect(page.locator("#arrive")).to_have_count(0)
    [booked] = dealership.agent.get("/appointments", phone=phone)["items"]
    assert (booked["status"], booked["operations"]) == ("arrived", ["MNT-OIL"])
    assert clicks <= MOST_CLICKS


def test_another_type_of_service_shows_its_times_at_once(sit: Sit, car: Car) -> None:
    """The typing stays, and nothing was booked; the time that was chosen stays, if it can be had."""
    page = sit("agent")
    page.goto(places(car("booked"))[-1])
    page.locator("#book-complaint").fill("a dent")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#book-service_type").select_option("body")
    expect(page.locator("#book-starts_at")).to_be_focused()
    expect(page.locator("#book-service_type")).to_have_value("body")
    expect(page.locator("#book-complaint")).to_have_value("a dent")
    expect(page.locator("#book [name=starts_at]:checked")).to_have_count(1)


def test_a_booking_by_the_keyboard_alone(sit: Sit, car: Car, dealership: Dealership) -> None:
    """Enter in a field books, though buttons that only look stand before; a second car on the day is asked about."""
    booked = car("booked")
    page = sit("agent")
    page.goto(places(booked)[-1])
    page.locator("#book-complaint").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("MNT-OIL")
    page.keyboard.press("Enter")
    expect(page.locator("#book .summary, #arrive").first).to_be_visible()
    if page.locator("#book .summary").count():
        expect(page.locator("#book .summary")).to_be_focused()
        page.locator("#book-confirm_second_appointment").focus()
        page.keyboard.press("Space")
        page.locator("#book [name=operations]").first.press("Enter")
    page.wait_for_url("**/appointments/*")
    assert len(dealership.agent.get("/appointments", vehicle_id=booked["vehicle"]["vehicle_id"])["items"]) == 2


def test_j_and_enter_open_an_appointment(sit: Sit, dealership: Dealership, car: Car) -> None:
    """On the day's list."""
    booked = car("booked")
    page = sit("agent")
    page.goto(f"/d/{DEALER}/appointments?day={booked['starts_at'][:10]}")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/appointments/*-*")
