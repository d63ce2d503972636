"""A customer follows their order by its link, through the pages alone, without signing in and without a script (Rule W17)."""

import re
from collections.abc import Callable
from typing import Any

from flask import Flask

from servicelane.dealership import Dealership
from tests.deployment import Embedded
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked, order_page
from tests.journeys.console.photos import a_photo, attached
from tests.journeys.console.test_link import its_photo, made, opened, quoted
from tests.pages import Browser, Page

DEALER = "sh-visit"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def links_page(browser: Browser, order: dict[str, Any]) -> Page:
    return browser.get(f"/d/{DEALER}/orders/{order['id']}/link")


def invited(browser: Browser, order: dict[str, Any]) -> str:
    """The customer's link to the order, as it is shown once."""
    return made(browser.send(links_page(browser, order), "invite"))


def test_a_customer_follows_their_order_and_decides_there(
    *, app: Flask, at_desk: Desk, car: Car, dealership: Dealership, asked: Asked, embedded: Embedded
) -> None:
    """Rule W17: shown once; where the car is, what it costs, the photo; approved there; and the secret stands nowhere."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    attached(advisor, order_page(advisor, order), a_photo(), kind="finding", line_id=order["lines"][1]["line_id"], note="worn")
    attached(advisor, order_page(advisor, order), a_photo("blue"), kind="walk_around")
    assert f"/d/{DEALER}/orders/{order['id']}/link" in order_page(advisor, order).links
    page = links_page(advisor, order)
    link = made(advisor.send(page, "invite"))
    assert made(advisor.send(page, "invite")) == link, "a double click makes one"
    secret = link.partition("#")[2].partition(".")[2]
    assert secret not in links_page(advisor, order).source

    customer, page = opened(app, link, "zh")
    assert (page.status, page.path) == (200, "/link/visit"), page.text
    for said in ("浦东店", order["vehicle"]["plate"], "等待您的确认", "请您确认：估价单", "worn"):
        assert said in page.text, page.text
    for hidden in (order["customer"]["phone"], order["vehicle"]["vin"], f"{DEALER}.technician", f"{DEALER}.advisor"):
        assert hidden not in page.source
    its_photo(app, customer, page, dealership, order, cookie="visit-link")

    agreed = customer.send(page, "approve-1", signature__name="王芳")
    assert (agreed.path, "已排期" in agreed.text, "请您确认" in agreed.text) == ("/link/visit", True, False), agreed.text
    assert "已排期" in customer.send(page, "approve-1", signature__name="王芳").text, "a double click is answered as before"
    late = customer.send(page, "decline-1", signature__name="王芳", reason="too dear")
    assert (late.status, "已排期" in late.text) == (409, True)
    assert {line["state"] for line in dealership.advisor.get(f"/work-orders/{order['id']}")["lines"]} == {"approved"}
    assert "By link" in order_page(advisor, order).text
    asked.must_be_published()
    kept = [one for one in embedded.data.parent.rglob("*") if one.is_file() and secret.encode() in one.read_bytes()]
    assert kept == [], "no log and no database has it"
    assert all(secret not in str((call.path, call.query, call.body)) for call in asked.calls)


def test_what_does_not_open_says_why_and_what_is_nobodys_tells_nothing(
    app: Flask, at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rule W17: withdrawn, replaced, of another dealer, guessed, of a void order; in both languages."""
    order = car("opened")
    advisor = at_desk("advisor")
    older = invited(advisor, order)
    link = invited(advisor, order)
    address, _, _ = link.partition("#")
    nothing = "We do not know this link. Please ask your dealer for a new one."
    for text in (link.replace(DEALER, OTHER), f"{address}#{DEALER}.{'x' * 43}"):
        customer, page = opened(app, text)
        assert (page.status, page.path, nothing in page.text) == (404, "/link", True)
        assert customer.client.get_cookie("visit-link") is None
    assert "A newer link was made" in opened(app, older)[1].text
    customer, page = opened(app, link)
    assert page.path == "/link/visit"
    links = links_page(advisor, order)
    [end] = [name for name in links.forms if name.startswith("end-")]
    assert advisor.send(links, end).status == 422, "not without a reason"
    gone = advisor.send(links, end, reason="sent to the wrong number")
    assert "sent to the wrong number" in gone.text
    for language, sentence in (("en", "The dealer has withdrawn this link."), ("zh", "经销商已撤回该链接。")):
        shown = opened(app, link, language)[1]
        assert (shown.status, sentence in shown.text) == (409, True)
    assert customer.get("/link/visit").status == 409
    void = car("opened")
    link = invited(advisor, void)
    path = f"/work-orders/{void['id']}"
    dealership.advisor.post(f"{path}/void", {"reason": "left"}, of=dealership.advisor.get(path))
    assert "ended without work" in opened(app, link)[1].text
    assert "invite" not in links_page(advisor, void).forms
    lost = Browser(app.test_client())
    assert lost.get("/link/visit").path == "/link"
    assert lost.post("/link/visit", {"do": "approve"}).status == 404


def test_the_link_of_one_order_shows_no_photo_of_another_and_decides_on_none(
    app: Flask, at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rule W17: who owns two cars and opens the second link signs nothing on the first one's page."""
    advisor = at_desk("advisor")
    first, second = (quoted(dealership, car("opened")) for _ in range(2))
    attached(advisor, order_page(advisor, first), a_photo("green"), kind="finding", line_id=first["lines"][1]["line_id"])
    customer, page = opened(app, invited(advisor, first))
    [photo] = [one for one in page.links if one.endswith("/content")]
    assert customer.client.get(photo).status_code == 200
    assert customer.send(customer.get("/link"), "open", link=invited(advisor, second)).path == "/link/visit"
    assert customer.client.get(photo).status_code == 404
    mistaken = customer.send(page, "approve-1", signature__name="Li Na")
    assert (mistaken.status, "Another link was opened" in mistaken.text) == (412, True), mistaken.text
    for order in (first, second):
        assert {line["state"] for line in dealership.advisor.get(f"/work-orders/{order['id']}")["lines"]} == {"quoted"}


def test_both_kinds_of_links_are_open_in_one_browser(app: Flask, at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rules W8, W17: each stays where it leads; the one-time link that the visit's decision left empty says so."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    customer, page = opened(app, invited(advisor, order))
    once = made(advisor.send(links_page(advisor, order), "make"))
    assert customer.send(customer.get("/link"), "open", link=once).path == "/link/document"
    refused = customer.send(page, "decline-1", signature__name="Li Na")
    assert (refused.status, 'id="decline-1-reason-error"' in refused.source) == (422, True)
    declined = customer.send(page, "decline-1", signature__name="Li Na", reason="later")
    assert declined.path == "/link/visit"
    assert re.search(r"You declined", declined.text)
    assert customer.get("/link/document").status == 409


def test_a_finding_is_told_with_its_line_and_nothing_is_called_agreed_that_waits(
    app: Flask, at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rules W8, W17: whoever decides sees what was measured, by either kind of link."""
    order = car("dispatched")
    path = f"/work-orders/{order['id']}"
    measured = {"template_code": "MPI", "values": [{"item_code": "PAD-F", "value": "3.2"}]}
    dealership.technician.post(f"{path}/multi-point-inspections", measured)
    found = {"template_code": "MPI", "item_codes": ["PAD-F"]}
    order = dealership.advisor.post(f"{path}/propose-findings", found, of=dealership.advisor.get(path))
    advisor = at_desk("advisor")
    text = opened(app, invited(advisor, order))[1].text
    assert ("Something else waits for your decision" in text, "Everything is agreed" in text) == (True, False)
    _, page = opened(app, made(advisor.send(links_page(advisor, order), "make")))
    assert (page.path, "Front brake pad 3.2 mm" in page.text) == ("/link/document", True)
