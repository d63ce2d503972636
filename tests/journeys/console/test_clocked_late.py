"""A technician whose tablet had no connection tells afterwards when they began and stopped; nobody else clocks at this dealer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicelane.dealership import TIME_ZONE, Dealership
from tests.pages import Browser

DEALER = "sh-clocked-late"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def test_what_a_tablet_without_connection_did_is_told_afterwards(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W9: with its time, which is refused at its field if it cannot be."""
    order = car("parts issued")
    [line, *_] = [line["line_id"] for line in order["lines"] if line["kind"] == "labour"]
    browser = at_desk("technician")
    here = f"/d/{DEALER}/my-work/{order['id']}"
    page = browser.send(browser.get(here), f"on-at-{line}", occurred_at="2031-01-01T10:00")
    assert page.status == 422
    assert f'id="on-at-{line}-occurred_at-error"' in page.source
    then = datetime.now(ZoneInfo(TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")
    browser.send(page, f"on-at-{line}", occurred_at=then)
    browser.send(browser.get(here), f"off-at-{line}", occurred_at=datetime.now(ZoneInfo(TIME_ZONE)).isoformat()[:19])
    [stretch] = dealership.foreman.get(f"/work-orders/{order['id']}/clockings")["items"]
    assert datetime.fromisoformat(stretch["started_at"]) == datetime.fromisoformat(then).replace(tzinfo=ZoneInfo(TIME_ZONE))
    assert stretch["stopped_at"]
