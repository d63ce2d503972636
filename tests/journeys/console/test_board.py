"""The foreman's floor: what stands on the board, and work that is given away, held, taken up and sent back from it."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.dealership import Dealership
from tests.days import spring
from tests.journeys.console.conftest import order_page
from tests.pages import Browser, Page

DEALER = "sh-board"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]

BOARD = f"/d/{DEALER}/board"
TECHNICIAN = f"{DEALER}.technician"


def card_of(browser: Browser, order: dict[str, Any]) -> Page:
    """The page of one card."""
    page = browser.get(f"{BOARD}/{order['id']}")
    assert page.status == 200, page.text
    return page


def slip_of(page: Page, order: dict[str, Any]) -> str:
    """What the board says of a car, and in which lane."""
    [before, after] = page.source.split(f'<li id="{order["id"]}"')
    lane = before.rpartition('id="lane-')[2].partition('"')[0]
    return f"{lane}: {after.partition('</li>')[0]}"


def now(dealership: Dealership, order: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = dealership.advisor.get(f"/work-orders/{order['id']}")
    return found


def labour_of(order: dict[str, Any]) -> list[str]:
    return [line["line_id"] for line in order["lines"] if line["kind"] == "labour"]


def test_an_order_is_given_to_a_technician_and_a_bay_and_then_to_another_bay(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Both are offered by name; the board shows it in its new lane."""
    order = car("approved")
    browser = at_desk("foreman")
    board = browser.get(BOARD)
    assert slip_of(board, order).startswith("open:")
    assert "To be dispatched" in slip_of(board, order)
    page = card_of(browser, order)
    assert {"technician", "bay"} <= page.forms["dispatch"].names
    assert 'value="B3"' in page.source
    board = browser.send(page, "dispatch", technician=TECHNICIAN, bay="B2")
    assert board.path == BOARD
    assert "Done: Dispatch" in board.text
    assert slip_of(board, order).startswith("dispatched:")
    assert "B2" in slip_of(board, order)
    browser.send(card_of(browser, order), "dispatch", bay="B3")
    assert (now(dealership, order)["technician"], now(dealership, order)["bay"]) == (TECHNICIAN, "B3")


def test_a_proposal_stands_in_the_form_and_one_click_takes_it(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Whoever is free and has least to do; nothing must be chosen."""
    order = car("approved")
    browser = at_desk("foreman")
    proposed = card_of(browser, order).forms["dispatch"].fields
    browser.send(card_of(browser, order), "dispatch")
    assert now(dealership, order)["status"] == "dispatched"
    assert now(dealership, order)["bay"] == proposed["bay"]


def test_work_is_held_and_taken_up_again(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The board says what it waits for; a hold without a reason is refused at its field."""
    order = car("dispatched")
    browser = at_desk("foreman")
    refused = browser.send(card_of(browser, order), "hold")
    assert refused.status == 422
    assert 'href="#hold-reason"' in refused.source
    board = browser.send(refused, "hold", reason="warranty_authorisation")
    assert slip_of(board, order).startswith("on_hold:")
    assert "Waits for warranty authorisation" in slip_of(board, order)
    board = browser.send(card_of(browser, order), "resume")
    assert slip_of(board, order).startswith("dispatched:")


def test_a_colleague_is_clocked_off_with_a_reason(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The board shows who is at work; a time yet to come is refused at its field and the reason is still there."""
    order = car("parts issued")
    [line, *_] = labour_of(order)
    path = f"/work-orders/{order['id']}"
    dealership.technician.post(f"{path}/lines/{line}/clock-on", of=dealership.technician.get(path))
    browser = at_desk("foreman")
    slip = slip_of(browser.get(BOARD), order)
    assert slip.startswith("in_progress:")
    assert "▶" in slip
    page = card_of(browser, order)
    refused = browser.send(page, "dispatch", bay="B2")
    assert refused.status == 409, "begun work is given away once nobody is at it"
    assert "clock them off first" in refused.text
    held = browser.send(page, "hold", reason="parts")
    assert "is still clocked on to this order." in held.text
    assert f"{DEALER}.technician" not in held.text, "people have names, also in a refusal"
    refused = browser.send(page, f"off-{line}", reason="went home", stopped_at="2031-01-01T10:00")
    assert refused.status == 422
    assert f'id="off-{line}-stopped_at-error"' in refused.source
    assert refused.forms[f"off-{line}"].fields["reason"] == "went home"
    page = browser.send(refused, f"off-{line}", stopped_at="", done=["yes"])
    assert page.path == f"{BOARD}/{order['id']}"
    assert f"off-{line}" not in page.forms
    [ended] = dealership.foreman.get(f"{path}/clockings")["items"]
    assert (ended["reason"], ended["stopped_by"]) == ("went home", f"{DEALER}.foreman")
    assert now(dealership, order)["lines"][0]["done_at"]
    browser.send(page, "dispatch", bay="B3")
    assert (now(dealership, order)["status"], now(dealership, order)["bay"]) == ("dispatched", "B3")
    page = card_of(browser, order)
    browser.send(page, "hold", reason="parts")
    assert "B1" not in slip_of(browser.get(BOARD), order), "a car on hold has left its bay"


def test_a_checked_car_goes_back_to_work(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """With a reason and the lines to redo."""
    order = car("worked on")
    browser = at_desk("foreman")
    assert slip_of(browser.get(BOARD), order).startswith("quality_check:")
    [line, *_] = labour_of(order)
    board = browser.send(card_of(browser, order), "back", reason="noise", rework_line_ids=[line])
    assert slip_of(board, order).startswith("dispatched:")
    assert [one["line_id"] for one in now(dealership, order)["lines"] if one["kind"] == "labour" and not one["done_at"]] == [line]


def test_who_was_overtaken_keeps_the_choice(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Another foreman was faster: what they did is told, the own choice is still made, and sent again it counts."""
    order = car("approved")
    browser = at_desk("foreman")
    page = card_of(browser, order)
    path = f"/work-orders/{order['id']}"
    other = {"technician": TECHNICIAN, "bay": "B1"}
    dealership.foreman.post(f"{path}/dispatch", other, of=dealership.foreman.get(path))
    overtaken = browser.send(page, "dispatch", technician=TECHNICIAN, bay="B4")
    assert overtaken.status == 412
    assert "Dispatched" in overtaken.source.partition('class="changes"')[2].partition("</table>")[0]
    assert overtaken.forms["dispatch"].fields["bay"] == "B4"
    browser.send(overtaken, "dispatch")
    assert now(dealership, order)["bay"] == "B4"


def test_a_car_that_has_left_keeps_what_was_typed(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Its card says so; the reason of the form that came too late is on the page."""
    order = car("approved")
    browser = at_desk("foreman")
    page = card_of(browser, order)
    path = f"/work-orders/{order['id']}"
    dealership.advisor.post(f"{path}/void", {"reason": "wrong car"}, of=dealership.advisor.get(path))
    late = browser.send(page, "dispatch", bay="B4")
    assert late.status in (409, 412)
    assert "no longer on the floor" in late.text
    assert "B4" in late.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_floor_is_read_in_the_readers_language(at_desk: Desk, car: Car, language: str) -> None:
    """Whole: every lane, technician and bay, unique ids, no code left untranslated."""
    cars = [car(so_far) for so_far in ("opened", "approved", "dispatched", "worked on", "checked")]
    page = at_desk("foreman", language=language).get(BOARD)
    assert "console." not in page.text
    assert len(page.ids) == len(set(page.ids))
    lanes = [slip_of(page, order).partition(":")[0] for order in cars]
    assert lanes == ["open", "open", "dispatched", "quality_check", "ready"]
    assert f'id="at-{TECHNICIAN}"' in page.source
    assert 'id="at-B4"' in page.source
    for order in cars:
        assert "console." not in card_of(at_desk("foreman", language=language), order).text


def test_order_and_board_lead_to_each_other(at_desk: Desk, car: Car) -> None:
    """The foreman dispatches from the order; an advisor looks at the card, and is offered nothing that is not theirs."""
    order = car("approved")
    for who in ("foreman", "advisor"):
        page = order_page(at_desk(who), order)
        assert f"{BOARD}/{order['id']}" in page.links
        card = card_of(at_desk(who), order)
        assert f"/d/{DEALER}/orders/{order['id']}" in card.links
        assert ("dispatch" in card.forms) == (who == "foreman")
    assert BOARD in at_desk("foreman").get(BOARD).links
    assert BOARD not in at_desk("advisor").get(f"/d/{DEALER}/orders").links


@pytest.mark.parametrize(("language", "why"), [("en", "booked as a diagnosis"), ("zh", "预约项目为诊断")])
def test_rule_b6_a_days_diagnoses_are_on_a_screen_with_why(
    at_desk: Desk, car: Car, dealership: Dealership, language: str, why: str
) -> None:
    """For whoever prepares the shop, in both languages. What the system found is not ticked as if the desk had said it."""
    known = car("booked")
    of_car = {"customer_id": known["customer"]["customer_id"], "vehicle_id": known["vehicle"]["vehicle_id"]}
    asked = {"channel": "phone", "service_type": "diagnosis", "complaint": "rattles", "starts_at": f"{spring(13)}T02:00:00+00:00"}
    booked = dealership.agent.post("/appointments", {**of_car, **asked, "confirm_second_appointment": True})
    here = f"/d/{DEALER}"
    foreman = at_desk("foreman", language=language)
    assert f"{here}/briefing" in foreman.get(here).links
    row = foreman.get(f"{here}/briefing?day={spring(13)}").source.partition(f'id="car-{booked["id"]}"')[2].partition("</tr>")[0]
    for said in (booked["vehicle"]["plate"], why, "rattles"):
        assert said in row, said
    assert foreman.get(f"{here}/briefing?day=never").status == 200
    agent = at_desk("agent", language=language)
    page = agent.get(f"{here}/appointments/{booked['id']}")
    assert why in page.text
    assert page.forms["amend"].fields.get("tags") in (None, "", [])
    assert f"{here}/briefing" not in page.links
    assert agent.get(f"{here}/briefing").status == 403
