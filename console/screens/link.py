"""One-time links of an order: one is made for a customer who is not here, shown once, and can be withdrawn."""

import secrets

from console import linked
from console.action import Action
from console.asking import asked_of, undecided, waits
from console.desk import Desk
from console.form import Hashed, Whole
from console.page import Screen, Shown, told
from console.screens.order import ORDER
from console.speaking import t

RANDOM_BYTES = 32

ACTIONS = (
    Action(
        "make",
        "POST",
        ORDER + "/signing-links",
        (Whole("estimate_version"), Hashed("token_hash"), Whole("valid_hours")),
        guarded=False,
        tells=True,
    ),
    Action("withdraw", "POST", ORDER + "/signing-links/{of}/withdraw", guarded=False),
)

screen = Screen("link", under="orders")


@screen.page("/orders/<work_order_id>/link", *ACTIONS)
def link(desk: Desk, work_order_id: str) -> Shown:
    """What can be asked by a link, and the links there are."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        ledger=lambda: desk.get(f"{path}/authorisation-ledger"),
        estimate=lambda: desk.find(f"{path}/estimate"),
    )
    one = read["order"]
    asked = asked_of(desk, one, read["estimate"]) if waits(one) else None
    token = told("make").get("token_hash")
    values = {
        "order": one,
        "links": read["ledger"]["links"],
        "asked": asked,
        "undecided": undecided(one, asked) if asked else None,
        "new_token": secrets.token_urlsafe(RANDOM_BYTES),
        "made": linked.address(desk.dealer.id, token) if token else "",
    }
    return Shown("link.html", t("link.title"), values)
