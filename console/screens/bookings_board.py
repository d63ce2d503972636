"""The board of bookings (预约看板, Rule W22), for a wall: who comes today, hour by hour, who is here, who is late."""

from datetime import datetime, timedelta
from typing import Any

from console.desk import Desk
from console.page import Screen, Shown
from console.periods import chosen_day
from console.speaking import t

COMES = ("requested", "confirmed")
AN_HOUR = timedelta(hours=1)

screen = Screen("bookings_board", under="board")


@screen.page("/bookings-board", known=("bookings_board.title", ("GET", "/day-plan")))
def today(desk: Desk) -> Shown:
    """Today, unless `day` names another one, as the booking desk has it: one read. Past hours in which nobody comes are gone."""
    plan = desk.get("/day-plan", day=chosen_day(desk))
    hours = [one for one in plan["hours"] if one["appointments"] or (one["places"] and _age(desk, one) < AN_HOUR)]
    most = max(1, *(len(one["appointments"]) for one in hours)) if hours else 1
    values = {
        "plan": plan,
        "hours": [
            one | {"weight": max(1, -(-len(one["appointments"]) * 6 // most)), "now": timedelta() <= _age(desk, one) < AN_HOUR}
            for one in hours
        ],
        "overdue": {each["id"]: late for one in hours for each in one["appointments"] if (late := _late(desk, each))},
    }
    return Shown("bookings_board.html", t("bookings_board.title"), values)


def _age(desk: Desk, one: dict[str, Any]) -> timedelta:
    """Since when an hour has begun, or an appointment is due."""
    return desk.now - datetime.fromisoformat(one["starts_at"])


def _late(desk: Desk, one: dict[str, Any]) -> int:
    """For how many minutes a car that is expected has not come."""
    if one["status"] not in COMES:
        return 0
    return max(0, _age(desk, one) // timedelta(minutes=1))
