"""From a stranger's call to the car in the lane, through the pages alone, without a script."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from servicelane.dealership import TIME_ZONE, Dealership
from tests.cars import vin
from tests.days import spring
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked
from tests.pages import Browser, Page

DEALER = "sh-booking"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]

HERE = f"/d/{DEALER}"


def phone() -> str:
    """A number that nobody else has."""
    return f"+86 139 {uuid4().int % 10**8:08d}"


def known(at: Dealership, number: str, chassis: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """A customer with a car, on file."""
    chassis = chassis or vin()
    customer = at.agent.post("/customers", {"name": "李雷", "phone": number})
    car = {"customer_id": customer["id"], "vin": chassis, "plate": f"沪C·{chassis[-5:]}", "make": "Volkswagen", "model": "Passat"}
    return customer, at.agent.post("/vehicles", car)


def book_page(browser: Browser, at: Dealership) -> Page:
    """The page on which a car that is on file is booked."""
    customer, car = known(at, phone())
    page = browser.get(f"{HERE}/booking/{customer['id']}/{car['id']}")
    assert page.status == 200, page.text
    return page


def appointment_of(at: Dealership, page: Page) -> Any:
    return at.agent.get("/appointments/" + page.path.rpartition("/")[2])


def test_a_stranger_is_found_nowhere_registered_and_booked(at_desk: Desk, dealership: Dealership) -> None:
    """The text searched for is filled in, the best time chosen; nobody types an id, and no address holds a name or number."""
    browser, number, chassis = at_desk("agent"), phone(), vin()
    page = browser.send(browser.get(f"{HERE}/booking"), "find", q=number)
    assert page.status == 200
    assert page.path == f"{HERE}/booking"
    assert "Nobody found" in page.text
    assert page.forms["customer"].fields["phone"] == number
    page = browser.send(page, "customer", name="王芳")
    assert page.path.startswith(f"{HERE}/booking/"), page.text
    page = browser.send(page, "car", plate=f"沪B·{chassis[-5:]}", vin=chassis, make="Volkswagen", model="Passat", mileage="31950")
    offers = dealership.agent.get("/slot-offers", service_type="maintenance")["items"]
    assert page.forms["book"].fields["starts_at"] in {one["starts_at"] for one in offers}
    sent = page.forms["book"].filled(
        {
            "complaint": "保养，刹车时有异响",
            "operations": ["MNT-OIL"],
            "parts.0.part_number": "OIL-5W30",
            "parts.0.quantity": "4.5",
            "advisor": f"{DEALER}.advisor",
            "expected_pick_up_at": f"{spring(2)}T17:30",
            "acceptable_price": "800.00",
            "tags": ["comeback"],
        }
    )
    page = browser.post(page.forms["book"].action, sent)
    assert page.path.startswith(f"{HERE}/appointments/"), page.text
    booked = appointment_of(dealership, page)
    assert booked["status"] == "confirmed"
    assert booked["customer"]["name"] == "王芳"
    assert booked["vehicle"]["vin"] == chassis
    assert booked["operations"] == ["MNT-OIL"]
    assert [(part["part_number"], part["quantity"]) for part in booked["parts"]] == [("OIL-5W30", "4.500")]
    assert booked["acceptable_price"] == {"amount": "800.00", "currency": "CNY"}
    assert booked["expected_pick_up_at"] == f"{spring(2)}T09:30:00+00:00"
    assert "comeback" in booked["tags"]
    assert booked["advisor"] == f"{DEALER}.advisor"


@pytest.mark.parametrize("by", ["phone", "plate", "vin"])
def test_a_customer_who_is_on_file_is_found_with_the_car(at_desk: Desk, dealership: Dealership, by: str) -> None:
    """By a piece of the number, the plate or the chassis number; one click leads to the times."""
    number = phone()
    customer, car = known(dealership, number)
    browser = at_desk("agent")
    page = browser.send(browser.get(f"{HERE}/booking"), "find", q={"phone": number, **car}[by])
    assert f"{HERE}/booking/{customer['id']}/{car['id']}" in page.links, page.text


def test_a_car_that_came_without_an_appointment_is_taken_on(at_desk: Desk, dealership: Dealership) -> None:
    """Rule W1: found or registered as for a booking, its order is opened at once; that takes it out of the lane."""
    customer, car = known(dealership, phone())
    dealership.advisor.post("/lane/cars", {"plate": car["plate"]})
    there = f"{HERE}/booking/{customer['id']}/{car['id']}"
    assert "open" not in at_desk("agent").get(there).forms, "who may not open an order is offered to"
    browser = at_desk("advisor")
    page = browser.send(browser.get(there), "open", mileage="32,110", complaint="It rattles")
    assert page.path.startswith(f"{HERE}/orders/"), page.text
    order = dealership.advisor.get(f"/work-orders/{page.path.rpartition('/')[2]}")
    assert (order["complaint"], order["opening_mileage"], order["appointment_id"]) == ("It rattles", 32110, None)
    assert car["plate"] not in [one["plate"] for one in dealership.advisor.get("/lane")["cars"]]


def test_what_cannot_be_searched_for_is_said_at_the_field(at_desk: Desk) -> None:
    """And what was typed is still there."""
    browser = at_desk("agent")
    page = browser.send(browser.get(f"{HERE}/booking"), "find", q="---")
    assert 'id="find-q-error"' in page.source
    assert page.forms["find"].fields["q"] == "---"


def test_a_refused_car_keeps_its_typing(at_desk: Desk, dealership: Dealership) -> None:
    """The sentence stands at the chassis number; nothing was registered."""
    customer = dealership.agent.post("/customers", {"name": "韩梅梅", "phone": phone()})
    browser = at_desk("advisor", language="zh")
    page = browser.get(f"{HERE}/booking/{customer['id']}")
    page = browser.send(page, "car", plate="沪B·1", vin="IOQ", make="Volkswagen", model="Passat")
    assert page.status == 422
    assert 'id="car-vin-error"' in page.source
    assert page.forms["car"].fields["plate"] == "沪B·1"
    assert dealership.agent.get("/vehicles", customer_id=customer["id"])["items"] == []


def test_looking_at_other_times_changes_nothing_and_keeps_the_typing(at_desk: Desk, dealership: Dealership) -> None:
    """Another type of service, another day: the form is as it was, the times are others."""
    browser = at_desk("agent")
    page = book_page(browser, dealership)
    sheet = page.forms["book"]
    typed = sheet.filled({"complaint": "noise", "service_type": "body", "from_day": str(spring(3)), "operations": ["MNT-OIL"]})
    typed.add("do", "places")
    page = browser.post(sheet.action, typed)
    assert page.status == 200
    assert page.forms["book"].fields["complaint"] == "noise"
    assert page.forms["book"].fields["service_type"] == "body"
    assert f"{spring(3)}T00:30:00+00:00" in page.source
    assert not dealership.agent.get("/appointments", vehicle_id=sheet.fields["vehicle_id"])["items"]
    page = browser.send(page, "book", starts_at=f"{spring(3)}T00:30:00+00:00")
    assert appointment_of(dealership, page)["starts_at"] == f"{spring(3)}T00:30:00+00:00"


def test_a_second_appointment_on_a_day_is_asked_about(at_desk: Desk, dealership: Dealership) -> None:
    """It is told of first, and booked once it is said to be meant."""
    browser = at_desk("agent")
    page = book_page(browser, dealership)
    assert "confirm_second_appointment" not in page.forms["book"].names
    address = page.path
    browser.send(page, "book", starts_at=f"{spring(4)}T00:30:00+00:00")
    page = browser.get(address)
    assert "Booked already" in page.text
    page = browser.send(page, "book", starts_at=f"{spring(4)}T01:00:00+00:00", complaint="the radio, too")
    assert page.status == 409
    assert page.forms["book"].fields["complaint"] == "the radio, too"
    page = browser.send(page, "book", confirm_second_appointment="yes", starts_at=f"{spring(4)}T01:00:00+00:00")
    assert appointment_of(dealership, page)["complaint"] == "the radio, too"


def test_a_full_time_is_asked_about_too(at_desk: Desk, dealership: Dealership) -> None:
    """All places are taken: the wait list is offered, and the appointment waits there until somebody confirms it."""
    full = f"{spring(5)}T00:30:00+00:00"
    browser = at_desk("agent")
    for _ in range(4):
        customer, car = known(dealership, phone())
        body = {"customer_id": customer["id"], "vehicle_id": car["id"], "channel": "phone", "service_type": "maintenance"}
        dealership.agent.post("/appointments", {**body, "starts_at": full})
    page = browser.send(book_page(browser, dealership), "book", starts_at=full)
    assert page.status == 409
    assert "wait_list" in page.forms["book"].names
    page = browser.send(page, "book", starts_at=full, wait_list="yes")
    waiting = appointment_of(dealership, page)
    assert waiting["status"] == "wait_listed"
    listed = browser.get(f"{HERE}/appointments?show=wait_listed")
    assert f"confirm-{waiting['id']}" in listed.forms
    refused = browser.send(listed, f"confirm-{waiting['id']}")
    assert refused.status == 409
    assert "is full" in refused.text
    first = dealership.agent.get("/appointments", from_day=str(spring(5)), to_day=str(spring(5)), status="confirmed")["items"][0]
    page = browser.get(f"{HERE}/appointments/{first['id']}")
    assert "Done" in browser.send(page, "cancel", reason="sold the car").text
    again = browser.send(listed, f"confirm-{waiting['id']}")
    assert "Done: Confirm" in again.text
    assert dealership.agent.get(f"/appointments/{waiting['id']}")["status"] == "confirmed"


def test_a_booked_car_arrives_once(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """On the day's list or its own page; the same form sent twice has one effect. Then the advisor opens the order."""
    booked = car("booked")
    browser = at_desk("agent")
    page = browser.get(f"{HERE}/appointments/{booked['id']}")
    sheet = page.forms["arrive"]
    for _ in range(2):
        page = browser.post(sheet.action, sheet.filled({"bay": "R2"}))
        assert page.status == 200, page.text
    arrived = dealership.agent.get(f"/appointments/{booked['id']}")
    assert (arrived["status"], arrived["bay"]) == ("arrived", "R2")
    assert "arrive" not in page.forms
    page = at_desk("advisor").get(f"{HERE}/appointments/{booked['id']}")
    assert f"{HERE}/orders" in page.links


def test_the_days_list(at_desk: Desk, dealership: Dealership) -> None:
    """The day's appointments by time, with its neighbours a click away; another day's are not among them."""
    browser = at_desk("agent")
    page = browser.send(book_page(browser, dealership), "book", starts_at=f"{spring(6)}T02:00:00+00:00", complaint="rattles")
    mine = appointment_of(dealership, page)
    page = browser.get(f"{HERE}/appointments?day={spring(6)}")
    row = page.source.partition(mine["id"])[2].partition("</tr>")[0]
    assert mine["vehicle"]["plate"] in row
    assert "rattles" in row
    assert "Confirmed" in row
    assert "10:00" in page.text
    assert f"{HERE}/appointments?day={spring(5)}" in page.links
    assert f"{HERE}/appointments?day={spring(7)}" in page.links
    for neighbour in (str(spring(5)), str(spring(7))):
        assert mine["id"] not in browser.get(f"{HERE}/appointments?day={neighbour}").source
    assert browser.get(f"{HERE}/appointments?day=never").status == 200
    today = browser.get(f"{HERE}/appointments")
    assert f"{HERE}/appointments/fortnight" in today.links
    assert browser.get(f"{HERE}/appointments/fortnight").source.count("<meter") == 14


def test_what_is_booked_is_moved_and_amended(at_desk: Desk, dealership: Dealership) -> None:
    """The form has everything that is booked in it: what is not touched stays."""
    browser = at_desk("agent")
    sheet = book_page(browser, dealership).forms["book"]
    typed = {"starts_at": f"{spring(7)}T00:30:00+00:00", "complaint": "noise", "operations": ["MNT-OIL"], "waiting": "yes"}
    more = {"parts.0.part_number": "OIL-5W30", "parts.0.quantity": "4.5", "estimated_minutes": "90", "tags": ["diagnosis"]}
    page = browser.post(sheet.action, sheet.filled({**typed, **more}))
    before = appointment_of(dealership, page)
    page = browser.send(page, "reschedule", starts_at=f"{spring(7)}T05:00:00+00:00", reason="in the afternoon")
    assert "Done: Move" in page.text
    page = browser.send(page, "amend", complaint="noise when braking")
    after = dealership.agent.get(f"/appointments/{before['id']}")
    assert after["starts_at"] == f"{spring(7)}T05:00:00+00:00"
    assert after["complaint"] == "noise when braking"
    for kept in ("operations", "waiting", "tags", "estimated_minutes", "channel", "advisor"):
        assert after[kept] == before[kept], kept
    assert [part["part_number"] for part in after["parts"]] == ["OIL-5W30"]


def test_who_was_overtaken_sees_what_changed(at_desk: Desk, dealership: Dealership) -> None:
    """412: what was typed is there, and what somebody else changed is told."""
    browser = at_desk("agent")
    page = browser.send(book_page(browser, dealership), "book", starts_at=f"{spring(10)}T00:30:00+00:00")
    path = "/appointments/" + page.path.rpartition("/")[2]
    dealership.advisor.put(path, {"complaint": "noise"}, of=dealership.advisor.get(path))
    overtaken = browser.send(page, "amend", complaint="radio")
    assert overtaken.status == 412
    assert overtaken.forms["amend"].fields["complaint"] == "radio"
    assert "noise" in overtaken.source.partition('class="changes"')[2].partition("</table>")[0]


@pytest.mark.parametrize("who", ["technician", "cashier"])
def test_others_read_and_are_offered_nothing(at_desk: Desk, car: Car, who: str) -> None:
    """The screens are not in their navigation; what they send all the same the gateway refuses."""
    booked = car("booked")
    browser = at_desk(who)
    page = browser.get(f"{HERE}/appointments/{booked['id']}")
    assert page.status == 200
    assert not {"arrive", "cancel", "amend", "reschedule"} & page.forms.keys()
    assert f"{HERE}/booking" not in page.links
    sent = browser.post(page.path, {"do": "cancel", "reason": "for fun", "nonce": str(uuid4())})
    assert sent.status == 403


def test_another_dealers_appointments_are_not_there(at_desk: Desk, car: Car) -> None:
    """Nor are its customers and cars."""
    booked = car("booked")
    browser = at_desk("agent", OTHER)
    for there in (
        f"appointments/{booked['id']}",
        f"booking/{booked['customer']['customer_id']}",
        f"booking/{booked['customer']['customer_id']}/{booked['vehicle']['vehicle_id']}",
    ):
        assert browser.get(f"/d/{OTHER}/{there}").status == 404, there
        assert browser.get(f"/d/{DEALER}/{there}").status == 404, there


def test_today_is_the_dealers_day(at_desk: Desk) -> None:
    """Not the server's."""
    today = datetime.now(ZoneInfo(TIME_ZONE))
    assert f"{today.day} {today:%b}" in at_desk("agent").get(f"{HERE}/appointments").text


def test_every_call_is_one_the_document_publishes(asked: Asked) -> None:
    """Of all that was asked above."""
    assert len(asked.calls) > 100
    asked.must_be_published()
