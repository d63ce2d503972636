"""A month or a day of it, as figures are asked for and led through."""

from datetime import date, timedelta
from typing import Any

from flask import request

from console.desk import Desk


def period(desk: Desk) -> tuple[dict[str, str], dict[str, Any]]:
    """What to ask for, and what the page says of it: this month, unless `month` names another, or `day` one of its days."""
    today = date.fromisoformat(desk.today)
    chosen = _day(request.args.get("day", ""))
    first = chosen or min(_day(f"{request.args.get('month', '')}-01") or today, today).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    last = chosen or min(following - timedelta(days=1), today)
    shown = {
        "whole": f"{first:%Y-%m}",
        "chosen": chosen is not None,
        "before": f"{first.replace(day=1) - timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}" if following <= today else None,
    }
    return {"from_day": first.isoformat(), "to_day": last.isoformat()}, shown


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None
