"""Cars to wash: who is next, begun and parked; for whoever washes, on a tablet in the yard. One read."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field
from console.page import Screen, Shown
from console.speaking import t

WASH = "/work-orders/{of}/wash"
PAGE = 50

screen = Screen("wash", place=75, area="workshop", whose=("POST", "/work-orders/{work_order_id}/wash/begin"))


@screen.page(
    "/washes",
    Action("begin", "POST", WASH + "/begin", guarded=False),
    Action("end", "POST", WASH + "/end", (Field("parking_place"),), guarded=False),
    Action("skip", "POST", WASH + "/skip", (Field("reason"),), guarded=False),
)
def yard(desk: Desk) -> Shown:
    """Those that are due or under way, the first order first."""
    found = desk.get("/washes", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("wash.html", t("wash.title"), {"found": found})
