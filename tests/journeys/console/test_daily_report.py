"""The daily report, through its page alone (Rule W22)."""

from collections.abc import Callable
from typing import Any

import pytest

from servicelane.client import awaited
from servicelane.dealership import Dealership
from tests.pages import Browser

DEALER = "sh-daily"
HERE = f"/d/{DEALER}"


def test_the_day_is_on_one_page_in_both_languages(
    at_desk: Callable[..., Browser], car: Callable[[str], dict[str, Any]], dealership: Dealership
) -> None:
    """What came, what was handed over and what it brought; the day before has nothing, and no day after today is offered."""
    order = car("delivered")
    path = f"/work-orders/{order['id']}"
    awaited(lambda: dealership.cashier.get(f"{path}/account")["revision"] == 1 or None, "the account to be billed")
    manager = at_desk("manager")
    for leading in ("attention", "performance"):
        assert f"{HERE}/daily-report" in manager.get(f"{HERE}/{leading}").links
    page = manager.get(f"{HERE}/daily-report")
    assert page.status == 200
    for said in ("Daily report", "Arrivals 1", "Handed over 1", order["number"], "Customer"):
        assert said in page.text, page.text
    chinese = at_desk("foreman", language="zh").get(f"{HERE}/daily-report")
    assert "当日进厂 1" in chinese.text
    assert "营业收入" in chinese.text
    [before] = [one for one in page.links if "/daily-report?day=" in one]
    earlier = manager.get(before)
    assert (order["number"] in earlier.text, "On hold now" in earlier.text) == (False, False)
    assert at_desk("cashier").get(f"{HERE}/daily-report").status == 403


def test_a_day_is_chosen_and_the_paper_says_whose_it_is_and_of_when(
    at_desk: Callable[..., Browser],
) -> None:
    """Rule W22: without a script; what of it depends on the hour says the hour."""
    page = at_desk("manager").get(f"{HERE}/daily-report?day=2026-01-05")
    assert page.forms["choose"].fields["day"] == "2026-01-05"
    paper = page.source.partition("</nav>\n<p")[2].partition("</p>")[0]
    assert "浦东店" in paper
    assert "as of" in paper


@pytest.mark.parametrize(("language", "says"), [("en", "There is no report of this day"), ("zh", "没有这一天的日报")])
@pytest.mark.parametrize("typed", ["2026-02-30", "soon", "2999-01-01"])
def test_a_day_that_is_none_is_said_at_its_field_and_stays_typed(
    at_desk: Callable[..., Browser], typed: str, language: str, says: str
) -> None:
    """Today is shown meanwhile, and called so."""
    page = at_desk("manager", language=language).get(f"{HERE}/daily-report?day={typed}")
    assert page.status == 200
    assert page.forms["choose"].fields["day"] == typed
    assert says in page.source.partition('id="choose-day-error"')[2].partition("</p>")[0]
    assert 'aria-invalid="true" aria-describedby="choose-day-error"' in page.source
