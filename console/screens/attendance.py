"""Who is there: a day's attendance, teams with their shifts, absences. Kept by foremen and technical director (Rule W9)."""

from datetime import date, timedelta
from typing import Any

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment, Needed, Several
from console.page import Screen, Shown
from console.screens.certificates import people
from console.speaking import t

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PAGE = 50
KINDS = ("leave", "sick", "training", "other")
SHIFTS = (Field("shifts.*.weekday"), Needed("shifts.*.begins"), Field("shifts.*.ends"))
TEAM = (Field("team_name"), Field("leader"), Several("members"), *SHIFTS)

screen = Screen("attendance", place=32, area="workshop", whose=("POST", "/absences"))


@screen.page(
    "/attendance",
    Action("form", "POST", "/teams", TEAM, guarded=False),
    Action("change", "POST", "/teams/{of}/change", TEAM),
    Action("disband", "POST", "/teams/{of}/disband", guarded=False),
    Action("plan", "POST", "/shift-plans", (Field("technician"), *SHIFTS), guarded=False),
    Action(
        "absent",
        "POST",
        "/absences",
        (Field("technician"), Field("absence_kind"), Moment("from_at"), Moment("until_at"), Field("note")),
        guarded=False,
    ),
    Action("back", "POST", "/absences/{of}/cancel", guarded=False),
)
def day(desk: Desk) -> Shown:
    """A day, today unless `day` names another: who is there when, and the teams."""
    chosen = _chosen(desk)
    read = desk.together(
        found=lambda: desk.get("/attendance", day=chosen.isoformat()),
        leaders=lambda: people(desk),
    )
    found: dict[str, Any] = read["found"]
    values = {
        **read,
        "technicians": desk.choices({"login": one["technician"], "name": one["technician_name"]} for one in found["technicians"]),
        "before": (chosen - timedelta(days=1)).isoformat(),
        "after": (chosen + timedelta(days=1)).isoformat(),
        "week": WEEK,
        "kinds": KINDS,
        "by_day": lambda shifts: {one["weekday"]: one for one in shifts},
    }
    return Shown("attendance.html", t("attendance.title"), values)


@screen.page(
    "/attendance/clock-offs",
    Action("correct", "POST", "/clockings/{of}/correct", (Moment("stopped_at"), Field("reason")), guarded=False),
    settles=("forgotten_clock_off",),
)
def forgotten(desk: Desk) -> Shown:
    """Work that the end of the shift ended, until somebody says when it really was."""
    listed = desk.get("/forgotten-clock-offs", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("clock_offs.html", t("attendance.forgotten"), {"listed": listed})


def _chosen(desk: Desk) -> date:
    today = date.fromisoformat(desk.today)
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    return min(max(asked, today - timedelta(days=366)), today + timedelta(days=366))
