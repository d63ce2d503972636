"""The coming day's comebacks and diagnoses, for whoever prepares the shop for them."""

from datetime import date, timedelta

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.showing import weekday
from console.speaking import t

BRIEFING = ("GET", "/briefing")

screen = Screen("briefing", place=32, whose=BRIEFING)


@screen.page("/briefing")
def day(desk: Desk) -> Shown:
    """A day's cars with their tags and why; the next open day unless `day` names another."""
    found = desk.get("/briefing", day=_asked())
    on = date.fromisoformat(found["day"])
    values = {
        "found": found,
        "neighbours": [(on + timedelta(days=days)).isoformat() for days in (-1, 1)],
        "may_look": desk.may("GET", "/appointments/{appointment_id}"),
    }
    return Shown("briefing.html", t("briefing.heading", day=weekday(found["day"])), values)


def _asked() -> str | None:
    try:
        return date.fromisoformat(request.args.get("day", "")).isoformat()
    except ValueError:
        return None
