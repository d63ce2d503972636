"""A customer decides by a one-time link, through the pages alone, without signing in and without a script (Rules W8, W31)."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from locales import sentence
from servicelane.dealership import Dealership
from tests.deployment import Embedded
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked, order_page
from tests.journeys.console.photos import a_photo, attached
from tests.pages import Browser, Page

DEALER = "sh-link"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
TERMS = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}


def quoted(dealership: Dealership, order: dict[str, Any]) -> dict[str, Any]:
    """The order, with its lines put before the customer."""
    path = f"/work-orders/{order['id']}"
    issued: dict[str, Any] = dealership.advisor.post(f"{path}/estimates", TERMS, of=dealership.advisor.get(path))
    return issued


def links_page(browser: Browser, order: dict[str, Any]) -> Page:
    return browser.get(f"/d/{DEALER}/orders/{order['id']}/link")


def made(page: Page) -> str:
    """The link that the page shows, this once."""
    [link] = re.findall(r'id="made" value="([^"]+)"', page.source)
    return str(link)


def opened(app: Flask, link: str, language: str = "en") -> tuple[Browser, Page]:
    customer = Browser(app.test_client(), language)
    door = customer.get(link.partition("#")[0].removeprefix("http://localhost"))
    return customer, customer.send(door, "open", link=link)


def its_photo(app: Flask, customer: Browser, page: Page, dealership: Dealership, order: dict[str, Any], *, cookie: str) -> str:
    """Where the photo is that the link shows: to its holder alone, who is shown no other one and no page of the staff's."""
    kept = customer.client.get_cookie(cookie)
    assert kept is not None
    assert (kept.http_only, kept.same_site) == (True, "Lax")
    assert page.headers["Cache-Control"] == "no-store"
    assert not [one for one in page.links if one.startswith("/d/")]
    [photo] = [one for one in page.links if one.endswith("/content")]
    assert customer.client.get(photo).content_type == "image/jpeg"
    assert customer.client.get(photo.replace("/content", "/thumbnail")).status_code == 200
    others = [
        one["id"] for one in dealership.advisor.get(f"/work-orders/{order['id']}/attachments")["items"] if one["note"] is None
    ]
    assert customer.client.get(re.sub("[^/]+/content$", f"{others[0]}/content", photo)).status_code == 404
    assert Browser(app.test_client()).client.get(photo).status_code == 404
    return str(photo)


def test_a_customer_approves_on_the_phone_what_the_advisor_sent(
    *, app: Flask, at_desk: Desk, car: Car, dealership: Dealership, asked: Asked, embedded: Embedded
) -> None:
    """The link is made once and shown once; who has it sees the car, the lines, the photo, signs, and sees the receipt again."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    attached(advisor, order_page(advisor, order), a_photo(), kind="finding", line_id=order["lines"][1]["line_id"], note="worn")
    attached(advisor, order_page(advisor, order), a_photo("blue"), kind="walk_around")
    assert f"/d/{DEALER}/orders/{order['id']}/link" in order_page(advisor, order).links
    page = links_page(advisor, order)
    link = made(advisor.send(page, "make", valid_hours="24"))
    assert made(advisor.send(page, "make", valid_hours="24")) == link, "a double click makes one"
    token = link.partition("#")[2]
    assert token not in links_page(advisor, order).source
    assert links_page(advisor, order).text.count("Withdraw the link") == 1

    customer, page = opened(app, link, "zh")
    assert (page.status, page.path) == (200, "/link/document"), page.text
    assert "浦东店" in page.text
    assert order["vehicle"]["plate"] in page.text
    assert "worn" in page.text
    photo = its_photo(app, customer, page, dealership, order, cookie="link")

    receipt = customer.send(page, "approve", signature__name="王芳")
    assert "您已同意" in receipt.text
    assert customer.get(photo).status == 409
    again = customer.send(page, "approve", signature__name="王芳")
    assert "您已同意" in again.text, "a double click is answered as before"
    late = customer.send(page, "approve", signature__name="somebody else")
    assert (late.status, "该链接已于" in late.text, "您已同意" in late.text) == (409, True, True)
    assert "You have approved" in opened(app, link)[1].text

    shown = order_page(advisor, order)
    assert "By link" in shown.text
    assert "Used" in shown.text
    assert "By link" in advisor.get(f"/d/{DEALER}/orders/{order['id']}/decisions").text
    assert {line["state"] for line in dealership.advisor.get(f"/work-orders/{order['id']}")["lines"]} == {"approved"}
    asked.must_be_published()
    secret = token.partition(".")[2].encode()
    kept = [one for one in embedded.data.parent.rglob("*") if one.is_file() and secret in one.read_bytes()]
    assert kept == [], "no log and no database has it"
    assert all(secret.decode() not in str((call.path, call.query, call.body)) for call in asked.calls)


def test_the_advisor_is_told_that_a_customer_has_answered(app: Flask, at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W8: on their list of cars and on the order, until somebody says that they saw it."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    customer, page = opened(app, made(advisor.send(links_page(advisor, order), "make")))
    customer.send(page, "decline", signature__name="王芳", reason="too dear")
    mine, answer = f"/d/{DEALER}/orders", f'id="answer-{order["id"]}"'
    assert answer in advisor.get(mine).source
    shown = order_page(advisor, order)
    assert "nobody has said yet that they saw it" in shown.text
    assert "nobody has said yet that they saw it" not in advisor.send(shown, "see").text
    assert answer not in advisor.get(mine).source


def test_each_reader_has_the_lines_in_their_language(app: Flask, at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W8: as the catalogue calls them; what was typed says in which language; and all that the estimate is about."""
    order = car("opened")
    typed = {"description": "四轮定位", "price": {"amount": "80.00", "currency": "CNY"}, "payer": "customer_pay"}
    dealership.advisor.post(f"/work-orders/{order['id']}/lines", {"sublet": [typed]}, of=order)
    quoted(dealership, order)
    advisor = at_desk("advisor")
    link = made(advisor.send(links_page(advisor, order), "make"))
    lines = dealership.advisor.get(f"/work-orders/{order['id']}/estimate")["lines"]
    named = [line for line in lines if line["name_zh"]]
    assert len(named) == len(lines) - 1
    for language, other, said in (("en", "zh", ("Cash", "not wanted")), ("zh", "en", ("现金", "不需要"))):
        page = opened(app, link, language)[1]
        assert all(line[f"name_{language}"] in page.text and line[f"name_{other}"] not in page.text for line in named)
        assert '<span lang="zh">四轮定位</span>' in page.source
        assert all(word in page.text for word in said), page.text
        units = {sentence(f"console.word.unit.{line['unit']}", language) for line in lines if line["unit"]}
        assert units
        assert all(f" {unit}" in page.text for unit in units), page.text


def test_what_cannot_be_opened_is_said_in_a_sentence(app: Flask, at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Withdrawn, of nobody, of another dealer, garbage, too long, none at all; in both languages."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    link = made(advisor.send(links_page(advisor, order), "make"))
    address, _, secret = link.partition("#")
    token = secret.partition(".")[2]
    nothing = "We do not know this link. Please ask your dealer for a new one."
    for text, said in (
        (link.replace(DEALER, OTHER), nothing),
        (f"{address}#{DEALER}.{'x' * 43}", nothing),
        ("https://example.org/", "This is not a valid link"),
        ("", "This is not a valid link"),
        (f"{link}{'x' * 5000}", "This is not a valid link"),
        (f"{address}#{DEALER}.{token[:20]}", "This is not a valid link"),
    ):
        customer = Browser(app.test_client())
        page = customer.send(customer.get("/link"), "open", link=text)
        assert (page.status, page.path) == (404, "/link"), text[:80]
        assert said in page.text, page.text
        assert customer.client.get_cookie("link") is None
    customer, page = opened(app, link)
    nameless = customer.send(page, "approve", signature__name="   ")
    assert nameless.status == 422
    assert 'id="approve-signature-name-error"' in nameless.source
    for strokes in ("scribble", "1,1 2,2"):
        wrong = customer.send(page, "approve", signature__means="drawn", signature__name="王芳", signature__strokes=strokes)
        assert wrong.status == 422, strokes
    declined = customer.send(page, "decline", signature__name="Li Na")
    assert declined.status == 422
    assert 'id="decline-reason-error"' in declined.source
    links = links_page(advisor, order)
    [withdraw] = [name for name in links.forms if name.startswith("withdraw-")]
    assert "Withdrawn" in advisor.send(links, withdraw).text
    for language, said in (("en", "The dealer has withdrawn this link."), ("zh", "经销商已撤回该链接。")):
        shown = opened(app, link, language)[1]
        assert (shown.status, said in shown.text) == (409, True)
    late = customer.send(page, "decline", signature__name="Li Na", reason="too dear")
    assert (late.status, "withdrawn" in late.text) == (409, True)
    lost = Browser(app.test_client())
    assert lost.get("/link/document").path == "/link"
    assert lost.post("/link/document", {"do": "approve"}).status == 404


def test_a_message_is_pasted_with_its_link_and_the_receipt_says_what_it_was_signed_for(
    app: Flask, at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """A phone copies the whole message; of an estimate that was decided on in part, the receipt has the sum of the rest alone."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    link = made(advisor.send(links_page(advisor, order), "make"))
    pasted = (
        f"请点开 {link} 谢谢",
        f"Please decide: {link}.",
        f"<{link}>",
        f"您的估价单{link}，请确认",
        link.replace("#", "%23"),
    )
    for text in pasted:
        customer = Browser(app.test_client())
        assert customer.send(customer.get("/link"), "open", link=text).path == "/link/document", text
    shown = dealership.advisor.get(f"/work-orders/{order['id']}/estimate")
    first, *others = shown["lines"]
    decision = {"means": "typed", "name": "Li Na", "document_hash": shown["document_hash"]}
    declined = {"line_ids": [first["line_id"]], "reason": "later", "decision": decision}
    path = f"/work-orders/{order['id']}"
    dealership.advisor.post(f"{path}/decline-lines", declined, of=dealership.advisor.get(path))
    customer, page = opened(app, link)
    receipt = customer.send(page, "approve", signature__name="Li Na")
    signed = receipt.text.partition("Estimate 1")[0]
    assert f"{sum(Decimal(line['gross']['amount']) for line in others):,.2f}" in signed
    assert receipt.text.count("already decided") == 1


def test_who_decides_too_late_is_told_what_has_changed_and_nothing_else(
    app: Flask, at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """A line was declined at the desk while the customer read: that one is named, those that still wait are not."""
    order = quoted(dealership, car("opened"))
    advisor = at_desk("advisor")
    customer, page = opened(app, made(advisor.send(links_page(advisor, order), "make")))
    shown = dealership.advisor.get(f"/work-orders/{order['id']}/estimate")
    first, *others = shown["lines"]
    decision = {"means": "typed", "name": "Li Na", "document_hash": shown["document_hash"]}
    declined = {"line_ids": [first["line_id"]], "reason": "later", "decision": decision}
    path = f"/work-orders/{order['id']}"
    dealership.advisor.post(f"{path}/decline-lines", declined, of=dealership.advisor.get(path))
    late = customer.send(page, "approve", signature__name="Li Na")
    assert late.status == 412
    told = late.source.partition('class="changes"')[2].partition("</table>")[0]
    assert (first["name_en"] or first["description"]) in told, late.text
    assert not [line for line in others if (line["name_en"] or line["description"]) in told]


def test_two_links_in_one_browser_are_not_mistaken_for_one_another(
    app: Flask, at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Who owns two cars signs neither for the other: the page left open says that another link was opened since."""
    advisor = at_desk("advisor")
    first, second = (quoted(dealership, car("opened")) for _ in range(2))
    links = [made(advisor.send(links_page(advisor, order), "make")) for order in (first, second)]
    customer, page = opened(app, links[0])
    customer.send(customer.get("/link"), "open", link=links[1])
    mistaken = customer.send(page, "approve", signature__name="Li Na")
    assert (mistaken.status, "Another link was opened" in mistaken.text) == (412, True), mistaken.text
    assert second["vehicle"]["plate"] not in mistaken.text
    for order in (first, second):
        assert {line["state"] for line in dealership.advisor.get(f"/work-orders/{order['id']}")["lines"]} == {"quoted"}
    customer.send(customer.get("/link"), "open", link=links[0])
    assert "You have approved" in customer.send(customer.get("/link/document"), "approve", signature__name="Li Na").text


@pytest.mark.parametrize("who", ["technician", "cashier"])
def test_who_may_not_decide_for_the_dealer_makes_no_link(at_desk: Desk, car: Car, dealership: Dealership, who: str) -> None:
    """Advisors and the service manager make links; others see that there are some."""
    order = quoted(dealership, car("opened"))
    page = links_page(at_desk(who), order)
    assert page.status == 200
    assert "make" not in page.forms
