"""A month or a day as an address names it, and what lies beside it: whatever is typed there, a page is shown."""

from datetime import date, timedelta
from typing import Any

from flask import request

from console.desk import Desk

FARTHEST = timedelta(days=366 * 20)
"""From today: nobody looks farther, and what lies beyond has no neighbour to lead to."""


def told_day(told: str, today: date) -> date | None:
    """A day near enough to be asked for; None for anything else."""
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return min(max(day, today - FARTHEST), today + FARTHEST)


def asked_day(desk: Desk) -> str | None:
    """The `day` of the address; None if it names none."""
    day = told_day(request.args.get("day", ""), date.fromisoformat(desk.today))
    return None if day is None else day.isoformat()


def chosen_day(desk: Desk) -> str:
    """The same, else today."""
    return asked_day(desk) or desk.today


def beside(day: str) -> list[str]:
    """The days before and after it."""
    return [days_from(day, days) for days in (-1, 1)]


def days_from(day: str, days: int) -> str:
    """So many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def period(desk: Desk) -> tuple[dict[str, str], dict[str, Any]]:
    """What to ask for, and what the page says of it: this month, unless `month` names another, or `day` one of its days."""
    today = date.fromisoformat(desk.today)
    chosen = told_day(request.args.get("day", ""), today)
    first = chosen or min(told_day(f"{request.args.get('month', '')}-01", today) or today, today).replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    last = chosen or min(following - timedelta(days=1), today)
    shown = {
        "whole": f"{first:%Y-%m}",
        "chosen": chosen is not None,
        "before": f"{first.replace(day=1) - timedelta(days=1):%Y-%m}",
        "after": f"{following:%Y-%m}" if following <= today else None,
    }
    return {"from_day": first.isoformat(), "to_day": last.isoformat()}, shown
