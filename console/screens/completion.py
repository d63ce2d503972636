"""Completion certificates (竣工出厂合格证, Rule W32): which cars need one, and one order's, to be printed."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.page import Screen, Shown
from console.screens.order import ORDER
from console.speaking import t

PAGE = 50

screen = Screen("completion", place=46, area="quality", whose=("POST", ORDER + "/completion-certificate"))


@screen.page("/completion-certificates")
def to_issue(desk: Desk) -> Shown:
    """Cars that have passed and are not delivered without one. One read."""
    found = desk.get("/completion-certificates/to-issue", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("completion_list.html", t("completion.title"), {"found": found})


@screen.page("/orders/<work_order_id>/completion", Action("issue", "POST", ORDER + "/completion-certificate", guarded=False))
def car(desk: Desk, work_order_id: str) -> Shown:
    """The certificates of one order; the inspector issues what is needed."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(order=lambda: desk.get(path), found=lambda: desk.get(f"{path}/completion-certificates"))
    title = t("completion.of_car", plate=read["order"]["vehicle"]["plate"])
    return Shown("completion.html", title, read)
