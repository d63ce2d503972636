"""The cars in the shop, the first promised first, narrowed by status, technician, promised time or risk (Rule W22)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request

from console.desk import Desk
from console.page import Screen, Shown
from console.slips import LANES
from console.speaking import t, word

PROMISED = ("late", "today", "tomorrow", "none")
PAGE = 50
MOST = 200

screen = Screen("in_shop", under="board")


@screen.page("/in-shop", known=("in_shop.title", ("GET", "/work-orders")))
def cars(desk: Desk) -> Shown:
    """All of them, unless the address says which."""
    status, technician, promised = (request.args.get(name, "").strip() for name in ("status", "technician", "promised"))
    at_risk = request.args.get("at_risk") == "yes"
    chosen = {
        "status": status if status in LANES else "",
        "technician": technician,
        "promised": promised if promised in PROMISED else "",
        "at_risk": "yes" if at_risk else "",
    }
    read = desk.together(
        found=lambda: desk.get(
            "/work-orders",
            sort="promised_at",
            status=chosen["status"] or None,
            technician=technician or None,
            in_shop="true",
            at_risk="true" if at_risk else None,
            cursor=request.args.get("cursor"),
            limit=PAGE,
            **_promised(desk, chosen["promised"]),
        ),
        staff=lambda: desk.get("/staff", role="technician", limit=MOST)["items"],
    )
    values = {
        "found": read["found"],
        "chosen": {name: value or None for name, value in chosen.items()},
        "statuses": [(one, word("status", one)) for one in LANES],
        "technicians": desk.choices(read["staff"]),
        "times": [(one, t(f"in_shop.promised.{one}")) for one in PROMISED],
    }
    return Shown("in_shop.html", t("in_shop.title"), values)


def _promised(desk: Desk, chosen: str) -> dict[str, Any]:
    """Between which times; what is late was promised before now, on whichever day."""
    if chosen == "late":
        return {"promised_before": desk.now.isoformat()}
    if chosen == "none":
        return {"promised": "false"}
    if not chosen:
        return {}
    day = date.fromisoformat(desk.today) + timedelta(days=PROMISED.index(chosen) - 1)
    begins, ends = (datetime.combine(one, time(), desk.zone).isoformat() for one in (day, day + timedelta(days=1)))
    return {"promised_from": begins, "promised_before": ends}
