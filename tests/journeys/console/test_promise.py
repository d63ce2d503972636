"""What a customer was promised, and what they are told, through the pages alone (Rules W6, W18, W19)."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.days import spring
from tests.pages import Browser

DEALER = "sh-promise"
HERE = f"/d/{DEALER}"


def test_a_promise_says_how_it_was_found_and_the_customer_is_told_another_time(
    at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]], dealership: Dealership
) -> None:
    """Worked out with its hours; revised with how, and what they said; told with one click where it is due."""
    order = car("worked on")
    path, address = f"/work-orders/{order['id']}", f"{HERE}/orders/{order['id']}/promise"
    advisor = at_desk("advisor")
    page = advisor.get(address)
    assert page.status == 200, page.text
    assert "Worked out as everything is now" in page.text
    assert "still to do" in page.text
    page = advisor.send(page, "report", told_how="phone", note="The pads are off")
    assert "The pads are off" in page.text
    page = advisor.send(page, "revise", promised_at=f"{spring(3)}T17:30", promise_answer="agreed", told_how="wechat")
    promise = dealership.advisor.get(f"{path}/promise")
    assert promise["promised_at"] == f"{spring(3)}T09:30:00+00:00"
    assert promise["revisions"][-1]["told_how"] == "wechat"
    assert "Revised" in page.text
    page = advisor.send(page, "wait", waits="yes")
    due = advisor.get(f"{HERE}/due-reports?whose=all")
    assert order["number"] in due.text
    advisor.send(due, f"report-{order['id']}", told_how="sms")
    assert dealership.advisor.get(f"{path}/promise")["reports"][-1]["told_at"]
    figures = at_desk("manager").get(f"{HERE}/promise-figures")
    assert (figures.status, "Promises kept" in figures.text) == (200, True)
    for only in ("", "?cause=parts", "?cause=unsaid", "?cause=nonsense"):
        missed = at_desk("manager").get(f"{HERE}/promise-figures/missed{only}")
        assert (missed.status, "Promises missed" in missed.text) == (200, True)
