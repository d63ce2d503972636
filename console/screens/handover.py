"""The hand-over: the settlement, the customer's signature at the car, and the order is delivered."""

from typing import Any

from console.action import Action, signing
from console.checks import CHECKS, checking
from console.desk import Desk
from console.form import Field, Several, Whole
from console.page import Screen, Shown
from console.screens.order import ORDER, effects_of, facts_of, to_order
from console.showing import moment
from console.speaking import refused, t

DELIVERY = (
    Whole("mileage"),
    Field("mileage_reason"),
    *signing("signature"),
    Field("next_service_on"),
    Whole("next_service_mileage"),
    Field("preferred_follow_up_time"),
    Field("preferred_phone"),
    Several("things_shown"),
    Field("next_appointment"),
)

NEXT_SAID = ("booked", "later", "declined")
"""What a customer who is asked for the next appointment says."""

THINGS = ("work", "old_parts")
"""What a customer is shown at the car."""

SETTLED_AT = {
    "test_drive_not_offered": "road_test.drives",
    "comeback_not_explained": "road_test.drives",
    "completion_not_certified": "completion.car",
    "late_without_cause": "promise.promise",
    "not_delivered_at_peak": "deliveries.car",
    "no_delivery_slot": "deliveries.car",
}
"""The pages on which what refuses a delivery is settled; all else is on the order's own."""

HERE = "not_checked_before_delivery"
"""What is settled on this page itself."""

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
    values = {
        **read,
        "effects": effects,
        "customer_pays": _customer_pays,
        "next_said": NEXT_SAID,
        "checks": CHECKS,
        "things": THINGS,
    }
    values["obstacles"] = [_obstacle(read["order"], one) for one in read["settlement"]["obstacles"] if one["code"] != HERE]
    return Shown("handover.html", title, values, version=str(read["order"]["version"]), facts=facts_of(read["order"]))


def _obstacle(order: dict[str, Any], one: dict[str, Any]) -> dict[str, str]:
    """What refuses the delivery, in words, and where it is settled."""
    times = {name: moment(one[name]) for name in ("promised_at", "ready_at", "starts_at", "possible_at")}
    said = refused("workshop", one["code"], job=one["job"], status=order["status"], **times)
    return {"said": said, "endpoint": SETTLED_AT.get(one["code"], "order.order")}


def _customer_pays(settlement: dict[str, Any]) -> Any:
    """The customer's own share, in full."""
    own = [share["gross"] for share in settlement["payers"] if share["payer"] == "customer_pay"]
    return own[0] if own else {"amount": "0", "currency": settlement["currency"]}
