"""My work: what lies on a technician, the running job first, with buttons for gloves."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from console.action import Action
from console.desk import Desk
from console.form import Field, Moment, Needed, Several, Whole, Yes
from console.page import Screen, Shown
from console.screens.check import CAUSES
from console.screens.walk_around import DAMAGES, PANELS
from console.showing import called
from console.speaking import t

ORDER = "/work-orders/{work_order_id}"
LINE = ORDER + "/lines/{of}"
FIRST = {"in_progress": 0, "dispatched": 1}
"""What was begun stands before what is to be begun: the large button after a pause is for the same car."""

REPORTED = ("draft", "quoted", "declined")
"""Nothing is done about it, or not yet: the customer has not said yes."""

screen = Screen("work", place=40, area="workshop", whose=("GET", "/my-work"))


def _to_work(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("work.mine", dealer=ids["dealer"])


@screen.page("/my-work")
def mine(desk: Desk) -> Shown:
    """The orders given to me: the one I am on or was last on first, whole; the others to choose from, what waits at the end."""
    work = desk.get("/my-work")
    running = work["running"]
    on = running and running["work_order_id"]
    orders = sorted(work["orders"], key=lambda one: (one["id"] != on, FIRST.get(one["status"], len(FIRST))))
    return Shown("work.html", t("work.title"), {"orders": orders, "running": running, "handed_in": work["handed_in"]})


@screen.page(
    "/my-work/<work_order_id>",
    Action(
        "accept",
        "POST",
        ORDER + "/accept-car",
        (Needed("new_damages.*.panel"), Field("new_damages.*.damage"), Needed("new_damages.*.note")),
        guarded=False,
    ),
    Action("on", "POST", LINE + "/clock-on", guarded=False, then=_to_work),
    Action("off", "POST", LINE + "/clock-off", (Yes("done"),), guarded=False, then=_to_work),
    Action("pause", "POST", LINE + "/clock-off", (Yes("done"),), guarded=False, then=_to_work),
    Action("on-at", "POST", LINE + "/clock-on", (Moment("occurred_at"),), guarded=False, then=_to_work),
    Action("off-at", "POST", LINE + "/clock-off", (Moment("occurred_at"), Yes("done")), guarded=False, then=_to_work),
    Action("check", "POST", ORDER + "/request-quality-check", guarded=False, then=_to_work),
    Action(
        "own-fault",
        "POST",
        ORDER + "/own-fault",
        (Field("findings"), Field("rework_cause"), Several("rework_line_ids")),
        guarded=False,
    ),
    Action("job", "POST", ORDER + "/jobs", (Whole("job"), Field("cause"), Field("correction")), guarded=False),
)
def job(desk: Desk, work_order_id: str) -> Shown:
    """One order: the car to compare with its walk-around, its lines to clock on to, and what was found and done.

    Of one that is not, or no longer, the caller's to work on it says where the car is.
    """
    read = desk.together(work=lambda: desk.get("/my-work"), order=lambda: desk.get(f"/work-orders/{work_order_id}"))
    order = read["order"]
    pinned = any(line["instruction_version"] for line in order["lines"])
    one = next((one for one in read["work"]["orders"] if one["id"] == work_order_id), None)
    compared = one and order["walk_around_version"] and order["acceptance"] is None and order["status"] == "dispatched"
    values = {
        "one": one,
        "order": order,
        "running": read["work"]["running"],
        "walk": desk.get(f"/work-orders/{work_order_id}/walk-around") if compared else None,
        "panels": PANELS,
        "instructions": desk.get(f"/work-orders/{work_order_id}/work-instructions")["items"] if pinned else [],
        "kinds": DAMAGES,
        "causes": CAUSES,
        "finished": _finished(one) if one else [],
        "reported": [line for line in order["lines"] if line["state"] in REPORTED],
    }
    return Shown("job.html", order["vehicle"]["plate"], values, version=str(order["version"]))


def _finished(one: dict[str, Any]) -> list[tuple[str, str]]:
    """What is finished and may be found wanting by who did it, before the car is handed in."""
    lines = [line for line in one["lines"] if line["done_at"]] if one["status"] in FIRST else []
    return [(line["line_id"], called(line)) for line in lines]
