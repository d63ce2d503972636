"""The lane and the walk-around on a tablet beside the car, in both languages, with every tap counted (Rules W1, W2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from servicelane.visit import CUSTOMER
from servicelane.welcome import DEALER
from tests.browser.books import run_out
from tests.browser.hands import Taps, sign, sign_by_finger
from tests.browser.house import findings
from tests.browser.test_evidence import photo
from tests.deployment import Embedded

Sit = Callable[..., Page]
Car = Callable[[str], dict[str, Any]]

TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
LANE = f"/d/{DEALER}/lane"
ARRIVING, TAKING_OVER, RECORDING, RELIEVING, WALKING_AROUND = 2, 3, 2, 5, 15
"""The taps that docs/console.md tells, under its heading of clicks."""
NONE = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": b"no photo"}
WORDS = {
    "en": {
        "greeted": "greeted by",
        "late": "here too long",
        "dent": "Dent",
        "door": "Right rear door",
        "none": "Must be a photo",
    },
    "zh": {"greeted": "已接待", "late": "停留超时", "dent": "凹陷", "door": "右后门", "none": "须为照片"},
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_car_by_its_plate_through_the_lane(sit: Sit, car: Car, dealership: Dealership, language: str) -> None:
    """Found by its plate it arrives; on the advisor's tablet it appears by itself, is greeted and taken over."""
    plate = car("booked")["vehicle"]["plate"]
    agent, tablet = sit("agent", language=language), sit("advisor", language=language, **TABLET)
    tablet.goto(LANE)
    agent.keyboard.press("Control+k")
    agent.keyboard.insert_text(plate)
    taps = Taps()
    taps.on(agent.locator(".palette .hit[data-go]", has_text=plate).first)  # its visit stands before its file
    taps.on(agent.locator("#arrive .send button"))
    expect(agent.locator("#arrive")).to_have_count(0)
    assert taps.counted == ARRIVING

    taps, card = Taps(), tablet.locator("#lane li.card", has_text=plate)
    taps.on(card.locator("form[id^=greet-] button"))
    expect(card).to_contain_text(WORDS[language]["greeted"])
    taps.on(card.locator("summary", has=tablet.locator("xpath=..//form[starts-with(@id, 'open-')]")))
    card.locator("[name=mileage]").fill("32110")
    taps.on(card.locator("form[id^=open-] .send button"))
    tablet.wait_for_url("**/orders/*-*")
    assert plate not in {one["plate"] for one in dealership.advisor.get("/lane")["cars"]}
    assert taps.counted == TAKING_OVER


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_car_that_stands_there_too_long(sit: Sit, dealership: Dealership, suite: Embedded, language: str) -> None:
    """Recorded by its plate; twenty minutes later the manager's screen says so by itself, and the relief is recorded there."""
    plate = f"沪C·{'77' if language == 'en' else '88'}001"
    tablet, manager, taps = sit("agent", language=language, **TABLET), sit("manager", language=language), Taps()
    tablet.goto(LANE)
    manager.goto(LANE)
    if not tablet.locator("#enter-plate").is_visible():
        taps.on(tablet.locator("#fold-enter > summary"))
    tablet.locator("#enter-plate").fill(plate)
    taps.on(tablet.locator("#enter .send button"))
    expect(manager.locator("#lane li.card", has_text=plate)).to_be_visible()
    assert taps.counted <= RECORDING

    [car] = [one for one in dealership.advisor.get("/lane")["cars"] if one["plate"] == plate]
    past = datetime.now(UTC) - timedelta(hours=1)
    run_out(suite.data, "workshop", "lane_car", car["id"], "escalate_overdue_car", arrived_at=past, alert_at=past)
    banner = manager.locator("section.summary", has_text=WORDS[language]["late"]).filter(has_text=plate)
    expect(banner).to_be_visible()
    assert findings(manager) == []
    taps = Taps()
    taps.on(banner.locator("summary"))
    taps.on(banner.locator("[name=relief][value=parking]"))
    banner.locator("[name=place]").fill("P3")
    taps.choose(banner.locator("[name=lane_cause]"), "walk_ins")
    banner.locator("[name=measure]").fill("周一加派一人")
    taps.on(banner.locator(".send button"))
    expect(manager.locator("section.summary", has_text=plate)).to_have_count(0)
    [aside] = [one for one in dealership.advisor.get("/lane")["aside"] if one["plate"] == plate]
    assert (aside["aside"], aside["aside_place"]) == ("parking", "P3")
    assert taps.counted == RELIEVING


@pytest.mark.parametrize(("language", "draw"), [("en", sign), ("zh", sign_by_finger)])
def test_a_walk_around_from_the_first_tap_to_the_signed_document(
    sit: Sit, car: Car, dealership: Dealership, language: str, draw: Callable[[Page, str], None]
) -> None:
    """Damage by panel, fuel, items; a photo, and what is none; the customer draws, and the page shows it as it was signed."""
    order, words, taps = car("opened"), WORDS[language], Taps()
    page = sit("advisor", language=language, **TABLET)
    page.goto(f"/d/{DEALER}/orders/{order['id']}/walk-around")
    page.locator("#record-mileage").fill("32110")
    page.locator("#record-fuel_eighths").fill("5")
    taps.choose(page.locator("[name='damages.0.panel']"), "right_rear_door")
    taps.choose(page.locator("[name='damages.0.damage']"), "dent")
    page.locator("[name='damages.0.note']").fill("10 cm")

    taps.on(page.locator("#fold-attach > summary"))
    taps.choose(page.locator("#attach-item"), "right_rear_door")
    page.locator("#attach-note").fill("门把手下方")
    page.locator("#attach-file").set_input_files(NONE)
    page.locator("#attach .send button").click()
    expect(page.locator("#attach-file-error")).to_contain_text(words["none"])
    assert page.locator("#attach-note").input_value() == "门把手下方"
    assert page.locator("#attach-item").input_value() == "right_rear_door"
    _still_typed(page)
    page.locator("#attach-file").set_input_files(photo())
    taps.on(page.locator("#attach .send button"))
    expect(page.locator(".gallery")).to_contain_text(words["door"])
    _still_typed(page)
    expect(page.locator(".gallery img")).to_have_js_property("naturalWidth", 320)

    for one in ("jack", "spare_wheel"):
        taps.on(page.locator(f"[name=equipment][value={one}]"))
    page.locator("[name='property_left.0.description']").fill("儿童座椅")
    for one in ("valuables_reminder", "protective_covers", "registration"):
        taps.on(page.locator(f"#record-{one}"))
    page.locator("#record-keys").fill("2")
    taps.on(page.locator("#record .send button"))
    expect(page.locator("#sign")).to_be_visible()
    draw(page, "#sign")
    taps.on(page.locator("#sign .send button"))

    expect(page.locator(".paper .signature polyline")).to_have_count(1)
    kept = dealership.advisor.get(f"/work-orders/{order['id']}/walk-around")
    assert (kept["signature"]["means"], kept["signature"]["verified"]) == ("drawn", True)
    paper = page.locator(".paper")
    expect(paper.locator(".signature polyline")).to_have_attribute("points", kept["signature"]["strokes"])
    for said in (words["door"], words["dent"], "10 cm", "5/8", "儿童座椅 × 1", CUSTOMER["name"], kept["document_hash"], "✓"):
        expect(paper).to_contain_text(said)
    assert kept["findings"]["equipment"] == ["spare_wheel", "jack"]
    assert findings(page) == []
    assert taps.counted == WALKING_AROUND


def _still_typed(page: Page) -> None:
    """What was told of the car before a photo of it was sent."""
    expect(page.locator("#record-mileage")).to_have_value("32110")
    expect(page.locator("#record-fuel_eighths")).to_have_value("5")
    expect(page.locator("[name='damages.0.panel']")).to_have_value("right_rear_door")
    expect(page.locator("[name='damages.0.damage']")).to_have_value("dent")
    expect(page.locator("[name='damages.0.note']")).to_have_value("10 cm")
