"""The reception lane: who waits there for how long, and what is done about it. The guard has one button."""

from datetime import datetime, timedelta
from typing import Any

from console.action import Action
from console.desk import Desk
from console.form import Field, Yes
from console.page import Screen, Shown
from console.plates import same_plate
from console.screens.orders import OPEN
from console.speaking import t

CAR = "/lane/cars/{of}"
ASIDE = ("parking", "wash", "bodywork")
RELIEFS = ("ticket", *ASIDE, "none_needed")
CAUSES = ("arrivals_at_once", "walk_ins", "advisors_short", "reception_slow", "no_free_bay", "not_for_service", "other")

screen = Screen("lane", place=80, area="reception", whose=("POST", "/lane/alerts"))


@screen.page(
    "/lane",
    Action("enter", "POST", "/lane/cars", (Field("plate"), Field("customer_name"), Field("concern"))),
    Action("greet", "POST", CAR + "/greet", guarded=False),
    Action("arrive", "POST", "/appointments/{of}/arrive", (Yes("confirm_second_appointment"),), guarded=False),
    OPEN,
    Action("ticket", "POST", CAR + "/give-ticket", guarded=False),
    Action("aside", "POST", CAR + "/set-aside", (Field("to"), Field("place")), guarded=False),
    Action("back", "POST", CAR + "/bring-back", guarded=False),
    Action("on", "POST", CAR + "/send-on", (Field("reason"),), guarded=False),
    Action("alert", "POST", "/lane/alerts", (Field("note"),)),
    Action(
        "relieve",
        "POST",
        "/lane/alerts/{of}/relieve",
        (Field("relief"), Field("lane_car_id"), Field("place"), Field("lane_cause"), Field("measure")),
        guarded=False,
    ),
    settles=("lane_alert",),
)
def now(desk: Desk) -> Shown:
    """The lane as it is; for who may not see it, what they may do. A plate that was typed and is on several cars is doubted."""
    sees = desk.may("GET", "/lane")
    nothing: dict[str, Any] = {"cars": [], "aside": [], "alerts": [], "positions": 0}
    lane: dict[str, Any] = desk.get("/lane") if sees else nothing
    values = {
        "lane": lane,
        "sees": sees,
        "waited": {car["id"]: _minutes(car, desk.now) for car in [*lane["cars"], *lane["aside"]]},
        "same_plate": same_plate(desk, (car["plate"] for car in lane["cars"] if not car["appointment_id"])),
        "asides": ASIDE,
        "reliefs": RELIEFS,
        "causes": CAUSES,
    }
    return Shown("lane.html", t("lane.title"), values)


def _minutes(car: dict[str, Any], now: datetime) -> int:
    return max(0, (now - datetime.fromisoformat(car["arrived_at"])) // timedelta(minutes=1))
