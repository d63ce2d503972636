"""The driver's own day, for a phone: what is fetched and brought, in order, with address and number to call."""

from datetime import date, timedelta

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.speaking import t

screen = Screen("driving", place=42, whose=("GET", "/my-legs"))


@screen.page("/my-legs")
def mine(desk: Desk) -> Shown:
    """Today's legs, with what is still open of earlier days; or those of another day. One read."""
    try:
        on = date.fromisoformat(request.args.get("day", "")).isoformat()
    except ValueError:
        on = desk.today
    near = [(date.fromisoformat(on) + timedelta(days=days)).isoformat() for days in (-1, 1)]
    found = desk.get("/my-legs", day=on)
    return Shown("my_legs.html", t("driving.title"), {"found": found, "on": on, "neighbours": near, "today": desk.today})
