"""The parts clerk's store without a script: look-up, receipts, returns to suppliers, corrections, what is to be looked into."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.journeys.conftest import OTHER
from tests.pages import Browser, Page

DEALER = "sh-store"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"

_notes = count(1)


def received(browser: Browser, part: str = "PAD-F-77", quantity: str = "4", cost: str = "31.50") -> Page:
    """A delivery that was booked, as its own page shows it."""
    row = {"lines.0.part_number": part, "lines.0.quantity": quantity, "lines.0.unit_cost": cost}
    page = browser.get(f"{HERE}/receipts")
    typed = {"supplier": "Brake Factory", "reference": f"LS-{next(_notes)}", **row}
    return browser.post(page.forms["receive"].action, page.forms["receive"].filled(typed))


def in_bin(dealership: Dealership, part: str = "PAD-F-77") -> str:
    return str(dealership.stock(part)["in_bin"])


def test_the_clerk_comes_to_the_store_from_the_start_page(at_desk: Desk) -> None:
    """Everything of theirs is one click from where they begin."""
    page = at_desk("clerk").get(f"{HERE}/parts")
    assert {f"{HERE}/stock", f"{HERE}/receipts", f"{HERE}/stock/tasks"} <= set(page.links)


@pytest.mark.parametrize("typed", ["padf77", "pad f 77", "前制动片"])
def test_a_part_is_found_by_number_or_name_and_says_what_there_is_of_it(at_desk: Desk, typed: str) -> None:
    """With its place, what is on hand and set aside; of the only one found in the list, too."""
    page = at_desk("clerk").get(f"{HERE}/stock?find={typed}")
    assert page.status == 200
    assert "PAD-F-77" in page.text
    assert "On hand" in page.text
    [link] = [one for one in page.links if "/stock/parts/" in one]
    page = at_desk("advisor").get(link)
    assert "Reserved" in page.text
    assert "Received" in page.text, "its ledger"
    assert "correct" not in page.forms, "whoever reads is offered nothing"
    assert at_desk("clerk", OTHER).get(link.replace(DEALER, OTHER)).status == 404


def test_a_superseded_number_leads_to_what_replaces_it(at_desk: Desk, dealership: Dealership) -> None:
    """Old stock is used up first, and the page says in which order."""
    facts = {"name_zh": "滤芯", "name_en": "Filter", "unit": "pc", "list_price": {"amount": "20.00", "currency": "CNY"}}
    dealership.clerk.post("/parts", {**facts, "part_number": "FILTER-2"})
    dealership.clerk.post("/parts", {**facts, "part_number": "FILTER-1", "successor": "FILTER-2"})
    page = at_desk("clerk").get(f"{HERE}/stock?find=FILTER-1")
    assert "Used up in this order" in page.text
    assert f"{HERE}/stock?find=FILTER-2" in page.links


def test_a_delivery_is_booked_and_undone(at_desk: Desk, dealership: Dealership) -> None:
    """The parts are in the bin; undone, they are as if they had never come, and the document can be booked again."""
    browser, before = at_desk("clerk"), in_bin(dealership)
    page = received(browser)
    assert "Done: Book a delivery" in page.text
    assert "Brake Factory" in page.text
    assert page.path in browser.get(f"{HERE}/receipts?supplier=brake factory").links
    assert float(in_bin(dealership)) == float(before) + 4
    page = browser.send(page, "undo", reason="counted twice")
    assert "Done: Undo this receipt" in page.text
    assert "counted twice" in page.text
    assert "Receipt undone" in page.text, "its moves"
    assert {"undo", "send-back-1"}.isdisjoint(page.forms)
    assert in_bin(dealership) == before


def test_a_delivery_that_is_wrong_is_told_at_its_field_and_keeps_every_line(at_desk: Desk, dealership: Dealership) -> None:
    """Also while lines are added, which books nothing."""
    browser, before = at_desk("clerk", language="zh"), in_bin(dealership)
    sheet = browser.get(f"{HERE}/receipts").forms["receive"]
    typed = {"supplier": "工厂", "reference": "SH-1", "lines.0.part_number": "PAD-F-77", "lines.0.quantity": "many"}
    fuller = browser.post(sheet.action, {**sheet.filled(typed), "do": "more"}).forms["receive"]
    assert "lines.11.part_number" in fuller.names
    assert fuller.fields["lines.0.quantity"] == "many"
    page = browser.post(fuller.action, fuller.filled({}))
    assert page.status == 422
    assert {"receive-lines-0-quantity-error", "receive-lines-0-unit_cost-error"} <= set(page.ids)
    assert page.forms["receive"].fields["supplier"] == "工厂"
    unknown = page.forms["receive"].filled(
        {"lines.0.part_number": "NOTHING-1", "lines.0.quantity": "1", "lines.0.unit_cost": "1"}
    )
    page = browser.post(page.forms["receive"].action, unknown)
    assert page.status == 409
    assert "NOTHING-1" in page.text
    assert in_bin(dealership) == before


def test_parts_go_back_to_their_supplier(at_desk: Desk, dealership: Dealership) -> None:
    """No more than came under that receipt; each document once; what went back is listed."""
    browser = at_desk("clerk")
    page = received(browser)
    before = in_bin(dealership)
    page = browser.send(page, "send-back-1", quantity="5", reference="R-1", reason="warped")
    assert page.status == 409
    assert page.forms["send-back-1"].fields["reason"] == "warped"
    page = browser.send(page, "send-back-1", quantity="1", reference="R-1", reason="warped")
    assert "Done: Return to the supplier" in page.text
    assert "Returned to the supplier" in page.text
    assert "R-1 · warped" in page.text
    assert float(in_bin(dealership)) == float(before) - 1


def test_a_record_is_corrected_with_a_reason(at_desk: Desk, dealership: Dealership) -> None:
    """By a move that the ledger shows; more than there is, or from a place to itself, is refused in a sentence."""
    browser, before = at_desk("clerk"), in_bin(dealership)
    [link] = [one for one in browser.get(f"{HERE}/stock?find=PAD-F-77").links if "/stock/parts/" in one]
    page = browser.get(link)
    page = browser.send(page, "correct", quantity="1", from_location="bin", to_location="bin", reason="damaged")
    assert page.status == 409
    page = browser.send(page, "correct", quantity="1", from_location="bin", to_location="scrap", reason="damaged")
    assert "Done: Correct the record" in page.text
    assert "damaged" in page.text
    assert "Bin → Scrap" in page.text
    assert float(in_bin(dealership)) == float(before) - 1


def test_what_is_to_be_looked_into_is_settled_with_a_note(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The reservation of an order whose parts were not where they should be."""
    order = car("dispatched")
    path = f"/work-orders/{order['id']}"

    def reserved() -> Any:
        lines = dealership.clerk.get(f"{path}/reservation")["lines"]
        return [one for one in lines if one["approved"] and one["reserved"] != "0.000"] or None

    approved = awaited(reserved, "the parts to be reserved")
    part = approved[0]["part_number"]
    gone = {"part_number": part, "quantity": in_bin(dealership, part), "from_location": "bin", "to_location": "discrepancy"}
    dealership.clerk.post("/stock/corrections", {**gone, "reason": "not there"})
    browser = at_desk("clerk")
    page = browser.get(f"{HERE}/stock/tasks")
    found = dealership.clerk.get("/parts-tasks", state="open")["items"]
    task = next(one["id"] for one in found if one["work_order_id"] == order["id"])
    assert f"resolve-{task}" in page.forms
    page = browser.send(page, f"resolve-{task}", note="ordered again")
    assert "Done: Looked into" in page.text
    assert f"resolve-{task}" not in page.forms


@pytest.mark.parametrize("who", ["advisor", "cashier"])
def test_nobody_else_books_anything(at_desk: Desk, who: str) -> None:
    """Not by hand either."""
    sent = {"do": "receive", "supplier": "x", "reference": "x", "lines.0.part_number": "PAD-F-77", "lines.0.quantity": "1"}
    assert at_desk(who).post(f"{HERE}/receipts", {**sent, "lines.0.unit_cost": "1.00"}).status == 403
