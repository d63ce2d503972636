"""What to order: what is at its reorder point, by supplier; one button drafts an order of it."""

from flask import request, url_for

from console.action import Action
from console.desk import Desk
from console.form import Counted, Needed
from console.page import Screen, Shown
from console.screens.parts import PAGE, part_name
from console.speaking import t

screen = Screen("ordering", under="parts")


@screen.page(
    "/what-to-order",
    Action(
        "draft",
        "POST",
        "/suppliers/{of}/proposed-order",
        guarded=False,
        then=lambda answer, ids: url_for("purchasing.order", dealer=ids["dealer"], purchase_order_id=answer["id"]),
    ),
    known=("ordering.title", ("GET", "/order-proposals")),
)
def proposals(desk: Desk) -> Shown:
    """Worked out anew each time the page is read."""
    found = desk.get("/order-proposals")
    return Shown("what_to_order.html", t("ordering.title"), {**found, "part_name": part_name, "here": "ordering.proposals"})


@screen.page(
    "/low-parts",
    Action(
        "level", "POST", "/stock-levels", (Needed("part_number"), Counted("reorder_point"), Counted("order_up_to")), guarded=False
    ),
    Action("drop", "POST", "/stock-levels/drop", (Needed("part_number"),), guarded=False),
    known=("ordering.low", ("GET", "/low-parts")),
)
def low(desk: Desk) -> Shown:
    """What came to its reorder point, the newest first, and the levels that were set by hand: each list has its pages."""
    read = desk.together(
        found=lambda: desk.get("/low-parts", cursor=request.args.get("cursor"), limit=PAGE),
        levels=lambda: desk.get("/stock-levels", cursor=request.args.get("levels"), limit=PAGE),
    )
    return Shown("low_parts.html", t("ordering.low"), {**read, "part_name": part_name, "here": "ordering.low"})
