"""The final check: the cars that wait for it, and one of them, inspected by somebody who did none of its work."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Answered, Counted, Field, Needed, Several, Yes
from console.page import Screen, Shown
from console.screens.equipment import gauges_of
from console.screens.order import MOST, ORDER, facts_of, line_options
from console.screens.walk_around import DAMAGES, PANELS
from console.showing import person
from console.speaking import t

CHECK = ORDER + "/check-quality"
TEAM_CHECK = ORDER + "/team-check"
FAILED = (Yes("passed"), Field("findings"), Field("rework_cause"), Several("rework_line_ids"))
DAMAGED = (Needed("new_damages.*.panel"), Field("new_damages.*.damage"), Needed("new_damages.*.note"))
RESULTS = (
    Field("fuel"),
    Field("results.*.template_code"),
    Field("results.*.item_code"),
    Answered("results.*.in_order"),
    Counted("results.*.value"),
    Field("results.*.gauge"),
)
FUELS = ("petrol", "diesel", "other")
CYLINDERS = 8
"""So many values a page has room for, of what is measured several times."""
CAUSES = ("diagnosis", "workmanship", "part", "information")
"""Where it came from that something is done again."""

screen = Screen("check", place=45, area="quality", whose=("POST", CHECK))


def _to_queue(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("check.queue", dealer=ids["dealer"])


def _to_team_checks(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("team_check.waiting", dealer=ids["dealer"])


@screen.page("/check")
def queue(desk: Desk) -> Shown:
    """The cars in the quality check, the earliest promise first."""
    found = desk.get("/work-orders", status="quality_check", sort="opened_at", limit=MOST)
    cars = sorted(found["items"], key=lambda one: (one["promised_at"] is None, one["promised_at"]))
    return Shown("check.html", t("check.title"), {"cars": cars, "more": found["next_cursor"] is not None})


@screen.page(
    "/check/<work_order_id>",
    Action("pass", "POST", CHECK, (Yes("passed"), Several("as_before"), *DAMAGED, *RESULTS)),
    Action("fail", "POST", CHECK, (*FAILED, *DAMAGED, *RESULTS), then=_to_queue),
    Action("team-pass", "POST", TEAM_CHECK, (Yes("passed"),)),
    Action("team-fail", "POST", TEAM_CHECK, FAILED, then=_to_team_checks),
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
        "team_check_due": read["inspections"]["team_check_due"],
        "road_test_due": read["inspections"]["road_test_due"],
        "causes": CAUSES,
        **_sheets(read["inspections"]),
        "kinds": DAMAGES,
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


def _sheets(found: dict[str, Any]) -> dict[str, Any]:
    """What is to be looked at and measured, one row each, of the fuel that is known or chosen: first that, if it matters."""
    items = [(sheet, item) for sheet in found["templates"] for item in sheet["final_items"]]
    asks = any(item["fuel"] for _, item in items)
    fuel = request.args.get("fuel", "") or found["fuel"] or ""
    fuel = fuel if asks and fuel in FUELS else ""
    rows: dict[str, list[dict[str, Any]]] = {}
    at = 0
    for sheet, item in items if fuel or not asks else ():
        if item["fuel"] in (None, fuel):
            times = CYLINDERS if item["within_percent"] else 1
            rows.setdefault(sheet["template_code"], []).append({"item": item, "places": range(at, at + times)})
            at += times
    return {
        "sheets": found["templates"],
        "rows": rows,
        "fuels": FUELS if asks else (),
        "fuel": fuel,
        "gauges_of": partial(gauges_of, found["gauges"]),
    }


def _hands(stretches: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Who worked on each line, in the order in which they began."""
    hands: dict[str, list[str]] = {}
    for one in stretches:
        names = hands.setdefault(one["line_id"], [])
        name = person(one["technician"])
        if name not in names:
            names.append(name)
    return hands
