"""Isolating a high-voltage system and re-energising it: large steps, one after the other, for a tablet beside the car."""

from typing import Any

from console.action import Action
from console.desk import Desk
from console.form import Field
from console.page import Screen, Shown
from console.screens.equipment import gauges_of
from console.screens.order import ORDER
from console.speaking import t

ISOLATION = ORDER + "/isolations/{of}"
STEPS = ("lock", "measure", "confirm", "energise", "confirm_energising")
NEXT = {"locked": "measure", "measured": "confirm", "isolated": "energise", "energising": "confirm_energising"}
"""Which step follows, as the isolation stands."""
WORKED_ON = ("dispatched", "in_progress", "on_hold")

screen = Screen("isolation", under="orders")


@screen.page(
    "/orders/<work_order_id>/isolation",
    Action("lock", "POST", ORDER + "/isolations", (Field("lock_number"),), guarded=False),
    Action("measure", "POST", ISOLATION + "/measure", (Field("volts_dc"), Field("volts_ac"), Field("gauge")), guarded=False),
    Action("confirm", "POST", ISOLATION + "/confirm", guarded=False),
    Action("energise", "POST", ISOLATION + "/energise", guarded=False),
    Action("confirm-energising", "POST", ISOLATION + "/confirm-energising", guarded=False),
    Action("void", "POST", ISOLATION + "/void", (Field("reason"),), guarded=False),
)
def car(desk: Desk, work_order_id: str) -> Shown:
    """What is signed, the next step with its form, and what is to come; below, what was recorded before."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        found=lambda: desk.get(f"{path}/isolations"),
        gauges=lambda: desk.get("/equipment", kind="gauge", limit=200)["items"],
    )
    items: list[dict[str, Any]] = read["found"]["items"]
    standing = items[0] if items and items[0]["ended_at"] is None else None
    values = {
        "order": read["order"],
        "high_voltage": read["found"]["high_voltage"] or "live",
        "standing": standing,
        "before": items[1:] if standing else items,
        "steps": STEPS,
        "signed": {one["step"]: one for one in standing["steps"]} if standing else {},
        "next": NEXT[standing["isolation_state"]] if standing else "lock",
        "worked_on": read["order"]["status"] in WORKED_ON,
        "gauges": gauges_of(read["gauges"], "V"),
    }
    title = f"{t('isolation.title')} {read['order']['vehicle']['plate']}"
    return Shown("isolation.html", title, values, version=str(read["order"]["version"]))
