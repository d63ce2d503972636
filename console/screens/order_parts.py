"""Parts that orders wait for (Rule P5): what to order for which car alone, when it comes, what has come for whom."""

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Amount, Counted, Field
from console.page import Screen, Shown
from console.screens.parts import MOST, PAGE
from console.speaking import t

STATES = ("awaited", "here", "closed")

screen = Screen("order_parts", under="parts")


@screen.page(
    "/parts/order-parts",
    Action("expect", "POST", "/order-parts/{of}/expect", (Field("expected_on"),), guarded=False),
    Action(
        "order",
        "POST",
        "/order-parts/{of}/purchase-order",
        (Field("supplier_id"), Counted("quantity"), Amount("unit_price")),
        guarded=False,
        then=lambda answer, ids: url_for("purchasing.order", dealer=ids["dealer"], purchase_order_id=answer["id"]),
    ),
    known=("order_parts.title", ("GET", "/order-parts")),
)
def waiting(desk: Desk) -> Shown:
    """What orders lack that nobody booked, the first wanted first; the clerk orders it, and says when it is expected."""
    show = request.args.get("show", "")
    show = show if show in STATES else STATES[0]
    read = desk.together(
        found=lambda: desk.get("/order-parts", state=show, cursor=request.args.get("cursor"), limit=PAGE),
        suppliers=lambda: desk.get("/suppliers", approved="true", limit=MOST)["items"] if desk.may("GET", "/suppliers") else [],
    )
    values = {
        "found": read["found"],
        "suppliers": [(one["id"], f"{one['code']} {one['name_zh']}") for one in read["suppliers"]],
        "show": show,
        "states": STATES,
        "here": "order_parts.waiting",
    }
    return Shown("order_parts.html", t("order_parts.title"), values)
