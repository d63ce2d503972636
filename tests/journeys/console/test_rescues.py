"""Rescue cases on the screen, and requests of the night: what is answered when, whose car stands where (Rule B11)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-rescues"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
CASES = f"/d/{DEALER}/rescues"


def test_a_rescue_is_reported_towed_linked_and_arrives(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The one who has the line writes it down; the appointment of the same plate is proposed."""
    booked = car("booked")
    browser = at_desk("agent")
    page = browser.get(CASES)
    assert "Nobody waits for help." in page.text
    case = {"caller_name": "李娜", "caller_phone": "139 0000 1234", "plate": booked["vehicle"]["plate"], "location": "G60, km 42"}
    refused = browser.send(page, "report", **{**case, "location": ""})
    assert (refused.status, 'href="#report-location"' in refused.source) == (422, True)
    page = browser.send(refused, "report", location="G60, km 42")
    [found] = dealership.agent.get("/rescues")["items"]
    soon = f"{datetime.now() + timedelta(days=1):%Y-%m-%dT10:00}"
    page = browser.send(page, f"tow-{found['id']}", tow_firm="快援拖车", expected_at=soon)
    assert "Under way" in page.text
    page = browser.send(page, f"link-{found['id']}", appointment_id=booked["id"])
    assert f"/appointments/{booked['id']}" in page.source
    page = browser.send(page, f"arrive-{found['id']}")
    assert found["id"] not in page.source
    assert found["id"] in browser.get(f"{CASES}?show=over").source
    assert dealership.agent.get(f"/rescues/{found['id']}")["state"] == "arrived"


def test_a_request_of_the_night_says_by_when_it_is_to_be_answered(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    booked = car("booked")
    asked = {
        "customer_id": booked["customer"]["customer_id"],
        "vehicle_id": booked["vehicle"]["vehicle_id"],
        "channel": "email",
        "service_type": "maintenance",
        "starts_at": dealership.agent.get("/slot-offers", service_type="maintenance")["items"][0]["starts_at"],
        "confirm_second_appointment": True,
    }
    request = dealership.agent.post("/appointments", asked)
    browser = at_desk("agent", language="zh")
    page = browser.get(f"/d/{DEALER}/appointments/{request['id']}")
    assert "应答复时间" in page.text
    page = browser.send(page, "confirm")
    assert "应答复时间" not in page.text
    assert dealership.agent.get(f"/appointments/{request['id']}")["answered_at"] is not None
