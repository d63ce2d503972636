"""The parts desk without a script: the pick list, what is handed out and comes back, what is short and who waits for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from servicelane.client import awaited
from servicelane.dealership import TIME_ZONE, Dealership
from tests.journeys.conftest import OTHER
from tests.pages import Browser

DEALER = "sh-parts"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def where(order: dict[str, Any], more: str = "") -> str:
    return f"/d/{DEALER}/parts/orders/{order['id']}{more}"


def reservation(dealership: Dealership, order: dict[str, Any]) -> Any:
    return dealership.clerk.get(f"/work-orders/{order['id']}/reservation")


@pytest.fixture
def waiting(car: Car, dealership: Dealership) -> Callable[[], dict[str, Any]]:
    """An order that was given to a technician, its approved parts in the bin."""

    def brought() -> dict[str, Any]:
        order = car("dispatched")
        approved = {line["line_id"] for line in order["lines"] if line["kind"] == "part" and line["state"] == "approved"}

        def there() -> Any:
            lines = reservation(dealership, order)["lines"]
            return approved <= {one["line_id"] for one in lines if one["approved"] and one["reserved"] != "0.000"} or None

        awaited(there, "the parts to be reserved")
        return order

    return brought


def test_parts_are_picked_issued_and_taken_back(at_desk: Desk, waiting: Any, dealership: Dealership) -> None:
    """From the list, everything that is reserved, signed by the technician; then one comes back."""
    order = waiting()
    browser = at_desk("clerk")
    page = browser.get(f"/d/{DEALER}/parts")
    assert where(order) in page.links
    bay = dealership.clerk.get(f"/work-orders/{order['id']}")["bay"]
    assert bay != reservation(dealership, order)["bay"], "it was received elsewhere"
    row = page.source.partition(where(order))[2].partition("</tr>")[0]
    assert f">{bay}</td>" in row, "the clerk sees where to bring the parts"
    page = browser.get(where(order))
    assert not page.forms["issue"].fields["signature.name"], "who signs types their name"
    page = browser.get(where(order) + "?take=all")
    page = browser.send(page, "issue", signature__name="李强")
    assert page.path == f"/d/{DEALER}/parts"
    assert "Done: Issue" in page.text
    assert where(order) not in page.links, "nothing is left to issue"
    lines = [one for one in reservation(dealership, order)["lines"] if one["approved"]]
    assert {one["reserved"] for one in lines} == {"0.000"}
    [slip] = [link for link in browser.get(where(order)).links if "/slips/" in link]
    assert slip in browser.get(f"/d/{DEALER}/orders/{order['id']}").links
    signed = browser.get(slip)
    assert "Issue slip" in signed.text
    assert {"OIL-5W30", "PAD-F-77"} <= set(signed.text.split())
    assert at_desk("cashier").get(slip).status == 403
    assert at_desk("clerk", OTHER).get(slip.replace(DEALER, OTHER)).status == 404

    page = browser.get(where(order, "/return"))
    at = next(number for number, one in enumerate(reservation(dealership, order)["lines"]) if one["issued"] == "1.000")
    page = browser.send(page, "return", **{f"lines__{at}__quantity": "1"}, signature__name="李强")
    assert "Done: Take back" in page.text
    assert reservation(dealership, order)["lines"][at]["issued"] == "0.000"


def test_more_than_was_agreed_is_refused_and_stays_typed(at_desk: Desk, waiting: Any, dealership: Dealership) -> None:
    """In a sentence, nothing handed out; a quantity that is none is told at its field."""
    order = waiting()
    before = reservation(dealership, order)
    at = next(number for number, one in enumerate(before["lines"]) if one["approved"])
    browser = at_desk("clerk", language="zh")
    name = f"lines__{at}__quantity"
    page = browser.send(browser.get(where(order)), "issue", **{name: "77"}, signature__name="李强")
    assert page.status == 409
    assert page.forms["issue"].fields[f"lines.{at}.quantity"] == "77"
    part = before["lines"][at]
    assert f"配件 {part['part_number']} 不得超出客户同意的数量领料。" in page.text
    assert part["line_id"] not in page.text, "nobody knows a line by its id"
    nothing = browser.send(browser.get(where(order)), "issue", signature__name="李强")
    assert "工单配件一栏：必填。" in nothing.text
    assert "issue-lines" in nothing.ids
    page = browser.send(page, "issue", **{name: "plenty"}, signature__name="李强")
    assert page.status == 422
    assert f'id="issue-lines-{at}-quantity-error"' in page.source
    assert reservation(dealership, order)["lines"] == before["lines"]


def test_what_is_short_says_who_waits_for_it(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """In the list, in the order, and by part."""
    order = car("opened")
    path = f"/work-orders/{order['id']}"
    line = {"part_number": "DISC-F-77", "quantity": "9000", "payer": "customer_pay"}
    dealership.advisor.post(f"{path}/lines", {"parts": [line]}, of=dealership.advisor.get(path))
    at = dealership.advisor
    at.post(f"{path}/estimates", {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}, of=at.get(path))
    fresh = at.get(path)
    shown = at.get(f"{path}/estimate")["document_hash"]
    decision = {"means": "typed", "name": order["customer"]["name"], "document_hash": shown}
    at.post(f"{path}/approve-estimate", {"estimate_version": fresh["estimate_version"], "decision": decision}, of=fresh)

    def lacking() -> Any:
        return [
            one for one in reservation(dealership, order)["lines"] if one["part_number"] == "DISC-F-77" and one["approved"]
        ] or None

    awaited(lacking, "the part to be short")
    browser = at_desk("clerk")
    page = browser.get(f"/d/{DEALER}/parts")
    assert where(order) in page.links
    assert "short" in page.text
    short = f"/d/{DEALER}/parts/short?part=DISC-F-77"
    assert short in browser.get(where(order)).links
    page = browser.get(short)
    assert {where(order), f"/d/{DEALER}/orders/{order['id']}"} <= set(page.links)
    assert order["vehicle"]["plate"] in page.text


def test_rule_b6_a_booked_car_that_lacks_parts_is_ordered_for(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The clerk says when they come; later than the car, the desk moves it, and no time is chosen for it."""
    booked = car("booked")
    path = f"/appointments/{booked['id']}"
    there = f"/d/{DEALER}/appointments/{booked['id']}"
    at = dealership.agent
    at.put(path, {"parts": [{"part_number": "WIPER-24", "quantity": "90000"}]}, of=at.get(path))
    order = awaited(lambda: at.get(path)["special_orders"], "the parts to be on special order")[0]
    day = datetime.fromisoformat(booked["starts_at"]).astimezone(ZoneInfo(TIME_ZONE)).date()
    clerk = at_desk("clerk", language="zh")
    page = clerk.get(f"/d/{DEALER}/parts/special-orders")
    assert booked["vehicle"]["plate"] in page.text
    [form] = [one for name, one in page.forms.items() if name.startswith("expect")]
    wrong = clerk.post(form.action, form.filled({"expected_on": "2020-01-01"}))
    assert (wrong.status, "不能早于今天" in wrong.text) == (422, True)
    page = clerk.post(form.action, form.filled({"expected_on": (day + timedelta(days=2)).isoformat()}))
    assert "晚于来车" in page.text
    awaited(lambda: at.get(path)["special_orders"][0]["late"] or None, "the desk to know when the parts come")
    agent = at_desk("agent")
    tasks = agent.get(f"/d/{DEALER}/appointments/tasks")
    assert there in tasks.links
    assert "today" not in tasks.text.partition(booked["vehicle"]["plate"])[2].partition("To do")[0], "nobody has arrived"
    for looked in (there, f"/d/{DEALER}/appointments?day={day.isoformat()}"):
        assert "On special order: WIPER-24 ×" in agent.get(looked).text
    page = agent.get(there)
    assert not page.forms["reschedule"].fields.get("starts_at"), "who moves a car has agreed on a time first"
    free = at.get("/free-places", service_type=booked["service_type"], from_day=(day + timedelta(days=3)).isoformat(), days=5)
    time = next(slot["starts_at"] for one in free["items"] for slot in one["slots"] if slot["free"])
    at.post(f"{path}/reschedule", {"starts_at": time, "reason": "parts come later"})
    awaited(lambda: not at.get(path)["special_orders"][0]["late"] or None, "the special order to have moved")
    awaited(lambda: not at.get("/booking-tasks", state="open")["items"] or None, "the task to be settled")
    cost = {"amount": "30.00", "currency": "CNY"}
    line = {"part_number": "WIPER-24", "quantity": "90000", "unit_cost": cost}
    dealership.clerk.post("/stock/receipts", {"reference": "SPECIAL", "supplier": "SAIC", "lines": [line]})
    awaited(lambda: at.get(path)["parts_state"] == "reserved" or None, "the parts to be set aside")
    assert at.get(path)["special_orders"] == []
    settled = dealership.clerk.get("/special-orders", state="settled", appointment_id=booked["id"])["items"]
    assert [one["id"] for one in settled] == [order["special_order_id"]]


@pytest.mark.parametrize("who", ["cashier", "technician"])
def test_the_counter_is_the_clerks(at_desk: Desk, waiting: Any, who: str) -> None:
    """Others do not find it; whoever may look is offered nothing, and nobody else hands anything out."""
    order = waiting()
    browser = at_desk(who)
    assert f"/d/{DEALER}/parts" not in browser.get(f"/d/{DEALER}").links
    page = browser.get(where(order))
    assert not any(name.endswith("quantity") for form in page.forms.values() for name in form.names)
    sent = browser.post(
        where(order),
        {"do": "issue", "technician": "x", "signature.means": "typed", "signature.name": "x", "lines.0.quantity": "1"},
    )
    assert sent.status == 403
