"""What comes before and after a delivery: the appointment, the money, the gate pass, and the order that closes."""

from typing import Any

from deploy.local.desk import MILEAGE, PATIENCE_SECONDS, Order
from servicelane.client import ProblemError, awaited
from tests.faults.orders import Desk


def receive(desk: Desk) -> Order:
    """The car was booked, moved to another of the offered slots, and is here; its order is ready to be delivered."""
    offers = [one["starts_at"] for one in desk.client.get("/slot-offers", service_type="repair")["items"]]
    sure = {"confirm_second_appointment": True}  # the dealer has one car for all visits
    asked = {**desk.walk_in, **sure, "channel": "phone", "service_type": "repair", "starts_at": offers[0]}
    appointment = desk.client.post("/appointments", asked)
    path = f"/appointments/{appointment['id']}"
    moved = {**sure, "starts_at": offers[1], "reason": "busy"}
    appointment = desk.client.post(f"{path}/reschedule", moved, of=appointment)
    desk.client.post(f"{path}/arrive", {"bay": "R1"}, of=appointment)
    opening = {"appointment_id": appointment["id"], "mileage": MILEAGE, "confirm_second_order": True}
    order = Order(desk.dealer, awaited(lambda: _opened(desk, opening), "workshop to hear of the appointment", PATIENCE_SECONDS))
    desk.prepare(order)
    return order


def settle(desk: Desk, order: Order) -> None:
    """The customer pays, after a reversal with its credit; the manufacturer stands for the rest; the gate pass is issued."""
    revision = order.state["revision"]
    account = awaited(lambda: _account(desk, order), f"billing to bill revision {revision}", PATIENCE_SECONDS)
    for share in (one for one in account["shares"] if one["revision"] == revision):
        if share["payer"] == "customer_pay":
            method = "customer_credit" if order.payments else "cash"
            money = {"payment_method": method, "amount": share["open"]}
            payment = desk.client.post(f"/work-orders/{order.id}/payments", money)
            order.payments[payment["id"]] = payment["amount"]["amount"]
        else:
            stands = {"payer": share["payer"], "reference": f"VW-{revision}", "authorised_by": "VW warranty desk"}
            desk.client.post(f"/work-orders/{order.id}/authorisations", stands)
    order.gate_pass = desk.client.post(f"/work-orders/{order.id}/gate-pass")
    order.gate_passes[revision] = "issued"


def leave(desk: Desk, order: Order) -> None:
    """The car goes through the gate; the order closes."""
    used = desk.client.post("/gate-passes/use", {"code": order.gate_pass["code"]})
    order.gate_passes[used["revision"]] = "used"
    order.state = awaited(lambda: _closed(desk, order), "the order to close", PATIENCE_SECONDS)


def visit(desk: Desk, *, reversed_once: bool) -> Order:
    """From the telephone to the gate; if so, with a delivery that is paid, reversed and made again."""
    order = receive(desk)
    desk.deliver(order)
    settle(desk, order)
    if reversed_once:
        desk.reverse(order)
        order.gate_passes[order.state["revision"]] = "revoked"
        desk.deliver(order)
        settle(desk, order)
    leave(desk, order)
    return order


def _opened(desk: Desk, opening: dict[str, Any]) -> Any:
    try:
        return desk.client.post("/work-orders", opening, key=f"open-{opening['appointment_id']}")
    except ProblemError as error:
        if error.problem["code"] != "not_yet_known":
            raise
        return None


def _account(desk: Desk, order: Order) -> Any:
    """The account, once the newest delivery is billed and those before it are credited."""
    account = desk.client.get(f"/work-orders/{order.id}/account")
    taken_back = all(one["state"] == "reversed" for one in account["shares"] if one["revision"] < order.state["revision"])
    return account if account["revision"] == order.state["revision"] and taken_back else None


def _closed(desk: Desk, order: Order) -> Any:
    state = desk.client.get(f"/work-orders/{order.id}")
    return state if state["status"] == "closed" else None
