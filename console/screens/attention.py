"""What wants the service manager's attention: what is wrong or late, worst and oldest first, each with where it is settled."""

from collections.abc import Mapping
from typing import Any

from flask import request

from console.desk import Desk
from console.page import Screen, Shown, screens
from console.speaking import t

DETAILS: Mapping[str, str] = {
    "late_order": "status",
    "long_hold": "hold",
    "leg_question": "leg_question",
    "lane_alert": "lane_trigger",
    "missed_report": "report_kind",
    "stock_discrepancy": "parts_task",
    "parts_task": "parts_task",
    "billing_task": "billing_task",
}
"""What kind of words the detail of a matter is of; of the others it is a sentence."""

screen = Screen("attention", place=10, whose=("GET", "/attention"))


@screen.page("/attention")
def matters(desk: Desk) -> Shown:
    """All of it, or one `kind`."""
    told = desk.get("/attention")
    counts: dict[str, int] = {}
    for one in told["counts"]:
        counts[one["kind"]] = counts.get(one["kind"], 0) + one["count"]
    chosen = request.args.get("kind", "")
    chosen = chosen if chosen in counts else ""
    entries = [one for one in told["entries"] if chosen in ("", one["kind"])]
    values = {
        "entries": [(one, _settled_at(desk, one), DETAILS.get(one["kind"], "")) for one in entries],
        "counts": counts,
        "chosen": chosen,
        "all": counts[chosen] if chosen else sum(counts.values()),
        "missing": told["missing"],
    }
    return Shown("attention.html", t("attention.title"), values)


def _settled_at(desk: Desk, entry: Mapping[str, Any]) -> str | None:
    """The page that settles such matters, else the one of the order it is about; none for what no screen can settle."""
    pages = [page for one in screens() for page in one.pages]
    chosen = [page for page in pages if entry["kind"] in page.settles] + [page for page in pages if page.finds == "work_order"]
    return next((found for page in chosen if (found := page.address(desk.dealer.id, entry)) is not None), None)
