"""Equipment, tools and what makes a car ready, as they are recorded on the screens: the shop, the yard, beside the car."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-equipment"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"


def test_an_overdue_lift_is_seen_on_the_board_until_its_service_is_recorded(at_desk: Desk, car: Car) -> None:
    """Rule W21: the bay is offered to nobody meanwhile; what the register lacks is said at its field."""
    order = car("approved")
    manager, foreman = at_desk("manager"), at_desk("foreman")
    page = manager.get(f"{HERE}/equipment")
    refused = manager.send(page, "register", kind="lift", code="L-4", name="Two-post lift", bay="B4")
    assert (refused.status, "Next due on" in refused.text) == (422, True)
    page = manager.send(refused, "register", due_on="2026-01-31")
    assert "Overdue" in page.text
    entry = page.path
    assert "Blocked by L-4" in foreman.get(f"{HERE}/board").text
    assert 'value="B4"' not in foreman.get(f"{HERE}/board/{order['id']}").source
    assert "L-4 Two-post lift" in manager.get(f"{HERE}/attention").text
    page = foreman.send(foreman.get(entry), "service", serviced_by="The lift firm", due_on="2036-01-31")
    assert ("In order" in page.text, "The lift firm" in page.text) == (True, True)
    assert "Blocked by" not in foreman.get(f"{HERE}/board").text


def test_a_tool_is_signed_for_and_comes_back(at_desk: Desk, dealership: Dealership) -> None:
    """Rule W21: who has it is on the shelf's list; it is offered again when it is back."""
    tool = dealership.manager.post("/equipment", {"code": "T-1", "kind": "tool", "name": "Torque wrench"})
    clerk = at_desk("clerk", language="zh")
    address = f"{HERE}/equipment/{tool['id']}"
    page = clerk.send(
        clerk.get(address), "lend", borrower=f"{DEALER}.technician", signature__means="typed", signature__name="李强"
    )
    assert "李强" in clerk.get(f"{HERE}/equipment?show=out").text
    assert "lend" not in page.forms
    [loan] = dealership.clerk.get("/tool-loans")["items"]
    page = clerk.send(page, f"take-back-{loan['id']}", note="磨损")
    assert ("磨损" in page.text, "lend" in page.forms) == (True, True)


def test_a_car_is_washed_checked_and_driven_before_it_goes_back(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rules W12, W13, W26: the washer's yard, the check with one button, the road test beside the car."""
    order = car("worked on")
    path = f"/work-orders/{order['id']}"
    inspector, washer, advisor = at_desk("inspector"), at_desk("washer"), at_desk("advisor")
    checked = inspector.send(inspector.get(f"{HERE}/check/{order['id']}"), "pass", passed="yes")
    assert ("It is washed first." in checked.text, "ready" in checked.forms) == (True, False)
    yard = washer.send(washer.get(f"{HERE}/washes"), f"begin-{order['id']}")
    yard = washer.send(yard, f"end-{order['id']}", parking_place="P-7")
    assert order["vehicle"]["plate"] not in yard.text
    inspector.send(inspector.get(f"{HERE}/check/{order['id']}"), "ready")
    page = advisor.get(f"{HERE}/orders/{order['id']}")
    assert "P-7" in page.text
    page = advisor.send(page, "check-out", note="no spare wheel")
    assert page.path.endswith("/hand-over")
    assert ("no spare wheel" in page.text, "deliver" in page.forms, "check-out" in page.forms) == (True, True, False)
    drives = advisor.get(f"{HERE}/orders/{order['id']}/road-test")
    driven = {"route": "Ring road", "mileage_before": "32110", "findings": "quiet"}
    refused = advisor.send(drives, "record", driven_by=f"{DEALER}.technician", mileage_after="32109", **driven)
    assert (refused.status, "Mileage after" in refused.text) == (422, True)
    assert "Ring road" in advisor.send(refused, "record", mileage_after="32116").text
    back = advisor.send(
        advisor.get(f"{HERE}/orders/{order['id']}/road-test"),
        "customer",
        outcome="not_fixed",
        route="Ring road",
        mileage_before="32116",
        mileage_after="32119",
        findings="still squeals",
        rework_line_ids=[line["line_id"] for line in dealership.advisor.get(path)["lines"] if line["kind"] == "labour"][:1],
    )
    assert "Not fixed" in back.text
    now = dealership.advisor.get(path)
    assert (now["status"], now["rework_count"], now["pre_delivery"]) == ("dispatched", 1, None)
