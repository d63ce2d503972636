"""Deliveries in the console (Rule W13): agreed for a car, moved and cancelled, and the day hour by hour."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-deliveries"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"


def test_a_time_is_agreed_on_moved_and_cancelled(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """From the hand-over page; the day shows the car at its hour, and its order says when it is handed over."""
    order = car("checked")
    here, path = f"{HERE}/orders/{order['id']}", f"/work-orders/{order['id']}"
    advisor = at_desk("advisor", language="zh")
    assert f"{here}/delivery-time" in advisor.get(f"{here}/hand-over").links
    offers = dealership.advisor.get(f"{path}/delivery-plan")["offers"]
    page = advisor.send(advisor.get(f"{here}/delivery-time"), "book", starts_at=offers[0]["starts_at"], note="带上旧件")
    assert ("带上旧件" in page.text, "book" in page.forms) == (True, False)
    day = advisor.get(f"{HERE}/deliveries?day={offers[0]['starts_at'][:10]}")
    assert (order["vehicle"]["plate"] in day.text, "已约定" in day.text) == (True, True)
    refused = advisor.send(page, "move", starts_at=offers[1]["starts_at"], reason="")
    assert refused.status == 422
    page = advisor.send(refused, "move", starts_at=offers[1]["starts_at"], reason="客户要晚一点")
    assert dealership.advisor.get(path)["delivery_at"] == offers[1]["starts_at"]
    assert "约定交车" in advisor.get(f"{here}/hand-over").text
    page = advisor.send(page, "cancel", reason="客户出差")
    assert ("尚未约定交车时间" in page.text, "book" in page.forms) == (True, True)
    assert order["vehicle"]["plate"] in advisor.get(f"{HERE}/deliveries").text, "it is ready and has no time"


def test_a_big_repair_is_not_handed_over_at_a_peak(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The refusal says when it is possible; the offers leave the peak out."""
    order = car("approved")
    settings = dealership.manager.get("/delivery-settings")
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    peaks = [{"weekday": day, "begins": "00:00", "ends": "11:00"} for day in week]
    dealership.manager.put("/delivery-settings", {"peaks": peaks, "kept_classes": ["minor", "special"]}, of=settings)
    page = at_desk("advisor").get(f"{HERE}/orders/{order['id']}/delivery-time")
    assert "not handed over at a peak" in page.text
    plan = dealership.advisor.get(f"/work-orders/{order['id']}/delivery-plan")
    day = dealership.advisor.get("/delivery-day", day=plan["offers"][-1]["starts_at"][:10])
    [first, *_] = [one["starts_at"] for one in day["slots"] if one["peak"]]
    refused = at_desk("advisor").send(page, "book", starts_at=first)
    assert (refused.status, "is handed over from" in refused.text) == (409, True)
