"""Lines that warranty would pay and must not are seen where the advisor works, and the way on is there (Rule W25)."""

import re
from collections.abc import Callable
from typing import Any

from tests.journeys.console.conftest import order_page
from tests.pages import Browser

DEALER = "sh-coverage"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]


def test_what_warranty_does_not_pay_is_marked_until_somebody_else_pays_it(at_desk: Desk, car: Car) -> None:
    order = car("dispatched")
    advisor = at_desk("advisor")
    page = order_page(advisor, order)
    assert "Choose another payer" not in page.text
    page = advisor.send(page, "job-1", coverage="not_covered")
    claimed = [line for line in order["lines"] if any(one["payer"] == "warranty" for one in line["payers"])]
    assert (page.status, page.text.count("Choose another payer")) == (200, len(claimed)), page.text
    assert order_page(at_desk("advisor", language="zh"), order).text.count("请更改付款方") == len(claimed)
    page = order_page(advisor, order, f"/lines/{claimed[0]['line_id']}")
    assert "Warranty does not cover this, or not yet" in page.text
    assert re.search('id="fold-payer[^"]*" open', page.source), "the step is offered"
    page = advisor.send(page, "payer", payer="goodwill", reason="a good customer", authorised_by="the boss")
    assert (page.status, page.text.count("Choose another payer")) == (200, len(claimed) - 1), page.text
    other = next(line for line in order["lines"] if line not in claimed)
    assert "Warranty does not cover this" not in order_page(advisor, order, f"/lines/{other['line_id']}").text
