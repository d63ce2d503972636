"""The calls after deliveries, through the pages alone: who must be called sees what the customer will ask about."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from servicelane.dealership import Dealership
from tests.days import spring
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked
from tests.pages import Browser
from tests.waiting import awaited

DEALER = "sh-follow-ups"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]

QUEUE = f"/d/{DEALER}/follow-ups"


@pytest.fixture
def call(car: Car, dealership: Dealership) -> dict[str, Any]:
    """The call to make after a delivery."""
    order = car("delivered")

    def scheduled() -> Any:
        return next(iter(dealership.agent.get("/follow-ups", work_order_id=order["id"])["items"]), None)

    found: dict[str, Any] = awaited(scheduled, "the follow-up to be scheduled")
    return found


def state(at: Dealership, call: dict[str, Any]) -> Any:
    return at.agent.get(f"/follow-ups/{call['id']}")


def test_a_call_is_recorded_and_completed_with_two_clicks(at_desk: Desk, dealership: Dealership, call: dict[str, Any]) -> None:
    """Reached, then how it went; it is off the queue and among those that are over."""
    browser = at_desk("agent")
    page = browser.get(QUEUE)
    assert f"complete-{call['id']}" not in page.forms, "nobody has called yet"
    page = browser.send(page, f"reached-{call['id']}")
    assert page.path == f"{QUEUE}/{call['id']}"
    page = browser.send(page, "complete", satisfaction="5", note="happy with the brakes")
    assert page.path == QUEUE
    after = state(dealership, call)
    assert (after["state"], after["outcome"], after["satisfaction"]) == ("completed", "satisfied", 5)
    assert call["id"] not in page.source
    past = browser.get(f"{QUEUE}?show=past")
    assert call["id"] in past.source
    assert "happy with the brakes" in past.text


def test_the_caller_sees_what_the_customer_will_ask_about(at_desk: Desk, call: dict[str, Any]) -> None:
    """Number, car, what was done, what was declined and why, the next service."""
    for language in ("en", "zh"):
        browser = at_desk("agent", language=language)
        page = browser.get(f"{QUEUE}/{call['id']}")
        for seen in (
            call["phone"],
            call["plate"],
            "Volkswagen",
            call["done"][0]["description"],
            call["declined"][0]["description"],
        ):
            assert seen in page.text, seen
        assert "下次再换" in page.text
        assert "42000" in page.text.replace(",", "")
        assert f"tel:{call['preferred_phone'].replace(' ', '')}" in page.links


def test_who_is_not_reached_is_called_again(at_desk: Desk, dealership: Dealership, call: dict[str, Any]) -> None:
    """With the time that was promised; given up as unreachable only after a try. The same form twice is one attempt."""
    browser = at_desk("agent")
    page = browser.get(QUEUE)
    sheet = page.forms[f"missed-{call['id']}"]
    typed = sheet.filled({"call_again_at": f"{spring(2)}T10:30", "note": "voicemail"})
    for _ in range(2):
        page = browser.post(sheet.action, typed)
        assert page.path == QUEUE, page.text
    [attempt] = state(dealership, call)["attempts"]
    assert (attempt["reached"], attempt["call_again_at"]) == (False, f"{spring(2)}T02:30:00+00:00")
    page = browser.get(f"{QUEUE}/{call['id']}")
    assert "voicemail" in page.text
    page = browser.send(page, "complete", note="three times")
    assert state(dealership, call)["outcome"] == "unreachable"


def test_a_colleague_sees_who_is_calling_and_is_offered_nothing(
    at_desk: Desk, dealership: Dealership, call: dict[str, Any]
) -> None:
    """Rule C2: taken by a click, handed back by another; a form that was open meanwhile is refused by name, its typing stays."""
    browser, colleague = at_desk("agent"), at_desk("manager", language="zh")
    steps = {f"{do}-{call['id']}" for do in ("reached", "missed")}
    open_before = colleague.get(QUEUE)
    assert steps <= open_before.forms.keys()
    page = browser.send(browser.get(QUEUE), f"take-{call['id']}")
    assert steps <= page.forms.keys()
    assert "You are calling this customer" in page.text
    theirs = colleague.get(QUEUE)
    assert not [one for one in theirs.forms if one.endswith(call["id"])]
    assert "刘洋正在联系该客户" in theirs.text
    refused = colleague.send(open_before, f"missed-{call['id']}", note="无人接听")
    assert (refused.status, "正在联系该客户" in refused.text, "无人接听" in refused.text) == (409, True, True)
    assert state(dealership, call)["attempts"] == []
    browser.send(page, f"leave-{call['id']}")
    assert steps <= colleague.get(QUEUE).forms.keys()


def test_a_refusal_stands_at_its_field(at_desk: Desk, dealership: Dealership, call: dict[str, Any]) -> None:
    """A mark of six: the sentence, and what was typed."""
    browser = at_desk("agent", language="zh")
    page = browser.send(browser.get(QUEUE), f"reached-{call['id']}")
    page = browser.send(page, "complete", satisfaction="6", note="很满意")
    assert page.status == 422
    assert 'id="complete-satisfaction-error"' in page.source
    assert page.forms["complete"].fields["note"] == "很满意"
    assert state(dealership, call)["state"] == "scheduled"


def test_others_are_offered_no_calls(at_desk: Desk, call: dict[str, Any]) -> None:
    """The advisor reads it and is offered nothing; a technician and another dealer do not see it."""
    page = at_desk("advisor").get(f"{QUEUE}/{call['id']}")
    assert page.status == 200
    assert not {"reached", "missed", "complete"} & page.forms.keys()
    assert QUEUE not in page.links
    assert at_desk("technician").get(f"{QUEUE}/{call['id']}").status == 403
    assert at_desk("agent", OTHER).get(f"/d/{OTHER}/follow-ups/{call['id']}").status == 404
    sent = at_desk("advisor").post(f"{QUEUE}/{call['id']}", {"do": "complete", "outcome": "satisfied", "nonce": str(uuid4())})
    assert sent.status == 403


def test_every_call_is_one_the_document_publishes(asked: Asked) -> None:
    """Of all that was asked above."""
    assert len(asked.calls) > 20
    asked.must_be_published()
