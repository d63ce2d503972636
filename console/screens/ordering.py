"""What to order: what is at its reorder point, by supplier; one button drafts an order of it."""

from flask import url_for

from console.action import Action
from console.desk import Desk
from console.page import Screen, Shown
from console.screens.parts import part_name
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
