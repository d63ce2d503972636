"""Links of an order, each shown once and withdrawn again: the customer's to their order, and one-time ones to what is asked."""

import secrets

from console import linked
from console.action import Action
from console.asking import asked_of, undecided, waits
from console.desk import Desk
from console.form import Field, Hashed, Whole
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
    Action("invite", "POST", ORDER + "/visit-links", (Hashed("token_hash"),), guarded=False, tells=True),
    Action("end", "POST", ORDER + "/visit-links/{of}/withdraw", (Field("reason"),), guarded=False),
)

screen = Screen("link", under="orders")


@screen.page("/orders/<work_order_id>/link", *ACTIONS)
def link(desk: Desk, work_order_id: str) -> Shown:
    """What a link can lead to, and the links there are."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path),
        ledger=lambda: desk.get(f"{path}/authorisation-ledger"),
        estimate=lambda: desk.find(f"{path}/estimate"),
        visits=lambda: desk.get(f"{path}/visit-links")["items"],
    )
    one = read["order"]
    asked = asked_of(desk, one, read["estimate"]) if waits(one) else None
    made = {do: linked.address(desk.dealer.id, token) for do in ("invite", "make") if (token := told(do).get("token_hash"))}
    values = {
        "order": one,
        "links": read["ledger"]["links"],
        "asked": asked,
        "undecided": undecided(one, asked) if asked else None,
        "visits": read["visits"],
        "new_tokens": {do: secrets.token_urlsafe(RANDOM_BYTES) for do in ("invite", "make")},
        "made": made,
    }
    return Shown("link.html", t("link.title"), values)
