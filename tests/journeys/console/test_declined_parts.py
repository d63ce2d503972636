"""Parts that were declined at the last visit, on the page on which the next one is booked."""

from collections.abc import Callable
from typing import Any

from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-declined-parts"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]

HERE = f"/d/{DEALER}"


def test_a_part_that_was_declined_is_ticked_with_its_quantity(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """Rules B4 and W8: what is not ticked is not booked, and what was refused is ticked still."""
    browser = at_desk("agent")
    form, other = (
        browser.get(f"{HERE}/booking/{was['customer']['customer_id']}/{was['vehicle']['vehicle_id']}").forms["book"]
        for was in (car("delivered"), car("delivered"))
    )
    assert form.fields["parts.100.quantity"] == "2"
    ticked = {"parts.100.part_number": ["WIPER-24"]}
    refused = browser.post(form.action, form.filled({**ticked, "parts.100.quantity": "many"}))
    assert (refused.status, 'id="book-parts-100-quantity-error"' in refused.source) == (422, True), refused.source
    assert refused.forms["book"].fields["parts.100.part_number"] == "WIPER-24"
    form = refused.forms["book"]
    sent = browser.post(form.action, form.filled({"parts.100.quantity": "1"}))
    if "confirm_second_appointment" in sent.forms.get("book", form).names:  # the visit before was today
        form = sent.forms["book"]
        sent = browser.post(form.action, form.filled({"confirm_second_appointment": ["yes"]}))
    assert "/appointments/" in sent.path, sent.text[:3000]
    booked = _booked(dealership, sent.path)
    assert [(one["part_number"], float(one["quantity"])) for one in booked["parts"]] == [("WIPER-24", 1)]
    plain = browser.post(other.action, other.filled({}))
    if "confirm_second_appointment" in plain.forms.get("book", other).names:
        again = plain.forms["book"]
        plain = browser.post(again.action, again.filled({"confirm_second_appointment": ["yes"]}))
    assert "/appointments/" in plain.path, plain.text[:3000]
    assert _booked(dealership, plain.path)["parts"] == []


def _booked(at: Dealership, path: str) -> Any:
    return at.agent.get("/appointments/" + path.rpartition("/")[2])
