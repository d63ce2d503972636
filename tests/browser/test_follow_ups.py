"""The calls after deliveries in a browser: two clicks a call, the keyboard, axe, and the width of a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.waiting import awaited

Sit = Callable[..., Page]
QUEUE = f"/d/{DEALER}/follow-ups"


@pytest.fixture
def call(car: Callable[[str], dict[str, Any]], dealership: Dealership) -> dict[str, Any]:
    """The call to make after a delivery."""
    order = car("delivered")

    def scheduled() -> Any:
        return next(iter(dealership.agent.get("/follow-ups", work_order_id=order["id"])["items"]), None)

    found: dict[str, Any] = awaited(scheduled, "the follow-up to be scheduled")
    return found


@pytest.mark.short
def test_a_call_takes_two_clicks(sit: Sit, call: dict[str, Any], dealership: Dealership) -> None:
    """On the queue it is recorded that the customer was reached, then how it went."""
    page = sit("agent")
    page.goto(QUEUE)
    page.locator(f"#reached-{call['id']} button").click()
    page.locator("#complete-satisfaction").fill("5")
    page.locator("#complete .send button").click()
    page.wait_for_url(f"**{QUEUE}*")
    after = dealership.agent.get(f"/follow-ups/{call['id']}")
    assert (after["outcome"], after["satisfaction"]) == ("satisfied", 5)


def test_a_colleague_who_calls_is_seen_at_once_also_by_who_was_refused_before(
    sit: Sit, call: dict[str, Any], dealership: Dealership
) -> None:
    """Rule C2: the open form says that others have changed this; who sends it all the same is told who is on the phone."""
    page = sit("agent")
    page.goto(QUEUE)
    card, form = page.locator(f"#call-{call['id']}"), page.locator(f"#missed-{call['id']}")
    card.locator("summary", has_text="Not reached").click()
    form.locator("[name=call_again_at]").fill("2026-01-01T10:00")
    form.locator(".send button").click()
    expect(form.locator(".summary")).to_be_visible()
    form.locator("[name=note]").fill("nobody answers")
    dealership.manager.post(f"/follow-ups/{call['id']}/take")
    expect(page.locator(".stale [data-why=typing]")).to_be_visible()
    form.locator("[name=call_again_at]").fill("")
    form.locator(".send button").click()
    expect(page.locator(".summary")).to_contain_text("is calling this customer")
    assert dealership.agent.get(f"/follow-ups/{call['id']}")["attempts"] == []
    dealership.manager.post(f"/follow-ups/{call['id']}/leave")


def test_a_call_by_the_keyboard_alone(sit: Sit, call: dict[str, Any], dealership: Dealership) -> None:
    """J goes to the first call, Enter opens it, the palette finds what is done with it."""
    page = sit("agent")
    page.goto(QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{QUEUE}/*")
    opened = page.url.rpartition("/")[2]
    page.keyboard.press("Control+k")
    page.keyboard.type("reached")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_be_visible()
    assert dealership.agent.get(f"/follow-ups/{opened}")["attempts"]
