"""The store: a part by number, name or label with its stock and moves, corrections of the record, tasks of the parts desk."""

from collections.abc import Mapping
from typing import Any

from flask import request

from console.action import Action
from console.desk import Desk
from console.form import Field, Number
from console.page import Screen, Shown
from console.screens.parts import PAGE, part_name
from console.speaking import t

PLACES = ("bin", "scrap", "discrepancy")
"""Between which the record is corrected; one of them is the bin."""

screen = Screen("stock", under="parts")


@screen.page("/stock", known=("stock.title", ("GET", "/parts")))
def look_up(desk: Desk) -> Shown:
    """The catalogue by number, name or label; of the only one that is found, its stock too."""
    wanted = request.args.get("find", "").strip()
    found = desk.get("/parts", search=wanted, cursor=request.args.get("cursor"), limit=PAGE)
    only = found["items"][0] if wanted and len(found["items"]) == 1 and not request.args.get("cursor") else None
    values = {
        "found": found,
        "wanted": wanted,
        "stock": _stock_of(desk, only["part_number"]) if only else None,
        "part_name": part_name,
        "here": "stock.look_up",
    }
    return Shown("stock.html", t("stock.title"), values)


@screen.page(
    "/stock/parts/<part_id>",
    Action(
        "correct",
        "POST",
        "/stock/corrections",
        (Field("part_number"), Number("quantity"), Field("from_location"), Field("to_location"), Field("reason")),
        guarded=False,
    ),
    finds="part",
)
def part(desk: Desk, part_id: str) -> Shown:
    """One part: what there is of it and of what replaces it, and its ledger, the newest entry first."""
    one = desk.get(f"/parts/{part_id}")
    number = one["part_number"]
    read = desk.together(
        stock=lambda: _stock_of(desk, number),
        moves=lambda: desk.get("/stock/moves", part_number=number, cursor=request.args.get("cursor"), limit=PAGE),
        coming=lambda: desk.get("/arrivals", part_number=number)["items"],
        sold=lambda: desk.get("/supplier-parts", part_number=number)["items"] if desk.may("GET", "/supplier-parts") else [],
    )
    values = {**read, "one": one, "part_name": part_name, "locations": PLACES}
    return Shown("part.html", f"{number} {part_name(one)}", values)


@screen.page("/stock/tasks", Action("resolve", "POST", "/parts-tasks/{of}/resolve", (Field("note"),), guarded=False))
def tasks(desk: Desk) -> Shown:
    """What the parts desk must look into after deliveries, void orders and corrections."""
    found = desk.get("/parts-tasks", state="open", cursor=request.args.get("cursor"), limit=PAGE)
    return Shown("parts_tasks.html", t("parts.title"), {"found": found, "here": "stock.tasks"})


def _stock_of(desk: Desk, number: str) -> Mapping[str, Any]:
    """The stock of this very number, and the chain of supersessions it is part of."""
    stock: Mapping[str, Any] = desk.get("/parts/lookup", part_number=number, resolve="false")
    return stock
