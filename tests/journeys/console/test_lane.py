"""The reception lane on the tablet: a car is greeted and taken over, the guard calls, the manager relieves (Rule W1)."""

from collections.abc import Callable
from typing import Any

import pytest

from console.gateway import Answer, Call, Caller, Gateway
from servicelane.dealership import Dealership
from tests.cars import vin
from tests.pages import Browser
from tests.waiting import awaited

DEALER = "sh-lane"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
LANE = f"/d/{DEALER}/lane"


def standing(dealership: Dealership, plate: str) -> dict[str, Any] | None:
    cars = dealership.advisor.get("/lane")["cars"]
    return next((car for car in cars if car["plate"] == plate), None)


def test_a_booked_car_is_greeted_and_taken_over_from_the_lane(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """One primary action at a time; it says since when it is here, and the opened order takes it out."""
    plate = car("received")["vehicle"]["plate"]
    found = awaited(lambda: standing(dealership, plate), "the booked car in the lane")
    browser = at_desk("advisor")
    page = browser.get(LANE)
    assert f'id="car-{found["id"]}"' in page.source
    assert f"open-{found['appointment_id']}" not in page.forms, "first the customer is greeted"
    page = browser.send(page, f"greet-{found['id']}")
    assert "greeted by" in page.text
    order = browser.send(page, f"open-{found['appointment_id']}", mileage="32110")
    assert "/orders/" in order.path
    assert standing(dealership, plate) is None


def test_a_walk_in_is_recorded_gets_a_ticket_waits_elsewhere_and_is_sent_on(at_desk: Desk, dealership: Dealership) -> None:
    browser = at_desk("agent")
    page = browser.send(browser.get(LANE), "enter", plate="沪C·77001", concern="oil")
    found = standing(dealership, "沪C·77001")
    assert found is not None
    refused = browser.send(page, "enter", plate="沪C77001")
    assert refused.status == 409
    assert "in the lane already" in refused.text
    page = browser.send(page, f"ticket-{found['id']}")
    assert "Ticket 1" in page.text
    page = browser.send(page, f"aside-{found['id']}", to="wash", place="W1")
    assert "Set aside" in page.text
    page = browser.send(page, f"back-{found['id']}")
    refused = browser.send(page, f"on-{found['id']}")
    assert (refused.status, f'href="#on-{found["id"]}-reason"' in refused.source) == (422, True)
    browser.send(page, f"on-{found['id']}", reason="only looking")
    assert standing(dealership, "沪C·77001") is None


def test_a_recorded_plate_of_a_booked_car_is_taken_up_by_one_tap(
    at_desk: Desk, car: Car, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules W1 and B6: it asks for no search of customer and car. That it is booked today is told instead of awaited."""
    booked, ask = car("booked"), Gateway.ask
    plate = booked["vehicle"]["plate"]
    told = {"appointment_id": booked["id"], "status": "confirmed", "starts_at": booked["starts_at"], "customer_name": "李娜"}

    def telling(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        true = ask(gateway, call, caller)
        if call.method == "GET" and call.path.endswith("/lane"):
            for one in true.body["cars"]:
                one["booked_today"] = [] if one["appointment_id"] else [told]
        return true

    monkeypatch.setattr(Gateway, "ask", telling)
    browser = at_desk("agent")
    page = browser.send(browser.get(LANE), "enter", plate=plate)
    found = standing(dealership, plate)
    assert found is not None
    assert ("Booked today" in page.text, f"find-{found['id']}" in page.source) == (True, False)
    browser.send(page, f"arrive-{booked['id']}")
    taken = awaited(lambda: (standing(dealership, plate) or {}).get("appointment_id"), "the lane to hear of the arrival")
    assert taken == booked["id"]
    browser.send(browser.get(LANE), f"on-{found['id']}", reason="only looking")


def two_of(dealership: Dealership, plate: str) -> None:
    """Two cars whose files have it."""
    customer = dealership.agent.post("/customers", {"name": "李雷", "phone": "+86 139 0000 7788", "confirm_second_file": True})
    for model in ("Passat", "Golf"):
        car = {"vin": vin(), "plate": plate, "make": "Volkswagen", "model": model}
        dealership.agent.post("/vehicles", {"customer_id": customer["id"], **car})


def test_a_plate_that_is_on_several_cars_is_doubted_where_it_is_typed(at_desk: Desk, dealership: Dealership) -> None:
    """Rule C1: in the lane, and where a rescue is reported; a plate of one car, or of none, is not."""
    two_of(dealership, "沪C·70001")
    browser, doubt = at_desk("agent"), "Other cars have this plate"
    page = browser.send(browser.get(LANE), "enter", plate="沪C·7000")
    assert doubt not in page.text
    page = browser.send(page, "enter", plate="沪C 70001")
    assert (page.text.count(doubt), "Passat" in page.text, "Golf" in page.text) == (1, True, True), page.text
    rescues = browser.get(f"/d/{DEALER}/rescues")
    called = {"caller_name": "李娜", "caller_phone": "139 0000 1234", "location": "G60, km 42"}
    page = browser.send(rescues, "report", plate="沪C·70001", **called)
    assert (page.text.count(doubt), "Golf" in page.text) == (1, True), page.text


def test_a_booked_car_that_is_sent_on_is_booked_again(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Its appointment is off with the cause, no longer here for ever, and is moved to another time."""
    booked = car("received")
    found = awaited(lambda: standing(dealership, booked["vehicle"]["plate"]), "the car to stand in the lane")
    browser = at_desk("agent")
    browser.send(browser.get(LANE), f"on-{found['id']}", reason="wants to buy one")
    path = f"/appointments/{booked['id']}"
    awaited(lambda: dealership.agent.get(path)["status"] == "cancelled" or None, "booking to hear that it was sent on")
    page = browser.get(f"/d/{DEALER}{path}")
    assert "wants to buy one" in page.text
    [offer, *_] = dealership.agent.get("/slot-offers", service_type="maintenance")["items"]
    page = browser.send(page, "reschedule", starts_at=offer["starts_at"], reason="comes another time")
    assert page.status == 200, page.text
    assert dealership.agent.get(path)["status"] == "confirmed"
    assert dealership.agent.get(path)["arrived_at"] is None


@pytest.mark.parametrize(("language", "banner"), [("en", "The guard calls"), ("zh", "保安报警")])
def test_the_guard_has_one_button_and_the_manager_relieves(at_desk: Desk, language: str, banner: str) -> None:
    """The guard sees nothing of the lane; the banner is there until the relief is recorded."""
    guard = at_desk("guard", language=language)
    page = guard.get(LANE)
    assert set(page.forms) & {"alert", "enter"} == {"alert"}
    assert guard.get(f"/d/{DEALER}/orders").status == 403
    guard.send(page, "alert", note="三辆车堵在门口")
    manager = at_desk("manager", language=language)
    page = manager.get(LANE)
    assert banner in page.text
    [relieve] = [form for form in page.forms if form.startswith("relieve-")]
    page = manager.send(page, relieve, relief="none_needed", lane_cause="arrivals_at_once", measure="周一加派一人")
    assert banner not in page.text


def test_what_was_typed_at_the_lane_is_not_typed_again(at_desk: Desk, dealership: Dealership) -> None:
    """The plate is searched for, and the name stands in the form of a new customer; the advisor's cars show who waits."""
    browser = at_desk("advisor")
    page = browser.send(browser.get(LANE), "enter", plate="沪C·66666", customer_name="钱七", concern="noise")
    found = standing(dealership, "沪C·66666")
    assert found is not None
    page = browser.send(page, f"greet-{found['id']}")
    page = browser.send(page, f"find-{found['id']}")
    assert page.path == f"/d/{DEALER}/booking"
    assert page.forms["find"].fields["q"] == "沪C·66666"
    assert page.forms["customer"].fields["name"] == "钱七"
    mine = browser.get(f"/d/{DEALER}/orders")
    assert f'id="walk-in-{found["id"]}"' in mine.source
    assert "钱七" in mine.text
