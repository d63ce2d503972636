"""A car that changes hands after it was booked: the desk is warned, and says whose appointment and order it is (Rule B1)."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.dealership import Dealership
from tests.journeys.console.conftest import Asked
from tests.pages import Browser
from tests.waiting import awaited

DEALER = "sh-hands"
HERE = f"/d/{DEALER}"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def sold(at: Dealership, booked: dict[str, Any], number: str) -> None:
    """The car is somebody else's, and booking has heard of it."""
    buyer = at.agent.post("/customers", {"name": "韩梅梅", "phone": number})
    car = at.agent.get(f"/vehicles/{booked['vehicle']['vehicle_id']}")
    facts = {name: car[name] for name in ("vin", "plate", "make", "model")}
    at.agent.put(f"/vehicles/{car['id']}", {**facts, "customer_id": buyer["id"]}, of=car)
    awaited(lambda: at.agent.get(f"/appointments/{booked['id']}").get("new_owner"), "the new owner is known")


def test_the_desk_is_warned_and_chooses(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    booked = car("booked")
    sold(dealership, booked, "+86 139 0000 7001")
    agent = at_desk("agent")
    page = agent.get(f"{HERE}/appointments/{booked['id']}")
    assert ("owned by 韩梅梅" in page.text, "韩梅梅" in page.text, booked["customer"]["name"] in page.text) == (True, True, True)
    page = agent.send(page, "whose", customer="new_owner")
    assert ("owned by" in page.text, "whose" in page.forms) == (False, False)
    assert dealership.agent.get(f"/appointments/{booked['id']}")["customer"]["name"] == "韩梅梅"


@pytest.mark.parametrize("screen", ["orders", "lane"])
def test_who_opens_the_order_says_whose_it_is(at_desk: Desk, car: Car, dealership: Dealership, screen: str) -> None:
    booked = car("booked")
    sold(dealership, booked, {"orders": "+86 139 0000 7002", "lane": "+86 139 0000 7003"}[screen])
    dealership.agent.post(f"/appointments/{booked['id']}/arrive", {})
    advisor = at_desk("advisor", language="zh")
    stands = awaited(lambda: _in_lane(dealership, booked["id"]), "the car is in the lane")
    dealership.advisor.post(f"/lane/cars/{stands}/greet", {})
    name = awaited(lambda: _form(advisor, screen, booked["id"]), "the car stands there")
    page = advisor.get(f"{HERE}/{screen}")
    assert "车主为 韩梅梅" in page.text
    page = advisor.send(page, name)
    assert (page.status, "档案中的车主为 韩梅梅" in page.text) == (409, True)
    page = advisor.send(page, name, customer="as_booked")
    [order] = dealership.advisor.get("/work-orders", vehicle_id=booked["vehicle"]["vehicle_id"])["items"]
    assert order["customer_name"] == booked["customer"]["name"]


def _in_lane(at: Dealership, appointment: str) -> str | None:
    return next((car["id"] for car in at.advisor.get("/lane")["cars"] if car["appointment_id"] == appointment), None)


def _form(browser: Browser, screen: str, appointment: str) -> str | None:
    page = browser.get(f"{HERE}/{screen}")
    return next((name for name, form in page.forms.items() if form.fields.get("appointment_id") == appointment), None)


def test_every_call_is_one_the_document_publishes(asked: Asked) -> None:
    asked.must_be_published()
