"""From the invitation to the car that came: what became of a month's invitations and appointments."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import told_day
from console.speaking import t

screen = Screen("conversion", place=93, area="figures", whose=("GET", "/booking-conversion"))


@screen.page("/conversion")
def month(desk: Desk) -> Shown:
    """A month, this one unless `month` names another; one question to the gateway."""
    first = _first(desk)
    following = (first + timedelta(days=32)).replace(day=1)
    last = min(following - timedelta(days=1), max(date.fromisoformat(desk.today), first))
    found: Mapping[str, Any] = desk.get("/booking-conversion", from_day=first.isoformat(), to_day=last.isoformat())
    before = (first - timedelta(days=1)).replace(day=1)
    values = {
        "found": found,
        "said": _said,
        "before": f"{before:%Y-%m}",
        "after": f"{following:%Y-%m}" if following.isoformat() <= desk.today else None,
    }
    return Shown("conversion.html", t("conversion.title"), values)


def _first(desk: Desk) -> date:
    today = date.fromisoformat(desk.today)
    asked = told_day(f"{request.args.get('month', '')}-01", today) or today
    return min(asked, today).replace(day=1)


def _said(formula: str) -> str:
    """A formula with its figures in words."""
    figures = {
        "invited": t("conversion.invited"),
        "booked": t("conversion.booked"),
        "arrived": t("conversion.arrived"),
        "no_shows": t("conversion.no_shows"),
        "low_traffic": t("conversion.low_traffic"),
    }
    return re.sub(r"[a-z_]+", lambda figure: figures[figure[0]], formula)
