"""My cars: the advisor's orders, and the cars in the lane that have none yet."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Field, Whole, Yes
from console.page import Screen, Shown
from console.speaking import t

ALIVE = ("open", "dispatched", "in_progress", "on_hold", "quality_check", "ready", "delivered")
FILTERS: Mapping[str, tuple[str, ...]] = {
    "alive": ALIVE,
    "work": ("open", "dispatched", "in_progress", "on_hold", "quality_check"),
    "ready": ("ready",),
    "delivered": ("delivered",),
    "closed": ("closed", "void"),
}
PAGE = 50

screen = Screen("orders", place=20, area="orders", whose=("POST", "/work-orders"))


def _to_order(answer: Any, ids: Mapping[str, str]) -> str:
    return url_for("order.order", dealer=ids["dealer"], work_order_id=answer["id"])


WHAT_FOR = (Whole("mileage"), Field("mileage_reason"), Field("complaint"), Yes("confirm_second_order"))

OPEN = Action("open", "POST", "/work-orders", (Field("appointment_id"), Field("customer"), *WHAT_FOR), then=_to_order)
"""Take a booked car on."""
OPEN_WALK_IN = Action("open", "POST", "/work-orders", (Field("customer_id"), Field("vehicle_id"), *WHAT_FOR), then=_to_order)
"""Take a car on that came without an appointment."""


@screen.page("/orders", OPEN, settles=("order_not_opened",))
def mine(desk: Desk) -> Shown:
    """Mine, or with `whose=all` everybody's; one kind of them, or all that are not closed."""
    chosen = request.args.get("show", "alive")
    chosen = chosen if chosen in FILTERS else "alive"
    everybody = request.args.get("whose") == "all"
    advisor = None if everybody else desk.person.login
    cursor = request.args.get("cursor")
    read = desk.together(
        orders=lambda: desk.get(
            "/work-orders", advisor=advisor, status=FILTERS[chosen], sort="-opened_at", cursor=cursor, limit=PAGE
        ),
        lane=lambda: desk.get("/appointments", status="arrived", sort="starts_at", limit=PAGE),
        here=lambda: desk.get("/lane"),
    )
    whole = chosen == "alive" and not cursor and not read["orders"]["next_cursor"]
    values = {
        **(_noted(read["orders"]["items"]) if whole else _asked(desk, advisor)),
        "orders": read["orders"],
        "lane": read["lane"]["items"],
        "walk_ins": [car for car in (*read["here"]["cars"], *read["here"]["aside"]) if not car["appointment_id"]],
        "chosen": chosen,
        "everybody": everybody,
        "filters": list(FILTERS),
    }
    return Shown("orders.html", t("orders.title"), values)


def _noted(alive: list[dict[str, Any]]) -> dict[str, Any]:
    """What is to be seen to, of all that are alive: those that the list has need not be asked for."""
    return {
        "at_risk": [one for one in alive if one["at_risk"]],
        "overtaken": [one for one in alive if one["delivery_overtaken"]],
        "answered": [one for one in alive if one["answered_at"]],
        "came": [one for one in alive if one["hold_reason"] == "parts" and one["parts_here"]],
    }


def _asked(desk: Desk, advisor: str | None) -> dict[str, Any]:
    """The same, where the list has others, or not all of them."""
    which: Mapping[str, dict[str, str]] = {
        "at_risk": {"at_risk": "true"},
        "overtaken": {"delivery_overtaken": "true"},
        "answered": {"answered": "true"},
        "came": {"status": "on_hold"},
    }
    read = desk.together(
        **{name: lambda only=only: desk.get("/work-orders", advisor=advisor, limit=PAGE, **only) for name, only in which.items()}
    )
    return {name: _noted(read[name]["items"])[name] for name in which}
