"""What the desk owes customers, on one page that asks once: promised, done, and late (Rule B7)."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest

from servicelane.dealership import Dealership
from tests.deployment import Embedded
from tests.journeys.console.conftest import Asked
from tests.journeys.console.test_booking import known, phone
from tests.pages import Browser
from tests.waiting import awaited

DEALER = "sh-desk-queue"

Desk = Callable[..., Browser]

QUEUE = f"/d/{DEALER}/desk-queue"


def waiting(at: Dealership, number: str) -> list[Any]:
    return [one for one in at.agent.get("/desk-queue")["call_backs"] if one["phone"] == number]


def overdue(embedded: Embedded, table: str, timer: str, subject: str) -> None:
    """As if the time had passed that was promised."""
    past = "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-2 hours')"  # as SQLAlchemy writes it
    with closing(sqlite3.connect(embedded.data / "crm.sqlite", timeout=20)) as books, books:
        row = UUID(subject).hex
        books.execute(f"UPDATE {table} SET due_at = {past} WHERE id = ?", [row])
        books.execute(f"UPDATE timer SET due_at = {past} WHERE name = '{timer}' AND subject = ?", [row])


def test_a_call_is_promised_to_somebody_without_a_file_and_recorded(at_desk: Desk, dealership: Dealership) -> None:
    """Two forms of one page; the card is gone, and what the customer said is kept."""
    browser, number = at_desk("agent"), phone()
    page = browser.send(browser.get(QUEUE), "promise", customer_name="Li Lei", phone=number, about="price of tyres")
    (call,) = waiting(dealership, number)
    assert f'id="call-{call["id"]}"' in page.source
    assert "price of tyres" in page.text
    page = browser.send(page, f"called-{call['id']}", outcome="booked", note="Thursday")
    assert call["id"] not in page.source
    done = dealership.agent.get(f"/calls/{call['id']}")
    assert (done["state"], done["outcome"], done["note"]) == ("done", "booked", "Thursday")


def test_a_customer_with_a_file_is_promised_a_call_from_their_page(at_desk: Desk, dealership: Dealership) -> None:
    """Nothing is typed that the file knows; a colleague may be named on the queue's own form."""
    customer, car = known(dealership, phone())
    browser = at_desk("advisor")
    page = browser.get(f"/d/{DEALER}/booking/{customer['id']}")
    page = browser.send(page, "promise", plate=car["plate"], about="is the part here?")
    assert page.path == QUEUE
    (call,) = waiting(dealership, customer["phone"])
    assert (call["customer_id"], call["plate"], call["promised_by"]) == (customer["id"], car["plate"], f"{DEALER}.advisor")


@pytest.mark.parametrize(("language", "late"), [("en", "promised by"), ("zh", "逾期")])
def test_a_promise_that_was_not_kept_says_so_and_is_the_managers_matter(
    at_desk: Desk, dealership: Dealership, embedded: Embedded, language: str, late: str
) -> None:
    """On the queue and on the attention list, which leads here."""
    number = phone()
    call = dealership.agent.post("/calls", {"customer_name": "韩梅", "phone": number, "about": "发票"})
    overdue(embedded, "call", "escalate_call", call["id"])
    awaited(lambda: waiting(dealership, number)[0]["escalated_at"], "the promise to escalate")
    page = at_desk("agent", language=language).get(QUEUE)
    card = page.source.partition(f'id="call-{call["id"]}"')[2].partition("</li>")[0]
    assert "▲" in card
    assert late in card
    attention = at_desk("manager", language=language).get(f"/d/{DEALER}/attention?kind=late_call_back")
    assert QUEUE in attention.links
    assert "韩梅" in attention.text


def test_the_page_asks_once(at_desk: Desk, asked: Asked) -> None:
    """Beside who is signed in, which every page asks."""
    browser = at_desk("agent")
    browser.get(QUEUE)
    asked.calls.clear()
    browser.get(QUEUE)
    assert [one.path.rpartition(DEALER)[2] for one in asked.calls if f"/dealers/{DEALER}/" in one.path] == ["/desk-queue"]


def test_nobody_else_has_the_page(at_desk: Desk) -> None:
    """A technician does not find it, and may not look."""
    assert at_desk("technician").get(QUEUE).status == 403


def asked_by(at: Dealership, number: str) -> list[Any]:
    return [one for one in at.agent.get("/desk-queue")["enquiries"] if one["phone"] == number]


def test_an_enquiry_is_handed_on_with_its_text_and_answered(at_desk: Desk, dealership: Dealership) -> None:
    """Rule B13: whoever gets it reads what was asked and what the colleague wrote, and answers on the same page."""
    browser, number, question = at_desk("agent"), phone(), "四轮定位要多久？"
    page = browser.send(browser.get(QUEUE), "ask", customer_name="Li Lei", phone=number, question=question)
    (enquiry,) = asked_by(dealership, number)
    advisor = f"{DEALER}.advisor"
    browser.send(page, f"hand-on-{enquiry['id']}", to=advisor, note="needs it on Friday")
    theirs = at_desk("advisor")
    page = theirs.get(QUEUE)
    assert question in page.text
    assert "needs it on Friday" in page.text
    page = theirs.send(page, f"answer-{enquiry['id']}", reply="An hour.")
    assert enquiry["id"] not in page.source
    done = dealership.agent.get(f"/enquiries/{enquiry['id']}")
    assert (done["state"], done["answer"], done["assignee"]) == ("answered", "An hour.", advisor)


def test_a_customer_with_a_file_asks_from_their_page(at_desk: Desk, dealership: Dealership) -> None:
    """Nothing is typed that the file knows."""
    customer, _ = known(dealership, phone())
    browser = at_desk("agent")
    page = browser.send(browser.get(f"/d/{DEALER}/booking/{customer['id']}"), "ask", question="Is it safe?", channel="wechat")
    assert page.path == QUEUE
    (enquiry,) = asked_by(dealership, customer["phone"])
    assert (enquiry["customer_id"], enquiry["channel"]) == (customer["id"], "wechat")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_enquiry_nobody_answered_is_the_managers_matter(
    at_desk: Desk, dealership: Dealership, embedded: Embedded, language: str
) -> None:
    """The attention list leads to the queue, where it says so."""
    number = phone()
    enquiry = dealership.agent.post("/enquiries", {"customer_name": "韩梅", "phone": number, "question": "多少钱？"})
    overdue(embedded, "enquiry", "escalate_enquiry", enquiry["id"])
    awaited(lambda: asked_by(dealership, number)[0]["escalated_at"], "the enquiry to escalate")
    attention = at_desk("manager", language=language).get(f"/d/{DEALER}/attention?kind=late_enquiry")
    assert QUEUE in attention.links
    card = at_desk("agent", language=language).get(QUEUE).source.partition(f'id="enquiry-{enquiry["id"]}"')[2]
    assert "▲" in card.partition("</li>")[0]
