"""Intermittent faults under observation (Rule W16): which there are, whose day has passed, and putting one under it."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field, Whole
from console.page import Screen, Shown
from console.screens.order import ORDER
from console.speaking import t

PAGE = 50

screen = Screen("observations", place=57, area="orders", whose=("POST", ORDER + "/observations"))


@screen.page(
    "/observations",
    Action("end", "POST", "/observations/{of}/end", (Field("reason"),), guarded=False),
    settles=("observation_due",),
)
def standing(desk: Desk) -> Shown:
    """Those that are not ended, the first to end first. One read."""
    found = desk.get("/observations", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("observations.html", t("observations.title"), {"found": found, "order": None})


@screen.page(
    "/orders/<work_order_id>/observations",
    Action(
        "observe",
        "POST",
        ORDER + "/observations",
        (Whole("job"), Field("operation_group"), Field("fault"), Field("until")),
        guarded=False,
    ),
    Action("end", "POST", "/observations/{of}/end", (Field("reason"),), guarded=False),
)
def car(desk: Desk, work_order_id: str) -> Shown:
    """All of one order, and another one."""
    read = desk.together(
        order=lambda: desk.get(f"/work-orders/{work_order_id}"),
        found=lambda: desk.get("/observations", work_order_id=work_order_id, limit=PAGE),
    )
    jobs = [(str(one["number"]), f"{one['number']} {one['complaint']}") for one in read["order"]["jobs"]]
    title = t("observations.of_car", plate=read["order"]["vehicle"]["plate"])
    return Shown("observations.html", title, {**read, "jobs": jobs})
