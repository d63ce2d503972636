"""My cars: the advisor's orders, and the cars in the lane that have none yet."""

from collections.abc import Callable, Mapping
from functools import partial
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
NOTED: Mapping[str, tuple[Callable[[dict[str, Any]], bool], dict[str, str]]] = {
    "at_risk": (lambda one: bool(one["at_risk"]), {"at_risk": "true"}),
    "overtaken": (lambda one: bool(one["delivery_overtaken"]), {"delivery_overtaken": "true"}),
    "answered": (lambda one: bool(one["answered_at"]), {"answered": "true"}),
    "came": (lambda one: one["hold_reason"] == "parts" and one["parts_here"], {"status": "on_hold"}),
}
"""What is to be seen to of orders: which they are, and how they are asked for."""

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
    return {name: [one for one in alive if is_it(one)] for name, (is_it, _) in NOTED.items()}


def _asked(desk: Desk, advisor: str | None) -> Mapping[str, Any]:
    """The same, where the list has others, or not all of them."""

    def read(name: str) -> Any:
        is_it, only = NOTED[name]
        return [one for one in desk.get("/work-orders", advisor=advisor, limit=PAGE, **only)["items"] if is_it(one)]

    return desk.together(**{name: partial(read, name) for name in NOTED})
