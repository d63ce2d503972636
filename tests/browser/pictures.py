"""The pictures of docs/console.md, taken anew by `make pictures`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from servicelane.dealership import Dealership
from tests.browser.house import HERE, Place, places

TABLET = {"width": 820, "height": 1180}
WALL = {"width": 1920, "height": 1080}

FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "attention": ("attention", {}),
    "appointments": ("appointments", {}),
    "tasks": ("appointments' tasks", {}),
    "booking": ("booking, when", {}),
    "follow-ups": ("calls", {}),
    "orders": ("orders", {}),
    "order": ("order, quoted", {}),
    "order-dark": ("order, approved", {"color_scheme": "dark"}),
    "conflict": ("a conflict", {}),
    "hand-over": ("hand-over", {}),
    "board": ("board", {"viewport": WALL}),
    "card": ("card to give away", {}),
    "check-queue": ("check", {"viewport": TABLET}),
    "check": ("inspection", {"viewport": TABLET}),
    "work": ("work", {"viewport": TABLET}),
    "cashier": ("cashier", {}),
    "account": ("account", {}),
    "parts": ("parts", {}),
    "picking": ("picking", {}),
    "slip": ("slip", {}),
    "search": ("search", {}),
    "palette": ("palette", {}),
}
"""What stands in which picture, and on what."""

SITTING = {
    **dict.fromkeys(("appointments", "tasks", "booking", "follow-ups"), "agent"),
    **dict.fromkeys(("orders", "order", "order-dark", "conflict", "hand-over", "search", "palette"), "advisor"),
    **dict.fromkeys(("board", "card"), "foreman"),
    **dict.fromkeys(("check-queue", "check"), "inspector"),
    **dict.fromkeys(("cashier", "account"), "cashier"),
    **dict.fromkeys(("parts", "picking", "slip"), "clerk"),
}
"""Whose screen it is; the others' are as in the walk through all screens."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures(sit: Callable[..., Page], dealership: Dealership, cars: Any, pictures: Path, language: str) -> None:
    """Each screen once in each language; some of them dark."""
    known: dict[str, Place] = {place.name: place for place in places(dealership, cars)}
    for file, (name, how) in FILES.items():
        place = known[name]
        page = sit(SITTING.get(file, place.who), language=language, **how)
        page.goto(place.address.replace("?whose=all", ""))
        place.do(page)
        if file not in ("palette", "conflict"):
            page.evaluate("document.activeElement.blur()")
        page.screenshot(path=pictures / f"{file}.{language}.png")
        page.context.close()
    page = sit("advisor", language=language)
    page.context.clear_cookies(name="lane")
    page.goto("/sign-in")
    expect(page.locator("#login")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=pictures / f"sign-in.{language}.png")
    assert HERE not in page.url
