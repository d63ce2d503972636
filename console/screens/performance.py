"""How much of their time technicians work, and how fast: productivity, efficiency, utilisation of a month (Rule W9)."""

from datetime import date, timedelta

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.speaking import t

screen = Screen("performance", place=33, whose=("GET", "/workshop-performance"))


@screen.page("/performance")
def month(desk: Desk) -> Shown:
    """A month, this one unless `month` names another; a day of it if `day` names one. One question to the gateway."""
    today = date.fromisoformat(desk.today)
    chosen = _day(request.args.get("day", ""))
    first = chosen or min(_day(f"{request.args.get('month', '')}-01") or today, today).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    last = chosen or min(following - timedelta(days=1), today)
    values = {
        "found": desk.get("/workshop-performance", from_day=first.isoformat(), to_day=last.isoformat()),
        "whole": f"{first:%Y-%m}",
        "chosen": chosen is not None,
        "before": f"{first.replace(day=1) - timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}" if following <= today else None,
    }
    return Shown("performance.html", t("performance.title"), values)


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None
