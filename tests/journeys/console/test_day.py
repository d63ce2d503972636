"""The booking desk's day and fortnight, and who did not come: each page one question to the gateway."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.deployment import Embedded
from tests.journeys.console.conftest import Asked
from tests.journeys.console.test_booking import known, phone
from tests.pages import Browser
from tests.waiting import awaited

Desk = Callable[..., Browser]

HERE = f"/d/{DEALER}"


def booked(at: Dealership, starts_at: str, **more: Any) -> Any:
    customer, car = known(at, phone())
    asked = {"customer_id": customer["id"], "vehicle_id": car["id"], "channel": "phone", "service_type": "body"}
    return at.agent.post("/appointments", {**asked, "starts_at": starts_at, **more})


def test_the_day_by_the_hour_shows_load_tags_and_the_wait_list_that_moves_up(at_desk: Desk, dealership: Dealership) -> None:
    """Four places are taken, one waits; when one is cancelled the place is kept for who waits, and one click confirms it."""
    starts_at = dealership.agent.get("/slot-offers", service_type="body")["items"][0]["starts_at"]
    took = [booked(dealership, starts_at, tags=["comeback"]) for _ in range(4)]
    waits = booked(dealership, starts_at, wait_list=True)
    day = dealership.agent.get("/day-plan", day=starts_at[:10])["day"]
    for language, says in (("en", "Comeback"), ("zh", "返修")):
        page = at_desk("agent", language=language).get(f"{HERE}/appointments?day={day}")
        assert says in page.text
        for one in (*took, waits):
            assert one["vehicle"]["plate"] in page.text
    dealership.agent.post(f"/appointments/{took[0]['id']}/cancel", {"reason": "sold the car"})
    browser = at_desk("agent")
    page = browser.get(f"{HERE}/appointments?day={day}")
    assert "kept until" in page.text
    browser.send(page, f"confirm-{waits['id']}")
    assert dealership.agent.get(f"/appointments/{waits['id']}")["status"] == "confirmed"


def test_the_fortnight_shows_each_day_and_the_low_traffic_times(at_desk: Desk, dealership: Dealership) -> None:
    """Every day leads to its hours; each type of service has its offers."""
    for language, says in (("en", "Low-traffic"), ("zh", "低谷")):
        page = at_desk("agent", language=language).get(f"{HERE}/appointments/fortnight")
        assert page.status == 200
        assert says in page.text
        tomorrow = (date.fromisoformat(dealership.agent.get("/day-plan")["day"]) + timedelta(days=1)).isoformat()
        assert f"{HERE}/appointments?day={tomorrow}" in page.links


@pytest.mark.parametrize(
    ("path", "asks"),
    [("appointments", "/day-plan"), ("appointments/fortnight", "/fortnight"), ("conversion", "/booking-conversion")],
)
def test_a_screen_asks_once(at_desk: Desk, asked: Asked, path: str, asks: str) -> None:
    """Beside who is signed in, which every page asks."""
    browser = at_desk("agent")
    browser.get(f"{HERE}/{path}")
    asked.calls.clear()
    browser.get(f"{HERE}/{path}")
    assert [one.path.rpartition(DEALER)[2] for one in asked.calls if f"/dealers/{DEALER}/" in one.path] == [asks]


def test_who_did_not_come_is_called_from_the_queue(at_desk: Desk, dealership: Dealership, embedded: Embedded) -> None:
    """With name and number; how it ended is recorded once, and the card is gone."""
    starts_at = dealership.agent.get("/slot-offers", service_type="repair")["items"][0]["starts_at"]
    missed = booked(dealership, starts_at, service_type="repair", complaint="it rattles")
    with closing(sqlite3.connect(embedded.data / "booking.sqlite", timeout=20)) as books, books:
        appointment = UUID(missed["id"]).hex
        past = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-2 hours')"  # as SQLAlchemy writes it
        books.execute(f"UPDATE appointment SET starts_at = {past} WHERE id = ?", [appointment])
        books.execute(f"UPDATE timer SET due_at = {past} WHERE name = 'miss_appointment' AND subject = ?", [appointment])
    (call,) = awaited(
        lambda: dealership.agent.get("/calls", customer_id=missed["customer"]["customer_id"])["items"],
        "crm to have a call to make",
    )
    browser = at_desk("agent")
    page = browser.get(f"{HERE}/follow-ups")
    assert missed["customer"]["phone"] in page.text
    assert "it rattles" in page.text
    page = browser.send(page, f"called-{call['id']}", outcome="later", note="on holiday")
    assert f"called-{call['id']}" not in page.forms
    done = dealership.agent.get(f"/calls/{call['id']}")
    assert (done["state"], done["outcome"], done["note"]) == ("done", "later", "on holiday")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_customer_is_invited_from_their_page_and_counted_when_they_book(
    at_desk: Desk, dealership: Dealership, language: str
) -> None:
    """Rule B8: not without their consent, said in a sentence; what became of it is on the page of the month."""
    customer, car = known(dealership, phone())
    browser = at_desk("agent", language=language)
    page = browser.get(f"{HERE}/booking/{customer['id']}")
    asked = {"vehicle_id": car["id"], "reason": "periodic_service", "channel": "wechat", "note": "5,000 km"}
    refused = browser.send(page, "invite", **asked)
    assert refused.status == 409
    assert {"en": "has not agreed", "zh": "未同意"}[language] in refused.text
    consent = {"purpose": "service_reminder", "channel": "wechat", "granted": True, "source": "form"}
    file = {"name": customer["name"], "phone": customer["phone"], "consents": [consent]}
    dealership.agent.put(f"/customers/{customer['id']}", file, of=dealership.agent.get(f"/customers/{customer['id']}"))
    before = dealership.agent.get("/booking-conversion")["invited"]
    browser.send(page, "invite", **asked)
    (made,) = dealership.agent.get("/invitations", vehicle_id=car["id"])["items"]
    assert (made["reason"], made["channel"], made["note"], made["plate"]) == (*list(asked.values())[1:], car["plate"])
    now = awaited(lambda: _more(dealership, before), "booking to hear of the invitation")
    assert now["invited"] == before["invited"] + 1
    starts_at = dealership.agent.get("/slot-offers", service_type="repair")["items"][0]["starts_at"]
    booking = {"customer_id": customer["id"], "vehicle_id": car["id"], "channel": "phone", "service_type": "repair"}
    dealership.agent.post("/appointments", {**booking, "starts_at": starts_at})
    assert dealership.agent.get("/booking-conversion")["invited"]["booked"] == before["booked"] + 1
    page = at_desk("manager", language=language).get(f"{HERE}/conversion")
    assert {"en": "Booked of invited", "zh": "邀请预约率"}[language] in page.text
    assert {"en": "WeChat", "zh": "微信"}[language] in page.text


def _more(at: Dealership, before: dict[str, Any]) -> dict[str, Any] | None:
    now: dict[str, Any] = at.agent.get("/booking-conversion")["invited"]
    return now if now["invited"] > before["invited"] else None
