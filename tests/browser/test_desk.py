"""The desk's screens in a browser, in both languages: the day by the hour, the fortnight, who waits for an answer, the search."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.browser.books import run_out
from tests.browser.hands import Taps
from tests.browser.house import findings
from tests.browser.test_booking import number
from tests.cars import brought
from tests.deployment import Embedded

Sit = Callable[..., Page]

HERE = f"/d/{DEALER}"
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])
WORDS = {
    "en": {
        "load": "{taken} of {places} places taken",
        "booked": "Booked ahead",
        "arrived": "Arrived",
        "late": "promised by",
    },
    "zh": {"load": "已占 {taken} / {places}", "booked": "提前预约", "arrived": "已到店", "late": "逾期：承诺"},
}
OFFERED = {"en": "{free} free · {expected_load} % expected", "zh": "余 {free} 位 · 预计占用 {expected_load}%"}
CALLING, HANDING_ON, ANSWERING = 3, 4, 2
"""The taps that docs/console.md tells."""


def somebody() -> dict[str, str]:
    """A customer nobody else is called like."""
    return {"name": f"欧阳{uuid4().hex[:6]}", "phone": number()}


@LANGUAGES
def test_the_day_by_the_hour(sit: Sit, dealership: Dealership, language: str) -> None:
    """Each hour with its load, each car with its tags; that a car arrives is seen without a click."""
    booked, words = brought(dealership, "booked", somebody()), WORDS[language]
    plan = dealership.agent.get("/day-plan", day=booked["starts_at"][:10])
    page = sit("agent", language=language)
    page.goto(f"{HERE}/appointments?day={plan['day']}")
    expect(page.locator("#list")).to_contain_text(words["load"].format(**plan))
    for at, hour in enumerate(plan["hours"], start=1):
        if hour["appointments"] or hour["places"]:
            expect(page.locator(f"#hour-{at}")).to_contain_text(words["load"].format(**hour))
    row = page.locator(f"#day-{booked['id']}")
    for text in (booked["vehicle"]["plate"], booked["customer"]["name"], booked["customer"]["phone"], words["booked"]):
        expect(row).to_contain_text(text)
    path = f"/appointments/{booked['id']}"
    dealership.agent.post(f"{path}/arrive", {"bay": "R7"}, of=dealership.agent.get(path))
    expect(page.locator(f"#day-{booked['id']}")).to_contain_text(words["arrived"])
    expect(page.locator(f"#day-{booked['id']}")).to_contain_text("R7")


@LANGUAGES
def test_the_fortnight(sit: Sit, dealership: Dealership, language: str) -> None:
    """Fourteen days with their load, each leads to its hours; the low-traffic times are those that the gateway offers."""
    page = sit("agent", language=language)
    page.goto(f"{HERE}/appointments/fortnight")
    found = dealership.agent.get("/fortnight")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(14)
    for at, day in enumerate(found["days"]):
        expect(rows.nth(at)).to_contain_text("" if day["closed"] else WORDS[language]["load"].format(**day))
    tiles = [OFFERED[language].format(**one) for offers in found["offers"] for one in offers["items"]]
    assert tiles
    expect(page.locator("section .tile small")).to_have_text(tiles)
    rows.nth(1).locator("a").click()
    page.wait_for_url(f"**/appointments?day={found['days'][1]['day']}")
    expect(page.locator("#list")).to_contain_text(WORDS[language]["load"].format(**found["days"][1]))


@LANGUAGES
def test_who_waits_for_an_answer(sit: Sit, dealership: Dealership, suite: Embedded, language: str) -> None:
    """A promised call that is late says so without a click; it is made, and an enquiry handed on and answered, in few taps."""
    agent, who = dealership.agent, somebody()
    named = {"customer_name": who["name"], "phone": who["phone"]}
    call = agent.post("/calls", {**named, "about": "轮胎报价"})
    enquiry = agent.post("/enquiries", {**named, "question": "四轮定位要多久？"})
    page = sit("agent", language=language)
    page.goto(f"{HERE}/desk-queue")
    card, asked = page.locator(f"#call-{call['id']}"), page.locator(f"#enquiry-{enquiry['id']}")
    expect(card.locator(".tag.waiting")).to_be_visible()
    run_out(suite.data, "crm", "call", call["id"], "escalate_call", due_at=datetime.now(UTC) - timedelta(hours=1))
    expect(card.locator(".tag.late")).to_contain_text(WORDS[language]["late"])
    assert findings(page) == []
    taps = Taps()
    taps.on(card.locator("summary"))
    taps.on(card.locator("[name=outcome][value=declined]"))
    taps.on(card.locator(".send button"))
    expect(card).to_have_count(0)
    assert taps.counted == CALLING

    taps = Taps()
    taps.on(asked.locator("summary").nth(1))
    taps.choose(asked.locator("[name=to]"), f"{DEALER}.advisor")
    asked.locator("[name=note]").fill("周五要用车")
    taps.on(asked.locator("[id^=hand-on-] .send button"))
    expect(asked.locator(".timeline")).to_contain_text("周五要用车")
    assert taps.counted == HANDING_ON

    answering, taps = sit("advisor", language=language), Taps()
    answering.goto(f"{HERE}/desk-queue")
    asked = answering.locator(f"#enquiry-{enquiry['id']}")
    taps.on(asked.locator("summary").first)
    asked.locator("[name=reply]").fill("一个小时")
    taps.on(asked.locator("[id^=answer-] .send button"))
    expect(asked).to_have_count(0)
    assert taps.counted == ANSWERING
    assert agent.get(f"/calls/{call['id']}")["outcome"] == "declined"
    assert agent.get(f"/enquiries/{enquiry['id']}")["answer"] == "一个小时"


@LANGUAGES
def test_a_car_is_found_by_whatever_its_customer_says(sit: Sit, dealership: Dealership, language: str) -> None:
    """By plate, phone, the end of its VIN, a name, a number: the same order, and Enter opens it."""
    order = brought(dealership, "opened", somebody())
    page = sit("advisor", language=language)
    customer, car = order["customer"], order["vehicle"]
    for text in (car["plate"], customer["phone"], car["vin"][-6:], customer["name"], order["number"]):
        page.keyboard.press("Control+k")
        page.keyboard.insert_text(text)
        hit = page.locator(f".palette .hit[data-go='{HERE}/orders/{order['id']}']")
        expect(hit).to_contain_text(order["number"])
        hit.click()
        page.wait_for_url(f"**{HERE}/orders/{order['id']}")
        page.goto(f"{HERE}/orders")
