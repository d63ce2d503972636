"""Where else an order is worked on, from its page."""

from typing import Any

from flask import url_for

from console.desk import Desk
from console.speaking import t

ORDER = "/work-orders/{work_order_id}"
ON_THE_FLOOR = ("open", "dispatched", "in_progress", "on_hold", "quality_check", "ready")


def ways_of(desk: Desk, one: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Where else the order is worked on: what is said, the address, and whether it is this person's next step."""
    here = {"dealer": desk.dealer.id, "work_order_id": one["id"]}
    ways = [
        (t("order.to_walk_around"), url_for("walk_around.car", **here), False),
        (t("order.to_inspection"), url_for("inspection.car", **here), False),
        (t("order.to_road_test"), url_for("road_test.drives", **here), False),
    ]
    if one["high_voltage"]:
        ways.append((t("order.to_isolation"), url_for("isolation.car", **here), False))
        ways.append((t("battery.title"), url_for("battery.measuring", **here), False))
    if one["status"] != "void" and desk.may("POST", ORDER + "/visit-links"):
        ways.append((t("link.title"), url_for("link.link", **here), False))
    if one["status"] == "quality_check" and desk.may("POST", ORDER + "/check-quality"):
        ways.append((t("check.title"), url_for("check.inspection", **here), True))
    if one["status"] in ON_THE_FLOOR and desk.may("GET", "/board"):
        agreed = any(line["state"] == "approved" for line in one["lines"])
        gives = one["status"] == "open" and agreed and desk.may("POST", ORDER + "/dispatch")
        ways.append((t("board.do.dispatch") if gives else t("order.to_board"), url_for("board.card", **here), gives))
    return ways
