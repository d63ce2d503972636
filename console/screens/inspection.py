"""The inspection by values, for a tablet: what is measured, and what of it is red or amber and becomes a line."""

from functools import partial
from typing import Any

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Counted, Field, Several, Whole
from console.page import Screen, Shown
from console.screens.equipment import gauges_of
from console.screens.order import ORDER, PAYERS, TAKEN, attaching
from console.showing import name_of
from console.speaking import t

screen = Screen("inspection", under="orders")


@screen.page(
    "/orders/<work_order_id>/inspection",
    Action(
        "measure",
        "POST",
        ORDER + "/multi-point-inspections",
        (Field("template_code"), Field("values.*.item_code"), Counted("values.*.value"), Field("values.*.gauge")),
        guarded=False,
    ),
    Action(
        "propose",
        "POST",
        ORDER + "/propose-findings",
        (Field("template_code"), Several("item_codes"), Field("payer"), Whole("extra_minutes")),
    ),
    attaching(),
)
def car(desk: Desk, work_order_id: str) -> Shown:
    """One car by one template: one read."""
    found = desk.get(f"/work-orders/{work_order_id}/multi-point-inspections")
    begun = {one["template_code"]: one for one in found["inspections"]}
    sheets: dict[str, Any] = {one["template_code"]: begun.get(one["template_code"], one) for one in found["templates"]}
    chosen = request.args.get("template", "")
    chosen = chosen if chosen in sheets else next(iter([*begun, *sheets]), "")
    values = {
        "found": found,
        "sheets": sheets,
        "chosen": chosen,
        "sheet": sheets.get(chosen),
        "to_propose": {one["item_code"] for one in found["to_propose"] if one["template_code"] == chosen},
        "payers": PAYERS,
        "item_names": {item["item_code"]: name_of(item) for sheet in sheets.values() for item in sheet["items"]},
        "taken": TAKEN,
        "gauges_of": partial(gauges_of, found["gauges"]),
    }
    title = t("inspection.heading", plate=found["plate"])
    return Shown("inspection_sheet.html", title, values, version=str(found["version"]))
