"""The cars that wait for the team leader's check, before their final inspection (Rule W11). One read."""

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.speaking import t

PAGE = 50

screen = Screen("team_check", place=44, area="quality", whose=("POST", "/work-orders/{work_order_id}/team-check"))


@screen.page("/team-checks")
def waiting(desk: Desk) -> Shown:
    """Those that were handed in longest ago first; each leads to where it is checked."""
    found = desk.get("/team-checks", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("team_check.html", t("team_check.title"), {"found": found})
