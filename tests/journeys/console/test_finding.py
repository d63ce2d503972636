"""The search without a script: a page of its own; addresses say nothing of it, a session that ends loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from console.gateway import Answer, Call, Caller, Gateway
from deploy.local.installation import PASSWORD
from tests.pages import Browser, Page

DEALER = "sh-finding"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}/search"


def searched(browser: Browser, text: str) -> Page:
    """What the page of the search shows."""
    return browser.send(browser.get(HERE), "finding", q=text)


def test_a_plate_a_name_a_number_and_a_vin_lead_to_the_order(at_desk: Desk, car: Car) -> None:
    """Whatever is typed; things that no screen shows are told without a link."""
    order = car("opened")
    browser = at_desk("technician")
    for text in (order["vehicle"]["plate"], order["customer"]["name"], order["number"], order["vehicle"]["vin"]):
        page = searched(browser, text)
        assert f"/d/{DEALER}/orders/{order['id']}" in page.links, text
        assert page.path == HERE
    assert "Work order" in page.text
    page = searched(at_desk("advisor"), order["vehicle"]["vin"])
    assert "Vehicle" in page.text
    assert f"/d/{DEALER}/vehicles/{order['vehicle']['vehicle_id']}" in page.links


def test_nothing_is_said_in_words_and_so_is_what_is_wrong(at_desk: Desk) -> None:
    """In the reader's language; what the gateway refuses stands beside what was typed."""
    assert "没有找到" in searched(at_desk("advisor", language="zh"), "没有这个人").text
    page = searched(at_desk("advisor"), "x" * 61)
    assert page.status == 422
    assert page.forms["finding"].fields["q"] == "x" * 61
    assert "Length must be between 1 and 60." in page.text


def test_the_palette_gets_what_it_lists(at_desk: Desk, car: Car) -> None:
    """Options with what each is, and how many there are; never a whole page."""
    order = car("opened")
    page = at_desk("advisor").post(HERE, {"q": order["vehicle"]["plate"], "palette": "1"})
    assert f'data-go="/d/{DEALER}/orders/{order["id"]}"' in page.source
    assert page.source.index("/orders/") < page.source.index("/vehicles/"), "Enter opens the visit"
    assert "<html" not in page.source


def test_what_no_screen_shows_is_listed_without_a_link(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is led to a page that refuses them."""
    browser = at_desk("advisor")
    monkeypatch.setattr("console.page.screens", list)
    page = browser.post(HERE, {"q": "OIL-5W30", "palette": "1"})
    assert 'aria-disabled="true"' in page.source
    assert "data-go" not in page.source


def test_kinds_that_could_not_be_looked_through_are_named(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes an answer for whole that is not."""
    ask = Gateway.ask

    def half(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        answer = ask(gateway, call, caller)
        return Answer(200, {"groups": [], "missing": ["part", "invoice"]}) if call.path.endswith("/search") else answer

    browser = at_desk("advisor")
    monkeypatch.setattr(Gateway, "ask", half)
    assert "Not looked through to the end: Part and Invoice." in searched(browser, "wang").text


def test_a_session_that_ends_meanwhile_keeps_what_was_typed(at_desk: Desk) -> None:
    """It is searched for after the sign-in."""
    browser = at_desk("advisor")
    page = browser.get(HERE)
    browser.client.set_cookie("lane", "ended")
    page = browser.send(page, "finding", q="没有这个人")
    assert page.status == 401
    page = browser.post(HERE, {"q": "没有这个人", "console-login": f"{DEALER}.advisor", "console-password": "wrong"})
    assert page.status == 401
    [form] = [one for one in page.forms.values() if one.fields.get("q") == "没有这个人"]
    sent = form.filled({"console-login": f"{DEALER}.advisor", "console-password": PASSWORD})
    page = browser.post(form.action, sent)
    assert page.status == 200
    assert page.forms["finding"].fields["q"] == "没有这个人"


def test_what_was_searched_for_is_in_no_log(at_desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    """The route is, and nothing of what was typed; a refusal tells no more."""
    browser = at_desk("advisor")
    searched(browser, "13900005678")
    searched(browser, "13900005678" * 6)
    written = "".join(capfd.readouterr())
    assert "13900005678" not in written


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            {"daily rep": "daily-report", "Bookings board": "bookings-board", "short": "parts/short", "health": "health-records"},
        ),
        ("zh", {"维修日报": "daily-report", "在店": "in-shop", "集团维修": "vehicle-history"}),
    ],
)
def test_a_screen_that_no_navigation_has_is_found_by_its_name(at_desk: Desk, language: str, names: dict[str, str]) -> None:
    """By Ctrl-K and by the search, by whoever may see it."""
    manager, cashier = at_desk("manager", language=language), at_desk("cashier", language=language)
    for text, where in names.items():
        assert f'data-go="/d/{DEALER}/{where}"' in manager.post(HERE, {"q": text, "palette": "1"}).source, text
        assert f"/d/{DEALER}/{where}" in searched(manager, text).links, text
    closed = next(text for text, where in names.items() if where == "daily-report")
    assert "daily-report" not in cashier.post(HERE, {"q": closed, "palette": "1"}).source


def test_a_vin_that_no_file_has_is_looked_for_in_the_group(at_desk: Desk) -> None:
    """Rule W22: a dealer that has never seen the car asks with one click, and types nothing twice."""
    browser = at_desk("advisor")
    page = searched(browser, "LSVAA49J1XC999999")
    page = browser.send(page, "beyond")
    assert page.path == f"/d/{DEALER}/vehicle-history"
    assert page.forms["find"].fields["q"] == "LSVAA49J1XC999999"
