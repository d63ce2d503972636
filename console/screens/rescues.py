"""Rescue cases: who called and where the car stands, who tows it, when it is here, whose appointment it is."""

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment
from console.page import Screen, Shown
from console.plates import same_plate
from console.speaking import t

CASE = "/rescues/{of}"
PAGE = 50

screen = Screen("rescues", place=84, area="reception", whose=("POST", "/rescues"))


@screen.page(
    "/rescues",
    Action(
        "report",
        "POST",
        "/rescues",
        (Field("caller_name"), Field("caller_phone"), Field("plate"), Field("location"), Field("trouble")),
    ),
    Action("tow", "POST", CASE + "/tow", (Field("tow_firm"), Field("tow_phone"), Moment("expected_at")), guarded=False),
    Action("arrive", "POST", CASE + "/arrive", (Moment("arrived_at"),), guarded=False),
    Action("link", "POST", CASE + "/link", (Field("appointment_id"),), guarded=False),
    Action("close", "POST", CASE + "/close", (Field("reason"),), guarded=False),
)
def cases(desk: Desk) -> Shown:
    """Those that are under way, or with `show=over` those that are over."""
    over = request.args.get("show") == "over"
    found = desk.get("/rescues", over="true" if over else None, cursor=request.args.get("cursor"), limit=PAGE)
    typed = (one["plate"] for one in found["items"] if not over and not one["appointment_id"])
    values = {"found": found, "over": over, "same_plate": same_plate(desk, typed)}
    return Shown("rescues.html", t("rescues.title"), values)
