"""The hand-over: the settlement, the customer's signature at the car, and the order is delivered."""

from typing import Any

from console.action import Action, signing
from console.checks import CHECKS, checking
from console.desk import Desk
from console.form import Field, Whole
from console.page import Screen, Shown
from console.screens.order import ORDER, effects_of, facts_of, to_order
from console.speaking import t

DELIVERY = (
    Whole("mileage"),
    Field("mileage_reason"),
    *signing("signature"),
    Field("next_service_on"),
    Whole("next_service_mileage"),
    Field("preferred_follow_up_time"),
    Field("preferred_phone"),
    Field("next_appointment"),
)

NEXT_SAID = ("booked", "later", "declined")
"""What a customer who is asked for the next appointment says."""

screen = Screen("handover", under="orders")


@screen.page(
    "/orders/<work_order_id>/hand-over",
    checking(),
    Action("deliver", "POST", ORDER + "/deliver", DELIVERY, then=to_order),
)
def settlement(desk: Desk, work_order_id: str) -> Shown:
    """The settlement statement: a preview until the delivery, then the document that was signed."""
    path = f"/work-orders/{work_order_id}"
    read = desk.together(
        order=lambda: desk.get(path), settlement=lambda: desk.get(f"{path}/settlement"), wash=lambda: desk.find(f"{path}/wash")
    )
    title = t("handover.heading", number=read["order"]["number"])
    timeline = desk.get(f"{path}/timeline") if read["settlement"]["final"] else None
    effects = effects_of(read["order"], timeline) if timeline else []
    values = {**read, "effects": effects, "customer_pays": _customer_pays, "next_said": NEXT_SAID, "checks": CHECKS}
    return Shown("handover.html", title, values, version=str(read["order"]["version"]), facts=facts_of(read["order"]))


def _customer_pays(settlement: dict[str, Any]) -> Any:
    """The customer's own share, in full."""
    own = [share["gross"] for share in settlement["payers"] if share["payer"] == "customer_pay"]
    return own[0] if own else {"amount": "0", "currency": settlement["currency"]}
