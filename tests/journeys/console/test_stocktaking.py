"""A stocktake on the screens: opened, counted by scanning, again by somebody else, approved (Rules P6, P14)."""

from collections.abc import Callable

from servicelane.dealership import Dealership
from tests.counting import counted
from tests.pages import Browser, Page

DEALER = "sh-stocktaking"

Desk = Callable[..., Browser]
HERE = f"/d/{DEALER}"


def scanned(browser: Browser, path: str, code: str, quantity: str) -> Page:
    """A phone: the code is scanned, then how much there is of it is typed."""
    page = browser.get(f"{path}/count?code={code}")
    typed = {"lines.0.quantity": quantity}
    return browser.post(page.forms["count"].action, page.forms["count"].filled(typed))


def test_a_zone_is_opened_counted_by_two_and_approved(at_desk: Desk, dealership: Dealership) -> None:
    """Rules P6, P14: nothing says what the books have until all is counted; who counted what differs approves nothing."""
    zone = counted(dealership).rpartition("/")[2]
    first = dealership.clerk.get(f"/stocktakes/{zone}")
    dealership.clerk.post(f"/stocktakes/{zone}/cancel", {"reason": "by hand"}, of=first)
    clerk, technician, manager = at_desk("clerk"), at_desk("technician"), at_desk("manager")
    page = clerk.get(f"{HERE}/stocktakes")
    page = clerk.post(page.forms["open"].action, page.forms["open"].filled({"zone": first["zone"]}))
    assert ("Counting" in page.text, "approve" in page.forms) == (True, False)
    sheet = clerk.get(f"{page.path}/count")
    assert (first["zone"] in sheet.text, "Left to count: 1" in sheet.text) == (True, True)
    unknown = scanned(clerk, page.path, "NOBODY", "1")
    assert unknown.status == 409
    done = scanned(clerk, page.path, first["zone"], "8")
    assert "to be counted by somebody else: 1" in done.text
    again = scanned(clerk, page.path, first["zone"], "8")
    assert (again.status, "You counted part" in again.text) == (409, True)
    assert "What differs is shown when nothing is left to count." in manager.get(page.path).text
    left = scanned(technician, page.path, first["zone"], "8")
    assert "Nothing is left for you to count." in left.text
    shown = clerk.get(page.path)
    assert ("-2" in shown.text.replace("−", "-"), "approve" in shown.forms) == (True, True)
    refused = clerk.send(shown, "approve")
    assert (refused.status, "which differs" in refused.text) == (409, True)
    assert "Approved" in manager.send(manager.get(page.path), "approve").text
    assert float(dealership.stock(first["zone"])["in_bin"]) == 8


def test_a_frozen_bin_says_so_at_the_counter(at_desk: Desk, dealership: Dealership) -> None:
    """Rule P6: what moves there is refused, with the stocktake's number."""
    path = counted(dealership)
    one = dealership.clerk.get(path)
    clerk = at_desk("clerk")
    page = clerk.get(f"{HERE}/receipts")
    typed = {"supplier": "SVW", "reference": "DN-1", "lines.0.part_number": one["zone"], "lines.0.quantity": "1"}
    page = clerk.post(page.forms["receive"].action, page.forms["receive"].filled({**typed, "lines.0.unit_cost": "1"}))
    assert (page.status, one["number"] in page.text) == (409, True)
