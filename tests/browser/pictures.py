"""The pictures of docs/console.md, taken anew by `make pictures`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from servicelane.welcome import DEALER

TABLET = {"width": 820, "height": 1180}
WALL = {"width": 1920, "height": 1080}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures(sit: Callable[..., Page], car: Callable[[str], dict[str, Any]], pictures: Path, language: str) -> None:
    """Each screen once in each language; some of them dark."""
    cars = {stage: car(stage) for stage in ("received", "opened", "approved", "dispatched", "worked on", "checked", "delivered")}

    def take(page: Page, name: str, address: str) -> None:
        page.goto(address)
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=pictures / f"{name}.{language}.png", full_page=False)

    desk = sit("advisor", language=language)
    take(desk, "orders", f"/d/{DEALER}/orders")
    take(desk, "order", f"/d/{DEALER}/orders/{cars['opened']['id']}")
    take(desk, "hand-over", f"/d/{DEALER}/orders/{cars['checked']['id']}/hand-over")
    dark = sit("advisor", language=language, color_scheme="dark")
    take(dark, "order-dark", f"/d/{DEALER}/orders/{cars['approved']['id']}")
    booked, agent = car("booked"), sit("agent", language=language)
    take(agent, "appointments", f"/d/{DEALER}/appointments?day={booked['starts_at'][:10]}")
    take(agent, "booking", f"/d/{DEALER}/booking/{booked['customer']['customer_id']}/{booked['vehicle']['vehicle_id']}")
    take(agent, "follow-ups", f"/d/{DEALER}/follow-ups")
    foreman = sit("foreman", language=language, viewport=WALL)
    take(foreman, "board", f"/d/{DEALER}/board")
    take(sit("foreman", language=language), "card", f"/d/{DEALER}/board/{cars['approved']['id']}")
    inspector = sit("inspector", language=language, viewport=TABLET)
    take(inspector, "check-queue", f"/d/{DEALER}/check")
    take(inspector, "check", f"/d/{DEALER}/check/{cars['worked on']['id']}")
    take(sit("technician", language=language, viewport=TABLET), "work", f"/d/{DEALER}/my-work")
    till, counter = sit("cashier", language=language), sit("clerk", language=language)
    take(till, "cashier", f"/d/{DEALER}/cashier")
    take(till, "account", f"/d/{DEALER}/cashier/orders/{cars['delivered']['id']}")
    take(counter, "parts", f"/d/{DEALER}/parts")
    take(counter, "picking", f"/d/{DEALER}/parts/orders/{cars['dispatched']['id']}")
    desk.context.clear_cookies(name="lane")
    take(desk, "sign-in", "/sign-in")
