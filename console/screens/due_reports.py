"""Whom to tell how it goes: the advisor's customers, who is due first first."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field
from console.page import Screen, Shown
from console.screens.promise import HOW
from console.speaking import t

screen = Screen("due_reports", place=22, area="orders", whose=("POST", "/work-orders/{work_order_id}/progress-reports"))


@screen.page(
    "/due-reports",
    Action("report", "POST", "/work-orders/{of}/progress-reports", (Field("told_how"),), guarded=False),
)
def due(desk: Desk) -> Shown:
    """Mine, or with `whose=all` everybody's: one read."""
    everybody = request.args.get("whose") == "all"
    found = desk.get("/due-reports", advisor=None if everybody else desk.person.login)
    values = {"found": found["items"], "everybody": everybody, "how": HOW}
    return Shown("due_reports.html", t("due_reports.title"), values)
