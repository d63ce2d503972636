"""One line of an order: who pays it, what of it was used, and taking it off again."""

from flask import abort

from console.action import Action
from console.desk import Desk
from console.form import Amount, Field, Needed, Number, Whole
from console.page import Screen, Shown
from console.screens.order import DECISION, PAYERS, facts_of, to_order
from console.showing import called
from console.speaking import t

LINE = "/work-orders/{work_order_id}/lines/{line_id}"
PAYING = (
    Field("payer"),
    Needed("split.*.payer"),
    Whole("split.*.basis_points"),
    Amount("split.*.amount"),
    Field("reason"),
    *DECISION,
)

screen = Screen("line", under="orders")


ACTIONS = (
    Action("remove", "DELETE", LINE, then=to_order),
    Action("payer", "POST", LINE + "/change-payer", (*PAYING, Field("authorised_by")), then=to_order),
    Action("price", "POST", LINE + "/correct-sublet-price", (*PAYING, Amount("price")), then=to_order),
    Action("installed", "POST", LINE + "/record-installed", (Number("quantity"),), then=to_order),
    Action("old-part", "POST", LINE + "/receive-old-part", (Number("quantity"),), then=to_order),
)


@screen.page("/orders/<work_order_id>/lines/<line_id>", *ACTIONS)
def line(desk: Desk, work_order_id: str, line_id: str) -> Shown:
    """The line, and what can be done with it."""
    order = desk.get(f"/work-orders/{work_order_id}")
    one = next((line for line in order["lines"] if line["line_id"] == line_id), None) or abort(404)
    title = t("line.heading", number=one["number"], what=called(one))
    to_change = any(one["number"] in job["payer_to_change"] for job in order["jobs"])
    values = {"order": order, "line": one, "payers": PAYERS, "to_change": to_change}
    return Shown("line.html", title, values, version=str(order["version"]), facts=facts_of(order))
