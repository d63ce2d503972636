"""The manager's attention list, and the booking desk's: each matter leads where it is settled; who does not answer is named."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_args

import pytest

from console.gateway import Answer, Call, Caller, Gateway
from contracts.attention import ConcernKind
from contracts.booking.task import BookingTask
from contracts.gateway.suite import AttentionEntry
from servicelane.dealership import NAMES
from tests.pages import Browser

DEALER = "sh-attention"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}/attention"
SOME = "0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d10"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the gateway tells instead of the truth, which takes days to go so wrong."""
    answer: dict[str, Any] = {"as_of": "2026-03-02T09:00:00Z", "entries": [], "counts": [], "missing": []}
    ask = Gateway.ask

    def telling(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        true = ask(gateway, call, caller)
        if call.path.endswith("/attention"):
            assert set(true.body) == set(answer)
            return Answer(200, answer)
        return true

    monkeypatch.setattr(Gateway, "ask", telling)
    return answer


def matter(kind: str, **ids: Any) -> dict[str, Any]:
    entry = {
        **dict.fromkeys(one.name for one in fields(AttentionEntry)),
        "kind": kind,
        "severity": "severe",
        "service": "workshop",
    }
    whole = {**entry, "since": "2026-03-01T08:00:00Z", "what": f"What is wrong with {kind}.", **ids}
    assert set(whole) == {one.name for one in fields(AttentionEntry)}
    return whole


def test_the_managers_day_begins_with_it(at_desk: Desk) -> None:
    """With what the gateway tells; nothing is late or wrong at a dealer of today."""
    page = at_desk("manager").get("/")
    assert (page.path, page.status) == (HERE, 200)
    assert "Nothing wants your attention." in page.text


def test_every_kind_of_matter_is_shown_and_leads_on(at_desk: Desk, car: Car, told: dict[str, Any]) -> None:
    """To the order it is about, if no screen settles it; a car without an order to the lane; a lost message nowhere."""
    order = car("opened")
    kinds = get_args(ConcernKind)
    told["entries"] = [matter(kind, work_order_id=order["id"], plate="沪A·00001") for kind in kinds if kind != "order_not_opened"]
    told["entries"].append(matter("order_not_opened", appointment_id=SOME, customer_name="李娜"))
    told["entries"].append(matter("dead_message", service="billing", detail="billing.issue_invoices: tax rate"))
    told["counts"] = [{"kind": kind, "service": "workshop", "count": 7, "path": None} for kind in kinds]
    page = at_desk("manager").get(HERE)
    for kind in kinds:
        assert f"What is wrong with {kind}." in page.text
    assert page.links.count(f"/d/{DEALER}/orders") == 2, "the navigation's, and the car's that has no order yet"
    assert "billing.issue_invoices: tax rate" in page.text
    assert f"{len(kinds) + 1} of {7 * len(kinds)} are shown" in page.text
    for link in page.links:
        if link.startswith(f"/d/{DEALER}/orders/"):
            assert at_desk("manager").get(link).status == 200
            break
    else:
        pytest.fail("nothing leads to the order")


def test_one_kind_is_chosen_in_the_address(at_desk: Desk, told: dict[str, Any]) -> None:
    """An unknown one is none."""
    told["entries"] = [matter("late_order"), matter("long_hold", detail="parts")]
    told["counts"] = [{"kind": one, "service": "workshop", "count": 1, "path": None} for one in ("late_order", "long_hold")]
    browser = at_desk("manager", language="zh")
    page = browser.get(f"{HERE}?kind=long_hold")
    assert "What is wrong with long_hold." in page.text
    assert "What is wrong with late_order." not in page.text
    assert "长时间中断 1" in page.text
    assert "What is wrong with late_order." in browser.get(f"{HERE}?kind=nonsense").text


def test_who_does_not_answer_is_named(at_desk: Desk, told: dict[str, Any]) -> None:
    """And nobody says that all is well."""
    told["missing"] = ["billing", "reconciliation"]
    page = at_desk("manager").get(HERE)
    assert "Not told, for no answer came: Billing and Reconciliation." in page.text
    assert "Nothing wants your attention." not in page.text


@pytest.mark.parametrize("who", ["advisor", "technician", "cashier"])
def test_it_is_the_managers_alone(at_desk: Desk, who: str) -> None:
    """Others do not find it, and are refused at its address."""
    page = at_desk(who).get(HERE)
    assert page.status == 403
    assert HERE not in page.links


def test_cars_that_nobody_took_on_are_a_list(at_desk: Desk, car: Car, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each leads to its appointment, with whom to call; the evening in which they are found is told instead of awaited."""
    booked, ask = car("received"), Gateway.ask
    task = {
        "id": booked["id"],
        "version": 1,
        "kind": "order_not_opened",
        "state": "open",
        "appointment_id": booked["id"],
        "customer_name": booked["customer"]["name"],
        "phone": booked["customer"]["phone"],
        "plate": booked["vehicle"]["plate"],
        "advisor": f"{DEALER}.advisor",
        "arrived_at": booked["starts_at"],
        "opened_at": booked["starts_at"],
        "resolved_at": None,
        "expected_on": None,
    }
    BookingTask.load(task)

    def telling(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        true = ask(gateway, call, caller)
        return Answer(200, {"items": [task], "next_cursor": None}) if call.path.endswith("/booking-tasks") else true

    browser = at_desk("agent")
    there = f"/d/{DEALER}/appointments/tasks"
    assert there in browser.get(f"/d/{DEALER}/appointments").links
    assert "Nothing to look into." in browser.get(f"{there}?show=resolved").text
    monkeypatch.setattr(Gateway, "ask", telling)
    page = browser.get(there)
    assert f"/d/{DEALER}/appointments/{booked['id']}" in page.links
    assert "Came, and no order was opened" in page.text
    assert booked["customer"]["phone"] in page.text
    assert NAMES["advisor"] in page.text
    assert at_desk("technician").get(there).status == 403
