"""What has a clock at the workshop: brought to where it begins to run."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from chassis.wire.ids import new_id
from deploy.local.desk import PARTS, SIGNED, Order
from deploy.local.installation import PASSWORD
from servicelane.client import Client
from tests.faults.orders import Desk
from tests.faults.visits import leave, settle

_bays: dict[str, Iterator[int]] = defaultdict(count)

NEXT_MONTH = f"{datetime.now(UTC).date() + timedelta(days=30)}"
NEXT_YEAR = f"{datetime.now(UTC).date() + timedelta(days=365)}"


def long_repair(desk: Desk) -> str:
    """Three guarantees pay, and nobody promised when it is ready."""
    order = Order(desk.dealer, desk.client.post("/work-orders", {**desk.walk_in, "confirm_second_order": True}))
    line = {"part_number": PARTS[0], "quantity": "1", "payer": "three_guarantees"}
    desk.do(order, "lines", {"parts": [line]})
    desk.do(order, "estimates", {"payment_method": "cash", "old_parts": "dispose", "free_wash": False})
    desk.do(order, "approve-estimate", {"estimate_version": 1, "decision": SIGNED})
    return order.id


def promised(desk: Desk) -> str:
    """The order of a car whose work fits its promise."""
    order = Order(desk.dealer, desk.client.post("/work-orders", {**desk.walk_in, "confirm_second_order": True}))
    desk.do(order, "lines", {"labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}]})
    desk.do(order, "estimates", {"payment_method": "cash", "old_parts": "dispose", "free_wash": False})
    return order.id


def changed_estimate(desk: Desk) -> str:
    """The order of a customer who is to be told that its estimate has changed."""
    order = promised(desk)
    more = {"labour": [{"operation_code": "BRK-PAD-F", "payer": "customer_pay"}]}
    desk.client.post(f"/work-orders/{order}/propose-additional-work", more)
    return order


def leg(desk: Desk) -> str:
    """A car that is ready is brought back."""
    windows = desk.client.get("/leg-plan", days=5)["windows"]
    begins_at = next(one["begins_at"] for one in reversed(windows) if one["free"])
    asked = {"direction": "return", "address": "张杨路 500 号", "begins_at": begins_at}
    return str(desk.client.post("/legs", {**asked, "work_order_id": desk.ready().id})["id"])


def observed(desk: Desk) -> str:
    """A fault that a delivered car left with."""
    order = desk.ready()
    desk.deliver(order)
    asked = {"job": 1, "operation_group": "BRAKES", "fault": "偶发异响", "until": NEXT_MONTH}
    return str(desk.client.post(f"/work-orders/{order.id}/observations", asked)["id"])


def handed_over(desk: Desk) -> str:
    """The order of a car that has left, with its health record."""
    order = desk.ready()
    desk.deliver(order)
    settle(desk, order)
    leave(desk, order)
    return order.id


def machine(desk: Desk) -> str:
    asked = {"code": new_id()[-12:], "kind": "machine", "name": "轮胎平衡机", "bay": "B1", "due_on": NEXT_YEAR}
    return str(desk.client.post("/equipment", asked)["id"])


def certificate(desk: Desk) -> str:
    asked = {"holder": f"{desk.dealer}.technician", "skill": "WELDING", "issued_on": "2025-01-01", "expires_on": NEXT_YEAR}
    return str(desk.client.post("/certificates", asked)["id"])


def clocked_on(desk: Desk) -> str:
    """The order that a technician is at, in a bay of its own."""
    order = Order(desk.dealer, desk.client.post("/work-orders", {**desk.walk_in, "confirm_second_order": True}))
    desk.do(order, "lines", {"labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}]})
    desk.do(order, "estimates", {"payment_method": "cash", "old_parts": "dispose", "free_wash": False})
    desk.do(order, "approve-estimate", {"estimate_version": 1, "decision": SIGNED})
    login = f"{desk.dealer}.technician"
    desk.do(order, "dispatch", {"technician": login, "bay": f"B{1 + next(_bays[desk.dealer]) % 4}"})
    technician = Client.sign_in(desk.address, login, PASSWORD, dealer=desk.dealer)
    technician.post(f"/work-orders/{order.id}/lines/{order.state['lines'][0]['line_id']}/clock-on")
    return order.id
