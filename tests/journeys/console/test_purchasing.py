"""Purchase orders on the screens: drafted, approved by who may, sent, received by scanning (Rules P4, P14)."""

from collections.abc import Callable

from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.pages import Browser, Page

DEALER = "sh-purchasing"

Desk = Callable[..., Browser]
HERE = f"/d/{DEALER}"


def drafted(browser: Browser, dealership: Dealership, quantity: str) -> Page:
    """A draft of wipers, as its own page shows it."""
    [supplier] = dealership.clerk.get("/suppliers")["items"]
    page = browser.get(f"{HERE}/purchase-orders")
    typed = {"supplier_id": supplier["id"], "lines.0.part_number": "wiper 24", "lines.0.quantity": quantity}
    return browser.post(page.forms["draft"].action, page.forms["draft"].filled(typed))


def test_an_order_is_drafted_approved_sent_and_received_by_scanning(at_desk: Desk, dealership: Dealership) -> None:
    """Rules P4, P14: each step is one form; what is scanned is counted, a wrong scan is told."""
    clerk = at_desk("clerk")
    refused = drafted(clerk, dealership, "7")
    assert (refused.status, "in steps of 10" in refused.text) == (422, True)
    page = drafted(clerk, dealership, "20")
    assert ("Draft" in page.text, "SVW-WIPER-24" in page.text) == (True, True)
    page = clerk.send(clerk.send(page, "approve"), "send")
    assert page.path in clerk.get(f"{HERE}/arrivals?code=WIPER-24").source
    part = dealership.stock("WIPER-24")["id"]
    assert "PO-" in at_desk("advisor").get(f"{HERE}/stock/parts/{part}").text
    before = dealership.stock("WIPER-24")["in_bin"]
    assert "is no part of this order" in clerk.get(f"{page.path}?code=PAD-F-77").text
    scanned = clerk.get(f"{page.path}?code=svw-wiper-24")
    typed = {"reference": "DN-7", "lines.0.accepted": "12", "lines.0.damaged": "3"}
    came = clerk.post(scanned.forms["receive"].action, scanned.forms["receive"].filled(typed))
    assert ("Partly received" in came.text, "DN-7" in came.text) == (True, True)
    assert float(dealership.stock("WIPER-24")["in_bin"]) == float(before) + 12
    over = clerk.post(came.forms["receive"].action, came.forms["receive"].filled({"reference": "DN-8", "lines.0.accepted": "9"}))
    assert (over.status, "more cannot be received" in over.text) == (409, True)
    ended = clerk.send(clerk.get(page.path), "cancel", reason="sold out")
    assert ("Received" in ended.text, "receive" in ended.forms) == (True, False)


def test_what_is_short_is_proposed_and_drafted_with_one_button(at_desk: Desk, dealership: Dealership) -> None:
    """Rule P4: by supplier, worked out as the page is read; what is drafted is not proposed again."""
    clerk = at_desk("clerk")
    assert "Nothing is at its reorder point." in clerk.get(f"{HERE}/what-to-order").text
    customer = dealership.agent.post("/customers", {"name": "王芳", "phone": "13900001234"})
    car = {"customer_id": customer["id"], "vin": "LSVAA49J132047371", "plate": "沪A·00001", "make": "VW", "model": "Passat"}
    vehicle = dealership.agent.post("/vehicles", car)
    offers = awaited(lambda: dealership.agent.get("/slot-offers", service_type="repair")["items"], "the calendar to have a place")
    wanted = {"parts": [{"part_number": "DISC-F-77", "quantity": "9000"}], "service_type": "repair", "channel": "phone"}
    booked = {"customer_id": customer["id"], "vehicle_id": vehicle["id"], "starts_at": offers[0]["starts_at"], **wanted}
    dealership.agent.post("/appointments", booked)
    awaited(lambda: dealership.clerk.get("/special-orders")["items"], "the parts to be on special order")
    page = clerk.get(f"{HERE}/what-to-order")
    [do] = [name for name in page.forms if name.startswith("draft-")]
    order = clerk.send(page, do)
    assert "DISC-F-77" in order.text
    assert "Nothing is at its reorder point." in clerk.get(f"{HERE}/what-to-order").text


def test_who_may_not_approve_so_much_is_told(at_desk: Desk, dealership: Dealership) -> None:
    """Rule P4: the clerk's limit; the service manager approves."""
    page = drafted(at_desk("clerk"), dealership, "500")
    refused = at_desk("clerk").send(page, "approve")
    assert (refused.status, "15,000" in refused.text) == (409, True)
    assert "Approved" in at_desk("manager").send(at_desk("manager").get(page.path), "approve").text
