"""The pictures of docs/console.md, taken anew by `make pictures`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from servicelane.dealership import Dealership
from tests.browser.house import Place, places

TABLET = {"width": 820, "height": 1180}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}

FILES: dict[str, tuple[str, dict[str, Any]]] = {
    "attention": ("attention", {}),
    "lane": ("lane", {"viewport": TABLET}),
    "appointments": ("appointments", {}),
    "appointment": ("appointment", {}),
    "fortnight": ("fortnight", {}),
    "bookings-board": ("bookings board", {"viewport": WALL}),
    "briefing": ("briefing", {}),
    "legs": ("pick-up and return", {}),
    "my-legs": ("legs of the driver", {"viewport": PHONE}),
    "leg": ("a leg", {"viewport": PHONE}),
    "tasks": ("appointments' tasks", {}),
    "booking": ("booking, when", {}),
    "file-customer": ("file of a customer", {}),
    "file-car": ("file of a car", {}),
    "history": ("history of a car", {}),
    "callers": ("customers waiting", {}),
    "conversion": ("conversion", {}),
    "loaners": ("loaners", {}),
    "loan": ("loan", {"viewport": TABLET}),
    "rescues": ("rescues", {}),
    "follow-ups": ("calls", {}),
    "orders": ("orders", {}),
    "order": ("order, quoted", {}),
    "order-dark": ("order, approved", {"color_scheme": "dark"}),
    "conflict": ("a conflict", {}),
    "walk-around": ("walk-around, signed", {"viewport": TABLET}),
    "walking-around": ("walk-around", {"viewport": TABLET}),
    "attachments": ("attachments", {}),
    "decisions": ("decisions", {}),
    "linked": ("what a link leads to", {"viewport": PHONE}),
    "link": ("a link that was made", {}),
    "visit": ("the customer's visit, asked", {"viewport": PHONE}),
    "visit-dark": ("the customer's visit, held", {"viewport": PHONE, "color_scheme": "dark"}),
    "visit-done": ("the customer's visit, delivered", {"viewport": PHONE}),
    "hand-over": ("hand-over", {}),
    "deliveries": ("deliveries", {}),
    "delivery-time": ("delivery time", {}),
    "promise": ("promise", {}),
    "to-tell": ("to tell", {}),
    "observations": ("observations", {}),
    "files": ("files", {}),
    "file": ("file of an order", {}),
    "health-records": ("health records", {}),
    "advice": ("advice", {}),
    "board": ("board", {"viewport": WALL}),
    "card": ("card to give away", {}),
    "in-shop": ("in the shop", {}),
    "daily-report": ("daily report", {}),
    "check-queue": ("check", {"viewport": TABLET}),
    "check": ("inspection", {"viewport": TABLET}),
    "team-checks": ("team checks", {"viewport": TABLET}),
    "completion": ("certificates to issue", {"viewport": TABLET}),
    "completion-certificate": ("completion certificate", {"viewport": TABLET}),
    "multi-point": ("multi-point inspection", {"viewport": TABLET}),
    "road-test": ("road test", {"viewport": TABLET}),
    "isolation": ("isolation", {"viewport": TABLET}),
    "battery": ("battery of a car", {"viewport": TABLET}),
    "washes": ("cars to wash", {"viewport": TABLET}),
    "equipment": ("equipment", {}),
    "certificates": ("certificates", {}),
    "attendance": ("attendance", {}),
    "performance": ("performance", {}),
    "quality": ("quality", {}),
    "promises-kept": ("promises kept", {}),
    "work": ("work", {"viewport": TABLET}),
    "job": ("job", {"viewport": TABLET}),
    "cashier": ("cashier", {}),
    "account": ("account", {}),
    "gate-pass": ("gate pass", {}),
    "invoice": ("invoice", {}),
    "parts": ("parts", {}),
    "picking": ("picking", {}),
    "short": ("parts short", {}),
    "special-orders": ("special orders", {}),
    "part": ("part", {}),
    "receipts": ("receipts", {}),
    "slip": ("slip", {}),
    "search": ("search", {}),
    "palette": ("palette", {}),
    "phone": ("order, quoted", {"viewport": PHONE}),
    "sign-in": ("sign-in", {}),
}
"""What stands in which picture, and on what; docs/console.md shows them in this order."""

SITTING = {
    **dict.fromkeys(
        ("lane", "appointments", "appointment", "fortnight", "legs", "tasks", "booking", "callers", "rescues", "follow-ups"),
        "agent",
    ),
    **dict.fromkeys(
        ("loan", "orders", "order", "order-dark", "phone", "conflict", "attachments", "decisions", "hand-over"), "advisor"
    ),
    **dict.fromkeys(("search", "palette"), "advisor"),
    **dict.fromkeys(("board", "card"), "foreman"),
    **dict.fromkeys(("check-queue", "check"), "inspector"),
    **dict.fromkeys(("cashier", "account", "gate-pass", "invoice"), "cashier"),
    **dict.fromkeys(("parts", "picking", "short", "special-orders", "part", "receipts", "slip"), "clerk"),
}
"""Whose screen it is; the others' are as in the walk through all screens."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures(sit: Callable[..., Page], dealership: Dealership, cars: Any, pictures: Path, language: str) -> None:
    """Each screen once in each language; some of them dark."""
    known: dict[str, Place] = {place.name: place for place in places(dealership, cars)}
    for file, (name, how) in FILES.items():
        place = known[name]
        who = SITTING.get(file, place.who)
        page = sit(who or "advisor", language=language, **how)
        if not who:
            page.context.clear_cookies(name="lane")
        page.goto(place.address.replace("?whose=all", ""))
        place.do(page)
        if file not in ("palette", "conflict"):
            page.evaluate("document.activeElement.blur()")
        page.screenshot(path=pictures / f"{file}.{language}.png")
        page.context.close()
