"""The final check: the cars that wait for it, and one of them, inspected by somebody who did none of its work."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from console.action import Action
from console.desk import Desk
from console.form import Field, Several, Yes
from console.page import Screen, Shown
from console.screens.order import MOST, ORDER, facts_of, line_options
from console.screens.walk_around import PANELS
from console.showing import person
from console.speaking import t

CHECK = ORDER + "/check-quality"

screen = Screen("check", place=45, whose=("POST", CHECK))


def _to_queue(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("check.queue", dealer=ids["dealer"])


@screen.page("/check")
def queue(desk: Desk) -> Shown:
    """The cars in the quality check, the earliest promise first."""
    found = desk.get("/work-orders", status="quality_check", sort="opened_at", limit=MOST)
    cars = sorted(found["items"], key=lambda one: (one["promised_at"] is None, one["promised_at"]))
    return Shown("check.html", t("check.title"), {"cars": cars, "more": found["next_cursor"] is not None})


@screen.page(
    "/check/<work_order_id>",
    Action("pass", "POST", CHECK, (Yes("passed"),)),
    Action("fail", "POST", CHECK, (Yes("passed"), Field("findings"), Several("rework_line_ids")), then=_to_queue),
    Action("ready", "POST", ORDER + "/ready", then=_to_queue),
)
def inspection(desk: Desk, work_order_id: str) -> Shown:
    """What was agreed, what was done and by whom; and the verdict."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        clockings=lambda: desk.get(f"{path}/clockings"),
        inspections=lambda: desk.get(f"{path}/inspections"),
        walk=lambda: desk.find(f"{path}/walk-around"),
        wash=lambda: desk.find(f"{path}/wash"),
    )
    order, stretches = read["order"], read["clockings"]["items"]
    values = {
        "order": order,
        "inspections": read["inspections"]["items"],
        "work": [line for line in order["lines"] if line["state"] == "approved"],
        "hands": _hands(stretches),
        "walk": read["walk"],
        "wash": read["wash"],
        "panels": PANELS,
        "own": desk.person.login in {one["technician"] for one in stretches},
        "line_options": line_options,
    }
    facts = facts_of(order) | {t("check.passed_by"): person(order["quality_passed_by"])}
    return Shown("inspection.html", order["vehicle"]["plate"], values, version=str(order["version"]), facts=facts)


def _hands(stretches: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Who worked on each line, in the order in which they began."""
    hands: dict[str, list[str]] = {}
    for one in stretches:
        names = hands.setdefault(one["line_id"], [])
        name = person(one["technician"])
        if name not in names:
            names.append(name)
    return hands
