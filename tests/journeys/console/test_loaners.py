"""The loaner fleet on the tablet: a car is added, kept with a booking or lent at once, goes out and comes back by signature."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-loaners"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
FLEET = f"/d/{DEALER}/loaners"


def test_a_car_is_lent_goes_out_and_comes_back_by_signature(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The manager keeps the fleet; the advisor lends: what is wrong comes back at its field, what is signed is what was shown."""
    manager = at_desk("manager")
    page = manager.send(manager.get(FLEET), "add", plate="沪L·00001", make="BYD", model="Qin", mileage="1200")
    refused = manager.send(page, "add", plate="沪L00001", make="BYD", model="Qin", mileage="1")
    assert (refused.status, "has a car with the plate" in refused.text) == (409, True)
    customer = car("booked")["customer"]["customer_id"]
    browser = at_desk("advisor")
    assert "add" not in browser.get(FLEET).forms
    assert f"/loaners/lend/{customer}" in browser.get(f"/d/{DEALER}/booking/{customer}").source
    tomorrow = f"{datetime.now() + timedelta(days=2):%Y-%m-%dT18:00}"
    lending = f"{FLEET}/lend/{customer}"
    page = browser.send(browser.get(lending), "lend", ends_at=tomorrow)
    assert "/loans/" in page.path
    other = browser.send(browser.get(lending), "lend", ends_at=tomorrow)
    assert (other.status, "No loaner is free for that time." in other.text) == (409, True)
    out = {"licence_number": "310101", "mileage": "1199", "fuel_eighths": "8"}
    refused = browser.send(page, "record", **out)
    assert (refused.status, "1,200 km" in refused.text) == (409, True)
    page = browser.send(refused, "record", mileage="1201")
    page = browser.send(page, "sign", signature__means="typed", signature__name="李娜")
    assert "Out" in page.text
    assert "cancel" not in page.forms
    assert "Back by" in browser.get(FLEET).text
    back = {"mileage": "1300", "fuel_eighths": "4", "damages__0__panel": "bonnet", "damages__0__damage": "dent"}
    page = browser.send(browser.send(page, "record", **back), "sign", signature__means="typed", signature__name="李娜")
    assert ("New damage" in page.text, "99 km" in page.text, set(page.forms) & {"record", "sign", "move"}) == (True, True, set())
    [known] = dealership.advisor.get("/loaners")["items"]
    page = manager.send(manager.get(FLEET), f"withdraw-{known['id']}", reason="sold")
    assert "Withdrawn" in page.text
    manager.send(page, f"reinstate-{known['id']}")


def test_a_loaner_asked_for_at_booking_is_kept_and_shown_with_the_appointment(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """None free is said as a sentence at the form; the appointment leads to its loan."""
    booked = car("booked")
    browser = at_desk("agent", language="zh")
    address = f"/d/{DEALER}/appointments/{booked['id']}"
    for one in dealership.advisor.get("/loaners")["items"]:
        dealership.manager.post(f"/loaners/{one['id']}/withdraw", {"reason": "repair"})
    refused = browser.send(browser.get(address), "amend", loaner=["yes"])
    assert (refused.status, "该时段没有可用的代步车。" in refused.text) == (409, True)
    dealership.manager.post("/loaners", {"plate": "沪L·00002", "make": "BYD", "model": "Qin", "mileage": 10})
    page = browser.send(refused, "amend", loaner=["yes"])
    loan = dealership.advisor.get(f"/appointments/{booked['id']}")["loan_id"]
    assert f"/loans/{loan}" in page.source
    page = browser.get(f"/d/{DEALER}/loans/{loan}")
    assert "沪L·00002" in page.text
    assert not {"cancel", "move"} & set(page.forms), "it is moved and given up at the appointment"
