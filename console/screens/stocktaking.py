"""Stocktakes: opened for a zone or for what is due, counted by scanning, approved when nothing is left to count."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from console.action import Action, Look
from console.desk import Desk
from console.form import Counted, Field, Needed, Whole
from console.page import Screen, Shown, typed
from console.screens.parts import PAGE, part_name
from console.screens.receiving import ROWS, rows_of
from console.speaking import t, word

STOCKTAKE = "/stocktakes/{stocktake_id}"
CLASSES = ("A", "B", "C")

screen = Screen("stocktaking", under="parts")


def _to_stocktake(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("stocktaking.stocktake", dealer=ids["dealer"], stocktake_id=answer["id"])


def _to_sheet(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("stocktaking.count", dealer=ids["dealer"], stocktake_id=ids["stocktake_id"])


@screen.page(
    "/stocktakes",
    Action("open", "POST", "/stocktakes", (Field("zone"), Field("abc_class"), Whole("most")), guarded=False, then=_to_stocktake),
    known=("stocktaking.title", ("GET", "/stocktakes")),
)
def stocktakes(desk: Desk) -> Shown:
    """Stocktakes, the newest first, and what is due; one is opened here."""
    due = desk.may("GET", "/stocktakes/due")
    read = desk.together(
        found=lambda: desk.get("/stocktakes", cursor=request.args.get("cursor"), limit=PAGE),
        due=lambda: desk.get("/stocktakes/due")["classes"] if due else [],
    )
    values = {**read, "options": [(one, one) for one in CLASSES], "here": "stocktaking.stocktakes"}
    return Shown("stocktakes.html", t("stocktaking.title"), values)


@screen.page(
    "/stocktakes/<stocktake_id>",
    Action("approve", "POST", STOCKTAKE + "/approve"),
    Action("cancel", "POST", STOCKTAKE + "/cancel", (Field("reason"),)),
)
def stocktake(desk: Desk, stocktake_id: str) -> Shown:
    """How far one is; and once nothing is left to count, what differs."""
    path = f"/stocktakes/{stocktake_id}"
    one = desk.get(path)
    counted = one["state"] != "cancelled" and not one["to_count"] and not one["to_count_again"]
    shows = counted and desk.may("GET", STOCKTAKE + "/differences")
    cursor = request.args.get("cursor")
    values = {
        "one": one,
        "counted": counted,
        "differences": desk.get(f"{path}/differences", cursor=cursor, limit=PAGE) if shows else None,
        "part_name": part_name,
    }
    facts = {t("order.state"): word("stocktake", one["state"])}
    title = t("stocktaking.stocktake", number=one["number"])
    return Shown("stocktake.html", title, values, version=str(one["version"]), facts=facts)


@screen.page(
    "/stocktakes/<stocktake_id>/count",
    Action(
        "count",
        "POST",
        STOCKTAKE + "/counts",
        (Needed("lines.*.code"), Counted("lines.*.quantity")),
        guarded=False,
        then=_to_sheet,
    ),
    Look("more", within="count"),
)
def count(desk: Desk, stocktake_id: str) -> Shown:
    """What is left to count for who looks at it, by place; what is scanned is counted at once, or a whole shelf row by row."""
    path = f"/stocktakes/{stocktake_id}"
    code = request.args.get("code", "").strip()[:40]
    read = desk.together(
        one=lambda: desk.get(path),
        sheet=lambda: desk.get(f"{path}/sheet", cursor=request.args.get("cursor"), limit=PAGE),
        part=lambda: desk.find("/parts/lookup", part_number=code, resolve="false") if code else None,
    )
    sent = typed("count")
    more = ROWS if "more" in sent.getlist("do") else 0
    rows = max(1 if code else ROWS, rows_of(sent) + more)
    values = {**read, "code": code, "rows": rows, "part_name": part_name}
    return Shown("count_sheet.html", t("stocktaking.count", number=read["one"]["number"]), values)
