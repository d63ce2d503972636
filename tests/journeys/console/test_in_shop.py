"""The cars in the shop as one list, and the board of bookings (Rule W22): each leads to the other, each is live."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from servicelane.dealership import TIME_ZONE, Dealership
from tests.deployment import Embedded
from tests.journeys.console.conftest import Asked
from tests.journeys.console.test_day import booked
from tests.pages import Browser

DEALER = "sh-in-shop"
HERE = f"/d/{DEALER}"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def test_the_shop_is_narrowed_by_state_technician_and_promise_without_a_script(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rule W22: the first promised first; what was handed over is not in it; each row leads to its order."""
    given, waits, gone = car("dispatched"), car("approved"), car("delivered")
    advisor = at_desk("advisor")
    page = advisor.get(f"{HERE}/in-shop")
    for order in (given, waits):
        assert f"{HERE}/orders/{order['id']}" in page.links
    assert f"{HERE}/orders/{gone['id']}" not in page.links
    assert 'data-live="workshop.work_order' in page.source
    for asked, there, absent in (
        ("status=dispatched", given, waits),
        (f"technician={given['technician']}", given, waits),
        ("status=open&promised=", waits, given),
    ):
        found = advisor.get(f"{HERE}/in-shop?{asked}")
        assert f"{HERE}/orders/{there['id']}" in found.links, asked
        assert f"{HERE}/orders/{absent['id']}" not in found.links, asked
    today = date.fromisoformat(dealership.agent.get("/day-plan")["day"])
    for name, day in (("today", today), ("tomorrow", today + timedelta(days=1))):
        found = advisor.get(f"{HERE}/in-shop?promised={name}")
        for order in (given, waits):
            promised = datetime.fromisoformat(dealership.advisor.get(f"/work-orders/{order['id']}")["promised_at"])
            is_then = promised.astimezone(ZoneInfo(TIME_ZONE)).date() == day
            assert (f"{HERE}/orders/{order['id']}" in found.links) == is_then, name
    for asked in ("promised=late", "at_risk=yes", "technician=nobody"):
        assert "No such car is in the shop." in advisor.get(f"{HERE}/in-shop?{asked}").text, asked
    assert "没有符合条件的在店车辆" in at_desk("foreman", language="zh").get(f"{HERE}/in-shop?promised=late").text
    assert advisor.get(f"{HERE}/in-shop?status=void&promised=never").status == 200
    for leading in ("board", "orders", "bookings-board"):
        assert f"{HERE}/in-shop" in at_desk("manager").get(f"{HERE}/{leading}").links, leading
    assert f"{HERE}/parts/short" in page.links


@pytest.mark.parametrize("said", [("en", "not here yet: 1"), ("zh", "逾时未到：1")])
def test_the_board_of_bookings_has_the_day_by_the_hour_and_is_live(
    at_desk: Desk, dealership: Dealership, asked: Asked, embedded: Embedded, said: tuple[str, str]
) -> None:
    """Rule W22: today's cars with where each stands, who should be here by now, nobody's number; one read."""
    language, late = said
    missed = booked(dealership, dealership.agent.get("/slot-offers", service_type="body")["items"][0]["starts_at"])
    with closing(sqlite3.connect(embedded.data / "booking.sqlite", timeout=20)) as books, books:
        past = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-10 minutes')"  # as SQLAlchemy writes it
        books.execute(f"UPDATE appointment SET starts_at = {past} WHERE id = ?", [UUID(missed["id"]).hex])
    browser = at_desk("technician", language=language)
    browser.get(f"{HERE}/bookings-board")
    asked.calls.clear()
    page = browser.get(f"{HERE}/bookings-board")
    assert [one.path.rpartition(DEALER)[2] for one in asked.calls if f"/dealers/{DEALER}/" in one.path] == ["/day-plan"]
    comes = [one for hour in dealership.agent.get("/day-plan")["hours"] for one in hour["appointments"]]
    assert missed["id"] in [one["id"] for one in comes]
    for one in comes:
        assert f"{HERE}/appointments/{one['id']}" in page.links
        assert one["vehicle"]["plate"] in page.text
    assert (late in page.text, missed["customer"]["phone"] in page.text) == (True, False)
    assert 'data-live="booking.appointment' in page.source
    dealership.agent.post(f"/appointments/{missed['id']}/cancel", {"reason": "does not come"})
    assert late not in browser.get(f"{HERE}/bookings-board").text


@pytest.mark.parametrize(("language", "says"), [("en", "not promised yet"), ("zh", "尚未承诺")])
def test_a_car_with_nothing_promised_is_found_and_called_so(at_desk: Desk, car: Car, language: str, says: str) -> None:
    """Rule W22: whose customer was told no time is in one list, and says so there and on its own page."""
    untold, told = car("opened"), car("approved")
    advisor = at_desk("advisor", language=language)
    found = advisor.get(f"{HERE}/in-shop?promised=none")
    assert f"{HERE}/orders/{untold['id']}" in found.links
    assert f"{HERE}/orders/{told['id']}" not in found.links
    for page in (found, advisor.get(f"{HERE}/orders"), advisor.get(f"{HERE}/orders/{untold['id']}")):
        assert says in page.source.partition("<main")[2].replace(f">{says}</option>", ""), page.path


@pytest.mark.parametrize(("language", "says"), [("en", "Parts are here"), ("zh", "配件已到")])
def test_that_its_parts_are_here_is_said_of_a_held_order_wherever_it_is_shown(
    at_desk: Desk, car: Car, dealership: Dealership, language: str, says: str
) -> None:
    """Rule P3: in lists, on its own page, in the daily report; and the advisor's own cars begin with it."""
    order = car("dispatched")
    dealership.foreman.post(f"/work-orders/{order['id']}/hold", {"reason": "parts"})
    advisor, manager = at_desk("advisor", language=language), at_desk("manager", language=language)
    mine = advisor.get(f"{HERE}/orders")
    assert f'id="came-{order["id"]}"' in mine.source
    for page in (
        mine,
        advisor.get(f"{HERE}/in-shop?status=on_hold"),
        advisor.get(f"{HERE}/orders/{order['id']}"),
        manager.get(f"{HERE}/daily-report"),
    ):
        assert says in page.text, page.path
