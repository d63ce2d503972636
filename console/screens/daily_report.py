"""The daily report 维修日报 (Rule W22): what came, was handed over and stands, and what was invoiced; one question, one sheet."""

from collections.abc import Mapping
from typing import Any

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import asked_day, beside, chosen_day
from console.speaking import t

LISTS = ("arrivals", "without_order", "comebacks", "delivered", "on_hold", "late")
SHEET, PAGE = 70, 70
"""So many rows on the sheet of a day, and on a page of one of its lists."""

screen = Screen("daily_report", under="performance")


@screen.page("/daily-report", known=("daily_report.title", ("GET", "/daily-report")))
def day(desk: Desk) -> Shown:
    """Today, unless `day` names an earlier one; what is typed and names none is said at its field, and stays there.

    Of a busy day each list begins on the sheet, and goes on by itself: `list`, from `cursor` on.
    """
    typed = request.args.get("day", "").strip()
    chosen = min(chosen_day(desk), desk.today)
    wrong = "" if not typed or asked_day(desk) == chosen else t("daily_report.no_such_day")
    before, after = beside(chosen)
    found = desk.get("/daily-report", day=chosen)
    rows = _rows(found["shop"])
    only = request.args.get("list", "")
    only = only if only in rows else ""
    shown = {only: _page(rows[only])} if only else _sheet(rows)
    values = {
        "found": found,
        "rows": rows,
        "shown": shown,
        "only": only,
        "typed": typed if wrong else chosen,
        "wrong": wrong,
        "chosen": chosen,
        "before": before,
        "after": after if chosen < desk.today else None,
    }
    return Shown("daily_report.html", t("daily_report.title"), values)


def _rows(shop: Mapping[str, Any] | None) -> dict[str, list[Any]]:
    """The lists that this day has."""
    if shop is None:
        return {}
    lists = {**shop, "without_order": {"items": shop["arrivals"]["without_order"]}}
    return {name: lists[name]["items"] for name in LISTS if lists[name] is not None}


def _sheet(rows: Mapping[str, list[Any]]) -> dict[str, tuple[int, int]]:
    """From where to where each list is shown: what fits, and of the long ones equally much."""
    shown, left = {}, SHEET
    for at, name in enumerate(sorted(rows, key=lambda one: len(rows[one]))):
        shown[name] = (0, min(len(rows[name]), left // (len(rows) - at)))
        left -= shown[name][1]
    return shown


def _page(rows: list[Any]) -> tuple[int, int]:
    asked = request.args.get("cursor", "")
    begin = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= 6 else 0
    return begin, min(begin + PAGE, len(rows))
