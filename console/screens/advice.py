"""Recommendations for later, and painting: what a foreman or advisor writes on an order beside its usual lines (Rule W27)."""

from typing import Any

from console.action import Action
from console.desk import Desk
from console.form import Field, Needed, Number, Whole, Yes
from console.page import Screen, Shown
from console.screens.order import ORDER, PAYERS, to_order
from console.screens.walk_around import PANELS
from console.speaking import t

PAINT = (
    Field("labour.*.operation_code"),
    Field("labour.*.panel"),
    Whole("labour.*.area_dm2"),
    Number("labour.*.hours"),
    Field("labour.*.payer"),
)
MOST = 20

screen = Screen("advice", under="orders")


@screen.page(
    "/orders/<work_order_id>/advice",
    Action(
        "recommend",
        "POST",
        ORDER + "/recommendations",
        (
            Needed("recommendations.*.description"),
            Field("recommendations.*.reason"),
            Field("recommendations.*.operation_code"),
            Yes("recommendations.*.safety"),
        ),
    ),
    Action("paint", "POST", ORDER + "/lines", PAINT, then=to_order),
    Action("paint-more", "POST", ORDER + "/propose-additional-work", (*PAINT, Whole("extra_minutes")), then=to_order),
)
def order(desk: Desk, work_order_id: str) -> Shown:
    """What is recommended, to be changed as a whole; and a painting line, with its panel and area."""
    one: dict[str, Any] = desk.get(f"/work-orders/{work_order_id}")
    values = {
        "order": one,
        "rows": min(MOST, len(one["recommendations"]) + 3),
        "panels": PANELS,
        "payers": PAYERS,
        "begun": any(line["state"] == "approved" for line in one["lines"]),
        "writes": one["status"] in ("open", "dispatched", "in_progress", "on_hold", "quality_check"),
    }
    return Shown("advice.html", t("advice.title"), values, version=str(one["version"]))
