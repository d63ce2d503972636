"""A car's history at every dealer of the group (维修履历, Rule W22): by its file, or by a VIN or plate that is typed."""

from typing import Any

from flask import request

from console.action import Look
from console.desk import Desk
from console.page import Screen, Shown, typed
from console.screens.booking import or_sentence
from console.speaking import t
from console.vins import bare_vin, is_vin, like_a_vin

PAGE = 50
HISTORY = "/vehicle-history"

screen = Screen("vehicle_history", under="booking")


@screen.page("/vehicle-history", Look("find"), known=("vehicle_history.title", ("GET", HISTORY)))
def find(desk: Desk) -> Shown:
    """What is typed is posted: a plate belongs into no address."""
    asked = typed("find").get("q", "").strip()
    which = {"vin": bare_vin(asked)} if is_vin(asked) else {"plate": asked}
    begins = typed("find").get("cursor") or None
    mistyped = "plate" in which and like_a_vin(asked)
    found: Any = or_sentence(desk, HISTORY, **which, cursor=begins, limit=PAGE) if asked and not mistyped else None
    wrong = t("vehicle_history.no_vin") if mistyped else found if isinstance(found, str) else ""
    values = {"car": None, "asked": asked, "wrong": wrong, "found": None if wrong else found}
    return Shown("vehicle_history.html", t("vehicle_history.title"), values)


@screen.page("/vehicles/<vehicle_id>/history")
def car(desk: Desk, vehicle_id: str) -> Shown:
    """The history of a car of the dealer's files."""
    read = desk.together(
        car=lambda: desk.get(f"/vehicles/{vehicle_id}"),
        found=lambda: desk.get(HISTORY, vehicle_id=vehicle_id, cursor=request.args.get("cursor"), limit=PAGE),
    )
    title = f"{t('vehicle_history.title')} {read['car']['plate']}"
    return Shown("vehicle_history.html", title, {**read, "asked": "", "wrong": ""})
