"""Deliveries as appointments (Rule W13): the day hour by hour, and when one car is handed over."""

from collections.abc import Mapping
from typing import Any

from console.action import Action
from console.desk import Desk
from console.form import Field
from console.page import Screen, Shown
from console.periods import beside, chosen_day, days_from
from console.screens.order import ORDER
from console.showing import hour, weekday
from console.speaking import t

APPOINTMENT = ORDER + "/delivery-appointment"
screen = Screen("deliveries", place=55, area="orders", whose=("POST", APPOINTMENT))


@screen.page("/deliveries")
def day(desk: Desk) -> Shown:
    """A day: its times with what is free, who comes, and the cars that are ready and have no time yet. One read."""
    on = chosen_day(desk)
    found = desk.get("/delivery-day", day=on)
    values = {"hours": _by_hour(found), "to_plan": found["to_plan"], "on": on, "neighbours": beside(on), "today": desk.today}
    return Shown("deliveries.html", t("deliveries.title"), values)


@screen.page(
    "/orders/<work_order_id>/delivery-time",
    Action("book", "POST", APPOINTMENT, (Field("starts_at"), Field("note"))),
    Action("move", "POST", APPOINTMENT + "/move", (Field("starts_at"), Field("reason"))),
    Action("cancel", "POST", APPOINTMENT + "/cancel", (Field("reason"),)),
    settles=("delivery_overtaken",),
)
def car(desk: Desk, work_order_id: str) -> Shown:
    """What is agreed for one car, and the next times that are free for it, from a `day` on."""
    path, on = f"/work-orders/{work_order_id}", chosen_day(desk)
    read = desk.together(order=lambda: desk.get(path), plan=lambda: desk.get(f"{path}/delivery-plan", from_day=on))
    order, offers = read["order"], read["plan"]["offers"]
    offered = [(one["starts_at"], f"{weekday(one['starts_at'])} {hour(one['starts_at'])}") for one in offers]
    values = {"order": order, "plan": read["plan"], "offered": offered, "later": days_from(on, 1)}
    title = t("deliveries.of_car", plate=order["vehicle"]["plate"])
    return Shown("delivery_time.html", title, values, version=str(order["version"]))


def _by_hour(found: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The times and deliveries of each hour that has any, on the dealer's clock."""
    hours: dict[str, dict[str, Any]] = {}
    for kind in ("slots", "deliveries"):
        for one in found[kind]:
            mine = hours.setdefault(hour(one["starts_at"])[:2], {"slots": [], "deliveries": []})
            mine[kind].append(one)
    return sorted(hours.items())
