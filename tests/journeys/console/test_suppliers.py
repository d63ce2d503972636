"""Suppliers on the screens: registered by the clerk, approved by the service manager, with their terms on the part's page."""

from collections.abc import Callable

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-suppliers"

Desk = Callable[..., Browser]
HERE = f"/d/{DEALER}"


def test_a_supplier_is_registered_and_approved_by_somebody_else(at_desk: Desk, dealership: Dealership) -> None:
    """Rule P12: the clerk registers, the manager says whether orders may go there; what is wrong is said at its field."""
    clerk, manager = at_desk("clerk"), at_desk("manager")
    page = clerk.get(f"{HERE}/suppliers")
    refused = clerk.send(page, "register", code="BOSCH", name_zh="博世", name_en="Bosch", lead_time_days="soon")
    assert (refused.status, "Lead time" in refused.text) == (422, True)
    page = clerk.send(refused, "register", lead_time_days="2")
    assert ("Not approved" in page.text, "approve" in page.forms) == (True, False)
    page = manager.send(manager.get(page.path), "approve", reason="samples were good")
    assert ("samples were good" in page.text, "suspend" in page.forms) == (True, True)
    assert "Approved" in clerk.get(f"{HERE}/suppliers").text


def test_the_terms_of_a_part_stand_with_the_supplier_and_with_the_part(at_desk: Desk, dealership: Dealership) -> None:
    """Rule P1: a supplier's own number leads to ours."""
    clerk = at_desk("clerk")
    [supplier] = [one for one in dealership.clerk.get("/suppliers")["items"] if one["code"] == "SVW"]
    page = clerk.get(f"{HERE}/suppliers/{supplier['id']}")
    typed = {"part_number": "disc f 77", "supplier_part_number": "SVW-DISC-78", "price": "31", "lead_time_days": "5"}
    page = clerk.post(page.forms["offer"].action, page.forms["offer"].filled(typed))
    assert "SVW-DISC-78" in page.text
    part = dealership.stock("DISC-F-77")
    assert "SVW-DISC-78" in clerk.get(f"{HERE}/stock/parts/{part['id']}").text
    assert "SVW-DISC-78" not in at_desk("advisor").get(f"{HERE}/stock/parts/{part['id']}").text
