"""The order's file in the console (Rule W23): what was signed, and a car whose order is closed as the missing paper is filed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from servicelane.client import awaited
from servicelane.dealership import TIME_ZONE, Dealership
from tests.journeys.console.conftest import order_page
from tests.journeys.console.photos import a_photo, attached
from tests.pages import Browser

DEALER = "sh-order-files"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"


def test_the_file_shows_what_was_signed_and_is_sealed_as_the_car_leaves(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Before that it says what is missing; afterwards it is found by its number, and until when it is kept."""
    order = car("paid")
    here, path = f"{HERE}/orders/{order['id']}", f"/work-orders/{order['id']}"
    advisor = at_desk("advisor", language="zh")
    page = advisor.get(f"{here}/file")
    assert ("结算单" in page.text, "缺少：" in page.text, "出门证" in page.text) == (True, True, True)
    passed = dealership.cashier.post(f"{path}/gate-pass")
    dealership.cashier.post("/gate-passes/use", {"code": passed["code"]})
    awaited(lambda: dealership.advisor.get(path)["status"] == "closed" or None, "the order to be closed")
    page = advisor.get(f"{here}/file")
    assert ("保存至" in page.text, "与签署时一致" in page.text, "paper" in page.forms) == (True, True, False)
    assert order["vehicle"]["plate"] in advisor.get(f"{HERE}/order-files?number={order['number']}").text


def test_nothing_is_filed_that_nobody_chose(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Kind, scan, who signed and when are said, or missed by name; a gate pass of a car in work is refused, the typing stays."""
    order = car("dispatched")
    browser = at_desk("advisor")
    for colour in ("red", "blue"):
        attached(browser, order_page(browser, order), a_photo(colour), kind="other")
    page = browser.get(f"{HERE}/orders/{order['id']}/file")
    form = page.forms["paper"]
    assert {name: form.fields[name] for name in ("kind", "attachment_id", "signed_by", "signed_on")} == dict.fromkeys(
        ("kind", "attachment_id", "signed_by", "signed_on"), ""
    )
    page = browser.send(page, "paper")
    assert page.status == 422
    assert [f'id="paper-{one}-error"' in page.source for one in ("kind", "attachment_id", "signed_by", "signed_on")] == [True] * 4
    scan = dealership.advisor.get(f"/work-orders/{order['id']}/attachments")["items"][0]["id"]
    today = datetime.fromisoformat(order["opened_at"]).astimezone(ZoneInfo(TIME_ZONE)).date()
    told = {"attachment_id": scan, "signed_by": "王芳", "signed_on": today.isoformat()}
    page = browser.send(page, "paper", kind="gate_pass", **told)
    assert (page.status, "Nobody can have signed that yet" in page.text) == (409, True)
    assert page.forms["paper"].fields["signed_by"] == "王芳"
    assert browser.send(page, "paper", kind="walk_around", **told).status == 200
    filed = dealership.advisor.get(f"/work-orders/{order['id']}/file")["documents"]
    assert [one["kind"] for one in filed if one["means"] == "paper"] == ["walk_around"]
