"""Who finds which screens, and how many stand side by side."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import console
from console.screens import SCREENS
from locales import sentence
from servicelane.dealership import Dealership
from tests.deployment import Embedded
from tests.journeys.console.house import full_house, legs_of
from tests.pages import Browser

DEALER = "sh-navigation"

Desk = Callable[..., Browser]


@pytest.mark.parametrize(("role", "gathered"), [("manager", True), ("advisor", True), ("agent", False)])
def test_who_finds_many_screens_finds_them_by_area(at_desk: Desk, *, role: str, gathered: bool) -> None:
    """In a menu each; ten stand side by side. A service manager finds all of them."""
    page = at_desk(role).get(f"/d/{DEALER}")
    navigation = page.source.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    assert ("<details" in navigation) == gathered
    if gathered:
        assert f'href="/d/{DEALER}/rescues"' in navigation
    if role == "manager":
        assert navigation.count("<a ") == sum(1 for screen in SCREENS if screen.whose)
        assert navigation.count("<details") == len({screen.area for screen in SCREENS if screen.area != screen.name})


def test_the_menu_with_the_screen_one_looks_at_says_so(at_desk: Desk) -> None:
    """Nobody opens five menus to see where they are."""
    page = at_desk("manager", language="zh").get(f"/d/{DEALER}/lane")
    assert '<summary aria-current="true">预约接待</summary>' in page.source
    assert page.source.count('<summary aria-current="true">') == 1


@pytest.fixture(scope="module")
def cars(dealership: Dealership, embedded: Embedded) -> dict[str, dict[str, Any]]:
    """Something stands on every screen."""
    found = full_house(dealership, embedded)
    list(legs_of(dealership, found["booked"], found["delivered"]))
    return found


PAGES = {page.endpoint for screen in SCREENS for page in screen.pages}
LED_TO = {
    "order.attachments",
    "loaners.loan",
    "cashier.gate_pass",
    "purchasing.order",
    "stocktaking.stocktake",
    "stocktaking.count",
}
"""What stands for something that no car of this house has: many photos, a loan, a gate pass, parts on order, a stocktake."""
TEMPLATES = Path(console.__file__).parent / "templates"
MOST = 8
"""So many addresses of a page are followed: what leads on stands on some of them."""


OF_AN_APPOINTMENT = {"parts.special_orders"}
"""Whoever has nothing to do with parts gets there from an appointment that waits for some: not every day has one."""


def reached(app: Flask, browser: Browser) -> set[str]:
    """The pages to which links lead from where the work begins, a link at a time."""
    addresses, found, followed = app.url_map.bind("localhost"), set(), Counter[str]()
    first = browser.get(f"/d/{DEALER}")
    seen, waiting = {first.path}, [first]
    while waiting:
        page = waiting.pop()
        for link in [*page.links, *(one.action for one in page.forms.values())]:
            path = link.partition("?")[0].partition("#")[0]
            if not path.startswith(f"/d/{DEALER}") or link in seen:
                continue
            seen.add(link)
            endpoint, _ = addresses.match(path, method="GET")
            followed[endpoint] += 1
            if endpoint in PAGES and followed[endpoint] <= MOST:
                found.add(endpoint)
                waiting.append(browser.get(link))
    return found


def test_a_link_leads_to_every_page(at_desk: Desk, app: Flask, cars: dict[str, dict[str, Any]]) -> None:
    """From the navigation on: of a service manager, whose pages are all but those of somebody's own work."""
    own = {"work.mine", "work.job", "driving.mine"}
    assert PAGES - reached(app, at_desk("manager")) - own - LED_TO == set()
    templates = "".join(one.read_text("utf-8") for one in TEMPLATES.glob("*.html"))
    assert [endpoint for endpoint in LED_TO if f"url_for('{endpoint}'" not in templates] == []


@pytest.mark.parametrize(
    "role", ["agent", "advisor", "foreman", "technician", "inspector", "clerk", "cashier", "driver", "washer", "guard"]
)
def test_what_the_palette_knows_a_link_leads_to(at_desk: Desk, app: Flask, cars: dict[str, dict[str, Any]], role: str) -> None:
    """For whoever may see it: a page that only the palette finds is found by who knows what it is called."""
    browser = at_desk(role)
    here = reached(app, browser)
    for page in (page for screen in SCREENS for page in screen.pages if page.known):
        title = sentence(f"console.{page.known[0]}", "en")
        if f"/d/{DEALER}{page.path}" in browser.post(f"/d/{DEALER}/search", {"q": title}).links:
            assert page.endpoint in here | OF_AN_APPOINTMENT, (role, page.endpoint)
