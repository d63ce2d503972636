"""Signed in, signed out, and in between: no session is given, taken over or lost, and no typing with it."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from deploy.local.installation import PASSWORD
from servicelane.client import Client
from servicelane.dealership import Dealership
from servicelane.setup import ADMIN
from tests.deployment import Embedded
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked, order_page, replica
from tests.pages import HOST, Browser
from tests.waiting import awaited

DEALER = "sh-sessions"

ORDERS = f"/d/{DEALER}/orders"
Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def handle_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("lane")
    assert cookie is not None
    return cookie.value


def test_a_sign_in_leads_to_where_one_wanted_to_go(app: Flask) -> None:
    """Signed out, an address leads to the sign-in; signed in, to itself."""
    browser = Browser(app.test_client())
    door = browser.get(f"{ORDERS}?show=ready")
    assert (door.status, door.path) == (200, "/sign-in")
    page = browser.post(
        f"/sign-in?next={ORDERS}?show=ready", {"console-login": f"{DEALER}.advisor", "console-password": PASSWORD}
    )
    assert (page.status, page.path) == (200, ORDERS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_password_is_refused_in_a_sentence(app: Flask, language: str) -> None:
    """The gateway's own, in the browser's language, and no cookie is set."""
    page = Browser(app.test_client(), language).post("/sign-in", {"console-login": "nobody", "console-password": "guess"})
    assert page.status == 401
    assert 'role="alert"' in page.source
    assert "Set-Cookie" not in page.headers


def test_the_browser_holds_a_handle_and_no_token(at_desk: Desk) -> None:
    """Opaque, out of reach of scripts, and not in the page."""
    browser = at_desk("advisor")
    cookie = browser.client.get_cookie("lane")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert "." not in cookie.value
    assert cookie.value not in browser.get(ORDERS).source


def test_a_session_is_never_taken_over_from_before_the_sign_in(app: Flask) -> None:
    """Whatever handle the browser had, it has a new one afterwards."""
    browser = Browser(app.test_client())
    browser.client.set_cookie("lane", "chosen-by-somebody-else", domain="localhost")
    browser.sign_in(f"{DEALER}.advisor", PASSWORD)
    first = handle_of(browser)
    assert first != "chosen-by-somebody-else"
    browser.sign_in(f"{DEALER}.advisor", PASSWORD)
    assert handle_of(browser) != first
    stolen = Browser(app.test_client())
    stolen.client.set_cookie("lane", first, domain="localhost")
    assert stolen.get(ORDERS).path == "/sign-in", "the session before goes on"


def test_signed_out_at_one_replica_is_signed_out_at_all(embedded: Embedded, app: Flask, at_desk: Desk) -> None:
    """A copy of the handle opens nothing any more, at the replica that had it in memory either."""
    browser, other = at_desk("advisor"), replica(embedded)
    copy = Browser(other.test_client())
    copy.client.set_cookie("lane", handle_of(browser), domain="localhost")
    assert copy.get(ORDERS).path == ORDERS
    assert browser.post("/sign-out", {}).path == "/sign-in"
    assert browser.client.get_cookie("lane") is None
    awaited(lambda: copy.get(ORDERS).path == "/sign-in", "the copy of the handle to open nothing", 10)


@pytest.mark.parametrize("page", ["search", "booking"])
def test_a_page_that_reads_nothing_is_shown_to_nobody_who_has_signed_out(embedded: Embedded, at_desk: Desk, page: str) -> None:
    """Other pages are refused what they read; before these it is asked whether the session goes on."""
    browser, copy = at_desk("agent"), Browser(replica(embedded).test_client())
    copy.client.set_cookie("lane", handle_of(browser), domain="localhost")
    address = f"/d/{DEALER}/{page}"
    assert copy.get(address).path == address
    browser.post("/sign-out", {})
    awaited(lambda: copy.get(address).path == "/sign-in", "the copy of the handle to open nothing", 10)


def test_who_somebody_is_is_not_asked_with_every_page(at_desk: Desk, asked: Asked) -> None:
    """Whoever has just come needs no second question before each page."""
    browser = at_desk("advisor")
    before = len(asked.calls)
    for _ in range(3):
        assert browser.get(ORDERS).path == ORDERS
    assert "/v1/me" not in {call.path for call in asked.calls[before:]}


def test_a_dealer_that_somebody_is_given_is_there_at_once(embedded: Embedded, dealership: Dealership, app: Flask) -> None:
    """What is not among what is known of them is asked for again."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    one, two = ({"dealer": dealer, "roles": ["service_advisor"]} for dealer in (DEALER, OTHER))
    account = {"login": "stand-in", "name": "赵敏", "password": PASSWORD, "dealers": [one]}
    opened = admin.post("/accounts", account)
    browser = Browser(app.test_client())
    browser.sign_in("stand-in", PASSWORD)
    assert browser.get(f"/d/{OTHER}/orders").status == 404
    admin.put(
        f"/accounts/{opened['id']}",
        {"name": "赵敏", "locale": "zh", "active": True, "dealers": [one, two], "group_roles": []},
        of=opened,
    )
    assert browser.get(f"/d/{OTHER}/orders").status == 200


def test_whoever_belongs_to_no_dealer_can_sign_out(app: Flask) -> None:
    """The group's administrator has no screens, and so no menu: the page that says so offers the way out."""
    browser = Browser(app.test_client())
    page = browser.sign_in(ADMIN, PASSWORD)
    assert (page.status, page.path) == (200, "/")
    assert 'action="/sign-out"' in page.source
    assert "/" not in page.links, "it would lead here again"
    page = browser.post("/sign-out", {})
    assert page.path == "/sign-in"
    assert browser.get("/").path == "/sign-in"


@pytest.mark.parametrize(("language", "said"), [("en", "You have no role at 浦东店 yet."), ("zh", "您在浦东店尚未被分配角色。")])
def test_whoever_has_no_role_at_their_dealer_is_told_so(embedded: Embedded, app: Flask, language: str, said: str) -> None:
    """And by whom it is changed, instead of an empty page; the way out is there, and nothing else is offered or answered."""
    admin = Client.sign_in(embedded.base_url, ADMIN, PASSWORD)
    login = f"nobody-yet-{language}"
    admin.post("/accounts", {"login": login, "name": "赵敏", "password": PASSWORD, "dealers": [{"dealer": DEALER, "roles": []}]})
    browser = Browser(app.test_client(), language)
    page = browser.sign_in(login, PASSWORD)
    assert (page.status, page.path) == (200, f"/d/{DEALER}")
    assert said in page.text
    assert 'action="/sign-out"' in page.source
    assert "data-events" not in page.source
    assert "data-search" not in page.source
    assert browser.get(f"/d/{DEALER}/orders").status == 403


def test_signed_out_everywhere_ends_every_session_of_the_person(at_desk: Desk) -> None:
    """Of this person, and of nobody else."""
    desk, tablet, colleague = at_desk("inspector"), at_desk("inspector"), at_desk("foreman")
    assert desk.post("/sign-out", {"everywhere": "yes"}).path == "/sign-in"
    awaited(lambda: tablet.get(f"/d/{DEALER}").path == "/sign-in", "the tablet's session to be over", 10)
    assert colleague.get(f"/d/{DEALER}").path != "/sign-in"


def test_another_dealers_page_is_absent(at_desk: Desk, car: Car) -> None:
    """An order of another dealer, the dealer itself, and one that does not exist look the same."""
    order = car("opened")
    stranger = at_desk("advisor", OTHER)
    answers = [
        stranger.get(f"/d/{DEALER}/orders/{order['id']}"),
        stranger.get(f"/d/{OTHER}/orders/{order['id']}"),
        stranger.get(f"/d/nowhere/orders/{order['id']}"),
        stranger.get(f"/d/{OTHER}/orders/{uuid.uuid4()}"),
    ]
    assert [one.status for one in answers] == [404] * 4
    assert order["customer"]["name"] not in "".join(one.source for one in answers)


def test_another_role_is_offered_nothing_and_can_do_nothing(at_desk: Desk, car: Car) -> None:
    """The technician reads the order; what the advisor may do is neither there nor done when it is sent all the same."""
    order = car("opened")
    technician = at_desk("technician")
    page = order_page(technician, order)
    assert "estimate" not in page.forms
    assert "void" not in page.forms
    refused = technician.post(
        page.path, {"do": "void", "nonce": str(uuid.uuid4()), "named": '{"reason": "Why"}', "reason": "worn"}
    )
    assert refused.status == 403
    assert re.search(r"Why\s+worn", refused.text), "what was typed is lost"
    chosen = {
        "do": "hold",
        "reason": "parts",
        "named": '{"reason": "Why"}',
        "offered": '{"reason=parts": "Waits for parts"}',
    }
    refused = technician.post(page.path, {**chosen, "nonce": str(uuid.uuid4())})
    assert re.search(r"Why\s+Waits for parts", refused.text), "what was chosen is told by its word"
    assert "Void" not in order_page(technician, order).text.split("Jobs and lines")[0]


def test_who_may_not_see_the_page_any_more_still_has_what_they_typed(at_desk: Desk, car: Car) -> None:
    """A role was taken away meanwhile: nothing is done, nothing of the dealer is shown, and nothing is typed twice."""
    order = car("opened")
    typed = {"do": "void", "nonce": str(uuid.uuid4()), "named": '{"reason": "Why"}', "reason": "worn"}
    refused = at_desk("advisor").post(f"/d/{OTHER}/orders/{order['id']}", typed)
    assert refused.status == 404
    assert re.search(r"Why\s+worn", refused.text), refused.text
    assert order["customer"]["name"] not in refused.source


def test_a_form_is_sent_by_whom_it_was_shown_to(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """In another tab of the same browser a colleague has signed in: it comes back and says so."""
    order = car("opened")
    browser = at_desk("advisor")
    page = order_page(browser, order)
    typed = page.forms["job-1"].filled({"complaint": "brakes squeal", "cause": "worn pads"})
    browser.post("/sign-in", {"console-login": f"{DEALER}.manager", "console-password": PASSWORD})
    again = browser.post(page.path, typed)
    assert again.status == 409
    assert "Somebody else is signed in here now" in again.text
    assert again.forms["job-1"].fields["cause"] == "worn pads"
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"][0]["cause"] is None
    assert browser.post(page.path, again.forms["job-1"].fields).status == 200
    assert dealership.advisor.get(f"/work-orders/{order['id']}")["jobs"][0]["cause"] == "worn pads"


def test_an_expired_session_in_the_middle_of_a_form_loses_nothing(at_desk: Desk, car: Car) -> None:
    """The sign-in keeps the typing, sends nothing, and shows the form as it was; one more click sends it once."""
    order = car("opened")
    browser = at_desk("advisor")
    page = order_page(browser, order)
    typed = page.forms["job-1"].filled({"complaint": "brakes squeal", "cause": "worn <pads>"})
    browser.client.set_cookie("lane", "ended-long-ago", domain="localhost")

    door = browser.post(page.path, typed)
    assert door.status == 401
    [kept] = [form for form in door.forms.values() if "console-login" in form.names]
    assert kept.fields["cause"] == "worn <pads>"

    wrong = browser.post(kept.action, kept.filled({"console-login": f"{DEALER}.advisor", "console-password": "guess"}))
    assert wrong.status == 401
    [kept] = [form for form in wrong.forms.values() if "console-login" in form.names]
    assert kept.fields["cause"] == "worn <pads>"

    back = browser.post(kept.action, kept.filled({"console-login": f"{DEALER}.advisor", "console-password": PASSWORD}))
    assert back.path == page.path
    assert back.forms["job-1"].fields["cause"] == "worn <pads>"
    assert PASSWORD not in back.source
    assert order_page(browser, order).forms["job-1"].fields["cause"] == "", "it was sent without being looked at"

    assert browser.post(back.forms["job-1"].action, back.forms["job-1"].fields).status == 200
    assert order_page(browser, order).forms["job-1"].fields["cause"] == "worn <pads>"


def test_a_form_of_another_site_does_nothing_for_who_is_signed_in(at_desk: Desk, car: Car) -> None:
    """Though the browser sent the cookie along."""
    order = car("opened")
    browser = at_desk("advisor")
    sheet = order_page(browser, order).forms["void"]
    for headers in ({"Origin": "http://evil.example"}, {"Origin": HOST, "Sec-Fetch-Site": "cross-site"}, {}):
        answer = browser.client.post(sheet.action, data=sheet.filled({"reason": "forged"}), headers=headers)
        assert answer.status_code == 403
    assert "Open" in order_page(browser, order).text
