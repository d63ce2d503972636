"""An order from the lane to the customer's signature, through the pages alone, without a script."""

import gzip
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from console.app import COMPRESSION
from console.gateway import UNREACHABLE, Answer, Call, Caller, Gateway, Refusal
from servicelane.dealership import NAMES, Dealership
from tests.days import spring
from tests.journeys.conftest import OTHER
from tests.journeys.console.conftest import Asked, order_page
from tests.pages import Browser

DEALER = "sh-order"

LARGEST = 8_000
"""Bytes of a page on the line."""

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def status_of(dealership: Dealership, order: dict[str, Any]) -> Any:
    return dealership.advisor.get(f"/work-orders/{order['id']}")


def test_an_order_is_opened_estimated_and_agreed_on(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """From the car in the lane: opened, lines added, estimate, one line declined, the rest approved."""
    appointment = car("received")
    browser = at_desk("advisor")
    page = browser.get(f"/d/{DEALER}/orders")
    page = browser.send(page, f"open-{appointment['id']}", mileage="32110")
    assert page.path.startswith(f"/d/{DEALER}/orders/")
    order = {"id": page.path.rpartition("/")[2]}

    page = browser.send(
        page,
        "lines",
        labour__0__operation_code="MNT-OIL",
        parts__0__part_number="OIL-5W30",
        parts__0__quantity="4.5",
        parts__2__part_number="WIPER-24",
        parts__2__quantity="2",
    )
    assert "Done: Add lines" in page.text
    page = browser.send(page, "estimate", promised_at=f"{spring(2)}T17:30")
    lines = status_of(dealership, order)["lines"]
    assert {line["state"] for line in lines} == {"quoted"}
    assert status_of(dealership, order)["promised_at"] == f"{spring(2)}T09:30:00+00:00"

    [wipers] = [line for line in lines if line["part_number"] == "WIPER-24"]
    page = browser.send(page, "decline", line_ids=[wipers["line_id"]], reason="next time", decision__name="王芳")
    kept = [line["amount"]["amount"] for line in lines if line != wipers]
    assert f"{sum(map(Decimal, kept)):,}" in page.source.partition('class="sum"')[2].partition("</p>")[0], (
        "not what they sign for"
    )
    page = browser.send(page, "approve", decision__name="王芳")
    states = {line["description"]: line["state"] for line in status_of(dealership, order)["lines"]}
    assert sorted(states.values()) == ["approved", "approved", "declined"]
    assert "next time" in page.text
    assert "Approved" in page.text


def test_a_second_job_has_lines_of_its_own(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W4: once there are two, each line says to which of them it belongs; a quantity without its part is asked about."""
    order = car("opened")
    browser = at_desk("advisor")
    page = browser.send(order_page(browser, order), "job-new", complaint="The window sticks")
    assert page.status == 200, page.text
    assert "The window sticks" in page.text
    page = browser.send(page, "lines", parts__0__part_number="WIPER-24", parts__0__quantity="1", parts__0__job="2")
    assert [line["job"] for line in status_of(dealership, order)["lines"]][-1] == 2
    page = browser.send(page, "lines", labour__0__operation_code="MNT-OIL", parts__1__quantity="4.5")
    assert page.status == 422, "the quantity was dropped"
    assert 'id="lines-parts-1-part_number-error"' in page.source


def test_a_refusal_stands_in_the_summary_and_at_its_field(at_desk: Desk, car: Car) -> None:
    """In the reader's language, with a link; everything else that was typed is still there."""
    order = car("opened")
    for language, sentence in (("en", "Quantity: “plenty” is no number"), ("zh", "数量一栏：“plenty”不是此处可用的数字")):
        browser = at_desk("advisor", language=language)
        page = order_page(browser, order)
        page = browser.send(
            page,
            "lines",
            parts__1__part_number="OIL-5W30",
            parts__1__quantity="plenty",
            parts__2__part_number="WIPER-24",
            parts__2__quantity="1",
        )
        assert page.status == 422, page.text
        assert 'href="#lines-parts-1-quantity"' in page.source
        assert 'id="lines-parts-1-quantity-error"' in page.source
        assert page.forms["lines"].fields["parts.1.quantity"] == "plenty"
        assert page.forms["lines"].fields["parts.2.part_number"] == "WIPER-24"
        assert sentence in page.text, page.text
        assert page.source.count("autofocus") == 1


def test_a_double_click_has_one_effect_and_a_correction_another(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The same form twice adds its lines once; corrected it is another request, and not refused as a repeat."""
    order = car("opened")
    browser = at_desk("advisor")
    page = order_page(browser, order)
    before = len(status_of(dealership, order)["lines"])
    sheet = page.forms["lines"]
    typed = sheet.filled({"parts.0.part_number": "FLT-OIL-1", "parts.0.quantity": "1"})
    for _ in range(2):
        assert browser.post(sheet.action, typed).status == 200
    assert len(status_of(dealership, order)["lines"]) == before + 1
    page = order_page(browser, order)
    refused = browser.send(page, "lines", parts__0__part_number="NO-SUCH-PART", parts__0__quantity="1")
    assert refused.status in (409, 422)
    corrected = browser.send(refused, "lines", parts__0__part_number="WIPER-24")
    assert corrected.status == 200
    assert len(status_of(dealership, order)["lines"]) == before + 2


def test_who_was_overtaken_keeps_the_typing_and_sees_what_changed(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """412: read again, what was typed is there, what changed is told; sent again it counts."""
    order = car("opened")
    browser = at_desk("advisor")
    page = order_page(browser, order)
    path = f"/work-orders/{order['id']}"
    wiper = {"part_number": "WIPER-24", "quantity": "1", "payer": "customer_pay"}
    dealership.advisor.post(f"{path}/lines", {"parts": [wiper]}, of=dealership.advisor.get(path))

    overtaken = browser.send(page, "lines", parts__0__part_number="FLT-OIL-1", parts__0__quantity="1")
    assert overtaken.status == 412
    assert overtaken.forms["lines"].fields["parts.0.part_number"] == "FLT-OIL-1"
    assert "Somebody else has changed this" in overtaken.text
    told = overtaken.source.partition('class="changes"')[2].partition("</table>")[0]
    assert "Draft" in told, "the line that was added meanwhile is not named"
    again = browser.post(overtaken.forms["lines"].action, overtaken.forms["lines"].fields)
    assert again.status == 200
    assert [line["part_number"] for line in status_of(dealership, order)["lines"]][-2:] == ["WIPER-24", "FLT-OIL-1"]


def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_key(
    at_desk: Desk, car: Car, dealership: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """504: the outcome is unknown and said to be; the form as it was sent, sent again, has its effect once."""
    order = car("opened")
    browser = at_desk("advisor")
    page = order_page(browser, order)
    ask, keys = Gateway.ask, []

    def losing(gateway: Gateway, call: Call, caller: Caller) -> Answer:
        answer = ask(gateway, call, caller)
        if call.method == "POST" and call.key:
            keys.append(call.key)
            raise Refusal(504, UNREACHABLE)
        return answer

    monkeypatch.setattr(Gateway, "ask", losing)
    lost = browser.send(page, "lines", parts__0__part_number="FLT-OIL-1", parts__0__quantity="1")
    monkeypatch.setattr(Gateway, "ask", ask)
    assert lost.status == 504
    assert "does not answer at the moment" in lost.text
    sheet = lost.forms["lines"]
    assert sheet.fields["parts.0.part_number"] == "FLT-OIL-1"
    monkeypatch.setattr(Gateway, "ask", lambda *given: (keys.append(given[1].key) if given[1].key else None) or ask(*given))
    assert browser.post(sheet.action, sheet.fields).status == 200
    assert len(status_of(dealership, order)["lines"]) == len(order["lines"]) + 1
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_people_are_named(at_desk: Desk, car: Car) -> None:
    """Who advises, works, issued, inspected, wrote down: by name on the order, the lists, the slip; by login nowhere."""
    order = car("delivered")
    login = re.compile(rf"\b{DEALER}\.(advisor|technician|inspector|clerk|cashier|foreman|agent)\b")
    browser = at_desk("manager")
    page = order_page(browser, order)
    assert {NAMES[who] for who in ("advisor", "technician", "inspector", "clerk")} <= set(
        re.findall(r"[\u4e00-\u9fff]{2,}", page.text)
    )
    slip = next(link for link in page.links if "/slips/" in link)
    for address in (page.path, slip, *(f"/d/{DEALER}/{one}" for one in ("orders?whose=all&show=delivered", "board", "check"))):
        shown = browser.get(address)
        assert shown.status == 200
        assert not login.search(shown.text), (address, login.search(shown.text))
    slip_page = browser.get(slip)
    assert "Issue slip" in slip_page.text
    assert NAMES["clerk"] in slip_page.text
    assert "李强" in slip_page.text


def test_what_a_page_no_longer_offers_is_still_shown(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """A stale tab voids what is ready by now: refused, and the reason that was typed is on the page."""
    order = car("opened")
    browser = at_desk("advisor")
    page = order_page(browser, order)
    path = f"/work-orders/{order['id']}"
    dealership.advisor.post(f"{path}/void", {"reason": "wrong car"}, of=dealership.advisor.get(path))
    stale = browser.send(page, "void", reason="typed in a stale tab")
    assert stale.status in (409, 412)
    assert "typed in a stale tab" in stale.text
    assert "Reason" in stale.text, "by the label under which it was typed"


def test_the_customer_signs_and_the_account_follows(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The hand-over shows what is to be paid; signed, the order is delivered and the settlement is a document."""
    order = car("checked")
    browser = at_desk("advisor")
    page = order_page(browser, order, "/hand-over")
    assert "684.20" in page.text
    page = browser.send(page, "deliver", mileage="32112", signature__name="王芳")
    assert status_of(dealership, order)["status"] == "delivered"
    signed = order_page(browser, order, "/hand-over")
    assert "Signed by 王芳" in signed.text
    assert "deliver" not in signed.forms


@pytest.mark.parametrize("so_far", ["approved", "dispatched"])
def test_approved_work_is_withdrawn_and_shown_as_it_was_signed(
    at_desk: Desk, car: Car, dealership: Dealership, so_far: str
) -> None:
    """Rule W8: where the order stands on the floor or not; the decisions are a document with lines, reason and signature."""
    order = car(so_far)
    browser = at_desk("advisor")
    page = order_page(browser, order)
    [brakes] = [line for line in order["lines"] if line["operation_code"] == "BRK-PAD-F"]
    page = browser.send(page, "withdraw", line_ids=[brakes["line_id"]], reason="sells the car", signature__name="王芳")
    assert page.status == 200, page.text
    assert "Done: Withdraw" in page.text
    after = status_of(dealership, order)
    assert next(line["state"] for line in after["lines"] if line["line_id"] == brakes["line_id"]) == "declined"
    entry = dealership.advisor.get(f"/work-orders/{order['id']}/authorisation-ledger")["items"][-1]
    assert (entry["decision"], entry["means"], entry["signature"]["verified"]) == ("withdrawn", "typed", True)
    decisions = order_page(browser, order, "/decisions")
    assert "sells the car" in decisions.text
    assert entry["signature"]["document_hash"] in decisions.text


def test_a_signature_for_another_statement_than_is_shown_is_not_kept(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rule W13: 412; everything else that was typed is there, the signature is not, and the new statement can be signed."""
    order = car("checked")
    browser = at_desk("advisor")
    page = order_page(browser, order, "/hand-over")
    path = f"/work-orders/{order['id']}"
    change = {"payer": "goodwill", "authorised_by": "Zhao", "reason": "friend of the house"}
    [oil] = [line for line in order["lines"] if line["part_number"] == "OIL-5W30"]
    dealership.advisor.post(f"{path}/lines/{oil['line_id']}/change-payer", change, of=dealership.advisor.get(path))
    drawn = {"signature.means": "drawn", "signature.strokes": "10,20 200,90", "signature.name": "王芳", "mileage": "32112"}
    sheet = page.forms["deliver"]
    again = browser.post(sheet.action, sheet.filled(drawn))
    assert again.status == 412
    fields = again.forms["deliver"].fields
    assert (fields["mileage"], fields["signature.strokes"]) == ("32112", "")
    assert "Goodwill" in again.source.partition('class="changes"')[2].partition("</table>")[0], "what has changed is not told"
    assert fields["signature.document_hash"] == dealership.advisor.get(f"{path}/settlement")["document_hash"]
    assert status_of(dealership, order)["status"] == "ready"


@pytest.mark.parametrize("so_far", ["opened", "approved", "dispatched", "worked on", "checked", "delivered"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_order_can_be_read_at_every_stage(at_desk: Desk, car: Car, so_far: str, language: str) -> None:
    """By each who works on it: whole, small, in their language, with unique ids and no code left untranslated."""
    order = car(so_far)
    for who in ("advisor", "technician", "manager"):
        page = order_page(at_desk(who, language=language), order)
        assert "console." not in page.text
        assert len(page.ids) == len(set(page.ids))
        assert f'lang="{language}"' in page.source
        assert order["vehicle"]["plate"] in page.text
        assert len(gzip.compress(page.source.encode(), COMPRESSION)) <= LARGEST, who


def test_another_dealers_search_is_absent(at_desk: Desk) -> None:
    """As everything of another dealer."""
    assert at_desk("advisor").post(f"/d/{OTHER}/search", {"q": "wang"}).status == 404


def test_every_call_is_one_the_document_publishes(asked: Asked) -> None:
    """Of all that was asked above."""
    assert len(asked.calls) > 100
    asked.must_be_published()
