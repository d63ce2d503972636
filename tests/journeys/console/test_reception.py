"""Reception on the tablet: the walk-around with the customer's signature, keys from hand to hand."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.journeys.console.photos import a_photo, attached
from tests.pages import Browser

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def path(order: dict[str, Any], screen: str) -> str:
    return f"/d/{DEALER}/orders/{order['id']}/{screen}"


def test_the_walk_around_is_recorded_signed_and_shown_at_the_final_check(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """What is out of range comes back at its field with the typing; after the signature a correction wants a reason."""
    order = car("opened")
    browser = at_desk("advisor")
    page = browser.get(path(order, "walk-around"))
    assert "Nobody has walked around the car yet." in page.text
    found = {
        "mileage": "32110",
        "fuel_eighths": "5",
        "damages__0__panel": "right_rear_door",
        "damages__0__damage": "dent",
        "equipment": ["jack"],
        "property_left__0__description": "儿童座椅",
        "valuables_reminder": ["yes"],
        "protective_covers": ["yes"],
        "registration": ["yes"],
        "keys": "2",
    }
    refused = browser.send(page, "record", **{**found, "fuel_eighths": "9"})
    assert refused.status == 422
    assert 'href="#record-fuel_eighths"' in refused.source
    assert refused.forms["record"].fields["damages.0.panel"] == "right_rear_door"
    page = browser.send(refused, "record", fuel_eighths="5")
    assert "Right rear door" in page.text
    page = browser.send(page, "sign", signature__means="typed", signature__name="李娜")
    assert ("Signed" in page.text, "sign" in page.forms) == (True, False)
    refused = browser.send(page, "record", fuel_eighths="4")
    assert (refused.status, 'href="#record-corrected_because"' in refused.source) == (422, True)
    assert "Dent" in at_desk("inspector").get(f"/d/{DEALER}/check/{order['id']}").text
    kept = dealership.advisor.get(f"/work-orders/{order['id']}/walk-around")
    assert (kept["walk_around_version"], kept["signature"]["name"]) == (1, "李娜")


def test_keys_go_to_a_colleague_and_back_to_the_customer(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    order = car("opened")
    browser = at_desk("advisor", language="zh")
    taken = {"mileage": "32110", "fuel_percent": "80", "valuables_reminder": ["yes"], "service_book": ["yes"]}
    page = browser.send(browser.get(path(order, "walk-around")), "record", **taken)
    page = browser.send(page, "sign", signature__means="typed", signature__name="李娜")
    page = browser.send(page, "hand", things=["keys"], given_to=f"{DEALER}.technician")
    held = {one["thing"]: one["holder"] for one in dealership.advisor.get(f"/work-orders/{order['id']}/custody")["held"]}
    assert held == {"keys": f"{DEALER}.technician", "service_book": f"{DEALER}.advisor", "folder": f"{DEALER}.advisor"}
    unsaid = browser.send(page, "hand", things=["service_book"], given_to="")
    assert (unsaid.status, 'href="#hand-given_to"' in unsaid.source) == (422, True), "nobody chose"
    refused = browser.send(page, "hand", things=["keys", "service_book"], given_to="customer")
    assert (refused.status, "保管" in refused.text) == (409, True)
    dealership.technician.post(f"/work-orders/{order['id']}/custody", {"things": ["keys"], "given_to": f"{DEALER}.advisor"})
    page = browser.send(page, "hand", things=["keys", "service_book"], given_to="customer")
    assert "已交还客户" in page.text
    assert page.forms["hand"].fields["things"] == "folder", "what is the house's stays here"


def test_photos_of_the_walk_around_are_attached_by_panel(at_desk: Desk, car: Car) -> None:
    """Rule W31: from the tablet's camera; they stand beside the damage."""
    order = car("opened")
    browser = at_desk("advisor")
    page = attached(browser, browser.get(path(order, "walk-around")), a_photo(), item="right_rear_door", note="10 cm")
    assert "Right rear door · 10 cm · 车门.jpg" in page.text


def test_the_technician_accepts_the_car_before_the_first_clock_on_and_tells_new_damage(at_desk: Desk, car: Car) -> None:
    """Rule W24: they see what the walk-around has; the advisor and the inspector see what is new."""
    order = car("dispatched")
    taken = {"mileage": "32110", "fuel_percent": "80", "valuables_reminder": ["yes"], "damages__0__panel": "roof"}
    advisor = at_desk("advisor")
    page = advisor.send(advisor.get(path(order, "walk-around")), "record", **taken)
    technician = at_desk("technician")
    page = technician.get(f"/d/{DEALER}/my-work/{order['id']}")
    assert "Roof" in page.text
    clock_on = next(name for name in page.forms if name.startswith("on-"))
    refused = technician.send(page, clock_on)
    assert (refused.status, "before the team has accepted it" in refused.text) == (409, True)
    page = technician.send(page, "accept", new_damages__0__panel="left_front_wheel", new_damages__0__damage="scratch")
    assert "accept" not in page.forms
    assert technician.send(page, clock_on).status == 200
    for screen in (path(order, "walk-around"), f"/d/{DEALER}/orders/{order['id']}", f"/d/{DEALER}/check/{order['id']}"):
        assert "Left front wheel" in advisor.get(screen).text


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ["Keys taken over 2", "✓ yes", "– no"]), ("zh", ["接收钥匙（把） 2", "✓ 是", "– 否"])],
)
def test_all_that_the_customer_signs_of_the_walk_around_stands_above_the_signature(
    at_desk: Desk, car: Car, language: str, told: list[str]
) -> None:
    """Rules W2 and W24: keys and papers are on the sheet before it is signed and after; on a phone one reads them first."""
    order = car("opened")
    browser = at_desk("advisor", language=language)
    taken = {"mileage": "32110", "fuel_percent": "80", "valuables_reminder": ["yes"], "keys": "2", "registration": ["yes"]}
    page = browser.send(browser.get(path(order, "walk-around")), "record", **taken)
    assert page.source.index('class="paper"') < page.source.index('id="sign"')
    assert {"en": "Nothing was taken over", "zh": "未接收任何物品"}[language] not in page.text
    for shown in (page, browser.send(page, "sign", signature__means="typed", signature__name="李娜")):
        assert [one for one in told if one not in shown.text] == []


def test_nobody_is_asked_to_sign_who_was_not_reminded_of_valuables(at_desk: Desk, car: Car) -> None:
    """Rule W2: it is said where it is recorded, before anything is drawn; the form to mend it is open."""
    order = car("opened")
    browser = at_desk("advisor")
    page = browser.send(browser.get(path(order, "walk-around")), "record", mileage="32110", fuel_percent="80")
    assert "sign" not in page.forms
    assert "was not reminded of valuables" in page.text
    page = browser.send(page, "record", valuables_reminder=["yes"])
    assert "sign" in page.forms
