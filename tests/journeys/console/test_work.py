"""A technician's job by big buttons: start, pause, finish, to the quality check; and what stands in their way."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-work"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def test_a_job_is_started_paused_finished_and_sent_to_the_check(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Two taps a line and one for the check; the running job stands first."""
    order = car("parts issued")
    labour = [line["line_id"] for line in order["lines"] if line["kind"] == "labour"]
    browser = at_desk("technician")
    here = f"/d/{DEALER}/my-work/{order['id']}"
    page = browser.send(browser.get(here), f"on-{labour[0]}")
    assert page.path == f"/d/{DEALER}/my-work"
    assert f"off-{labour[0]}" in page.forms, "the running job is not on the first page"
    assert f"on-{labour[1]}" not in page.forms, "a second one is offered meanwhile"
    page = browser.send(page, f"pause-{labour[0]}")
    browser.send(browser.get(here), f"on-{labour[0]}")
    for line in labour:
        if line != labour[0]:
            browser.send(browser.get(here), f"on-{line}")
        page = browser.send(browser.get(here), f"off-{line}")
        assert page.status == 200
    page = browser.get(here)
    page = browser.send(page, f"check-{order['id']}")
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["status"] == "quality_check"
    assert "Done: I checked my work: hand the car in" in page.text


def test_what_was_found_is_written_down(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Cause and correction of the job; the complaint stays the customer's."""
    order = car("dispatched")
    browser = at_desk("technician", language="zh")
    page = browser.get(f"/d/{DEALER}/my-work/{order['id']}")
    page = browser.send(page, "job-1", cause="制动片磨损", correction="更换前制动片")
    [job] = dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"]
    assert (job["cause"], job["correction"]) == ("制动片磨损", "更换前制动片")
    assert job["complaint"] == order["jobs"][0]["complaint"]
    assert "已完成" in page.text


def test_what_was_reported_is_seen_until_it_is_decided_and_where_the_car_is_afterwards(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Nobody begins what the customer has not agreed to; a car in the check is told of, and is no dead end."""
    order = car("parts issued")
    path = f"/work-orders/{order['id']}"
    more = {"sublet": [{"description": "四轮定位", "price": {"amount": "80.00", "currency": "CNY"}, "payer": "customer_pay"}]}
    dealership.foreman.post(f"{path}/propose-additional-work", more, of=dealership.foreman.get(path))
    browser = at_desk("technician")
    assert "Reported, not agreed" in browser.get(f"/d/{DEALER}/my-work").text
    assert "四轮定位" in browser.get(f"/d/{DEALER}/my-work/{order['id']}").text
    checked = car("worked on")
    page = browser.get(f"/d/{DEALER}/my-work/{checked['id']}")
    assert page.status == 200
    assert "Quality check" in page.text
    assert not [form for form in page.forms if form.startswith(("on-", "off-", "check-"))]
    assert f"/d/{DEALER}/my-work/{checked['id']}" in browser.get(f"/d/{DEALER}/my-work").links
    assert browser.get(f"/d/{DEALER}/my-work/0190c6a0-0000-7000-8000-000000000000").status == 404


@pytest.mark.parametrize("who", ["advisor", "cashier"])
def test_it_is_the_technicians_alone(at_desk: Desk, who: str) -> None:
    """Others do not find it, and are refused at its address."""
    page = at_desk(who).get(f"/d/{DEALER}/my-work")
    assert page.status == 403
    assert f"/d/{DEALER}/my-work" not in page.links


def test_a_car_with_nothing_left_to_do_is_sent_to_the_check(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Also one that went back for what is no line of it, and while the technician is at another car already."""
    order, other = car("worked on"), car("parts issued")
    path = f"/work-orders/{order['id']}"
    dealership.advisor.post(f"{path}/return-to-work", {"reason": "A stain on the seat"}, of=dealership.advisor.get(path))
    browser = at_desk("technician")
    labour = next(line["line_id"] for line in other["lines"] if line["kind"] == "labour")
    browser.send(browser.get(f"/d/{DEALER}/my-work/{other['id']}"), f"on-{labour}")
    page = browser.get(f"/d/{DEALER}/my-work/{order['id']}")
    assert not [form for form in page.forms if form.startswith("on-")], "there is nothing to clock on to"
    paused = browser.send(browser.get(f"/d/{DEALER}/my-work/{other['id']}"), f"pause-{labour}")
    assert f"on-{labour}" in paused.forms, "after a pause the same car stands first"
    browser.send(page, f"check-{order['id']}")
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["status"] == "quality_check"
    assert f"check-{other['id']}" not in browser.get(f"/d/{DEALER}/my-work/{other['id']}").forms
