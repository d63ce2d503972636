"""The day of an address, however it is typed: pages are shown, and lead only to days that there are."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask

from console.periods import asked_day, beside, chosen_day, period

DESK = cast("Any", SimpleNamespace(today="2026-03-03"))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "0001-01-02", "9999-12-30"])
def test_a_day_at_the_edge_of_the_calendar_has_neighbours_and_is_near_enough_to_ask_for(day: str) -> None:
    with Flask(__name__).test_request_context(f"/?day={day}"):
        on = chosen_day(DESK)
        before, after = beside(on)
        assert "2006" <= before < on < after < "2047"
        asked, _ = period(DESK)
        assert asked == {"from_day": on, "to_day": on}


@pytest.mark.parametrize("month", ["9999-12", "0001-01"])
def test_so_has_a_month(month: str) -> None:
    with Flask(__name__).test_request_context(f"/?month={month}"):
        asked, _ = period(DESK)
        assert "2006" <= asked["from_day"] <= asked["to_day"] <= "2026-03-03"


def test_what_is_no_day_is_today_or_none() -> None:
    with Flask(__name__).test_request_context("/?day=tomorrow"):
        assert (asked_day(DESK), chosen_day(DESK)) == (None, "2026-03-03")
        assert beside("2026-03-01") == ["2026-02-28", "2026-03-02"]
