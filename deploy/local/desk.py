"""A dealer's desk that is never empty: walk-ins, whose work orders the service manager gets ready and delivers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from chassis.wire.ids import new_id
from deploy.local.installation import PASSWORD
from servicelane.client import Client, awaited, signed_in
from servicelane.dealership import open_dealership
from servicelane.visit import CHECKED

PARTS = ("OIL-5W30", "PAD-F-77")
STOCK = "100000"
VIN = "LSVAA49J132047371"
MILEAGE = 32_112
SIGNED = {"means": "typed", "name": "王芳"}
SIGNED_WITH = {"approve-estimate": ("decision", "estimate"), "deliver": ("signature", "settlement")}
"""Where the customer signs, and what they are shown before."""
ATTEMPT_SECONDS = 14.0
"""Longer than the gateway's own deadline: whoever takes longer is frozen or gone."""
PATIENCE_SECONDS = 180.0

LINES: dict[str, Any] = {
    "parts": [
        {"part_number": PARTS[0], "quantity": "4.5", "payer": "customer_pay"},
        {"part_number": PARTS[1], "quantity": "1", "payer": "warranty"},
    ],
    "sublet": [
        {
            "description": "四轮定位",
            "price": {"amount": "180.01", "currency": "CNY"},
            "split": [{"payer": "customer_pay", "basis_points": 5000}, {"payer": "warranty", "basis_points": 5000}],
        }
    ],
}
"""Work for two payers, with parts and sublet work."""


class PatientClient(Client):
    """Asks every replica of the gateway in turn, for minutes if it must."""

    def __init__(self, addresses: Sequence[str], refresh_token: str, *, dealer: str) -> None:
        super().__init__(addresses, refresh_token, dealer=dealer, patience=PATIENCE_SECONDS, attempt=ATTEMPT_SECONDS)


@dataclass
class Order:
    """One work order as its clients were answered: `state` is the last answer about it.

    `deliveries` and `gate_passes` say by revision what was answered last, `payments` by id how much.
    """

    dealer: str
    state: dict[str, Any]
    deliveries: dict[int, str] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    gate_passes: dict[int, str] = field(default_factory=dict)
    gate_pass: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.state["id"])


@dataclass(frozen=True)
class Dealer:
    """A dealer with plenty of stock and one customer with a car, who comes again and again."""

    name: str
    refresh_token: str
    """The service manager's: who may do everything."""
    walk_in: dict[str, str]

    @classmethod
    def open(cls, admin: Client, address: str, name: str) -> Self:
        """Register it."""
        staff = open_dealership(admin, address, dealer=name, name=name, password=PASSWORD)
        cost = {"amount": "30.00", "currency": "CNY"}
        lines = [{"part_number": number, "quantity": STOCK, "unit_cost": cost} for number in PARTS]
        staff.clerk.post("/stock/receipts", {"reference": "PLENTY", "supplier": "the factory", "lines": lines})
        person = {"name": SIGNED["name"], "phone": "+86 139 0000 1234", "preferred_channel": "phone"}
        customer = staff.agent.post("/customers", person)
        car = {"customer_id": customer["id"], "vin": VIN, "plate": "粤A·00001", "make": "Volkswagen", "model": "Passat"}
        vehicle = staff.agent.post("/vehicles", car)
        walk_in = {"customer_id": customer["id"], "vehicle_id": vehicle["id"], "complaint": "异响"}
        return cls(name, signed_in(address, f"{name}.manager", PASSWORD)["refresh_token"], walk_in)


class Desk:
    """The desk of one dealer."""

    def __init__(self, dealer: str, client: Client, walk_in: dict[str, str]) -> None:
        self.dealer = dealer
        self.client = client
        self.walk_in = walk_in

    def ready(self) -> Order:
        """A walk-in's work order that is ready to be delivered."""
        order = self.take_in()
        self.prepare(order)
        return order

    def take_in(self) -> Order:
        """A walk-in's work order, just opened."""
        return Order(self.dealer, self.client.post("/work-orders", {**self.walk_in, "confirm_second_order": True}))

    def prepare(self, order: Order) -> None:
        """From the order's lines until it is ready to be delivered."""
        for verb, body in _preparation(self.dealer):
            self.do(order, verb, body)

    def deliver(self, order: Order) -> None:
        """The customer signs."""
        self.do(order, "deliver", delivery())
        order.deliveries[order.state["revision"]] = "delivered"

    def reverse(self, order: Order) -> None:
        """It was the wrong order; returns when billing has confirmed it and the order is ready again."""
        self.do(order, "reverse-delivery", {"reason": "entered on the wrong order"})
        order.state = awaited(lambda: self._answered(order), "billing to confirm the reversal", PATIENCE_SECONDS)
        assert order.state["reversal"]["state"] == "confirmed", order.state["reversal"]
        order.deliveries[order.state["revision"]] = "reversed"

    def do(self, order: Order, verb: str, body: dict[str, Any] | None = None) -> None:
        """Have one thing done to an order, however often it must be asked for."""
        order.state = self.client.post(
            f"/work-orders/{order.id}/{verb}", self.seen(order, verb, body), of=order.state, key=new_id()
        )

    def seen(self, order: Order, verb: str, body: dict[str, Any] | None) -> dict[str, Any] | None:
        """The body with the hash of what is signed with it, as it is shown to the customer."""
        if body is None or verb not in SIGNED_WITH:
            return body
        field, document = SIGNED_WITH[verb]
        shown = self.client.get(f"/work-orders/{order.id}/{document}")["document_hash"]
        return {**body, field: {**body[field], "document_hash": shown}}

    def _answered(self, order: Order) -> Any:
        state = self.client.get(f"/work-orders/{order.id}")
        return None if state["reversal"]["state"] == "requested" else state


def delivery() -> dict[str, Any]:
    """What is said at a delivery."""
    return {"mileage": MILEAGE, "signature": SIGNED, "preferred_follow_up_time": "10:30:00"}


def _preparation(dealer: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    yield "lines", LINES
    yield "estimates", {"payment_method": "cash", "old_parts": "return_to_customer", "free_wash": False}
    yield "approve-estimate", {"estimate_version": 1, "decision": SIGNED}
    yield "dispatch", {"technician": f"{dealer}.technician", "bay": "B1"}
    yield "request-quality-check", None
    yield "check-quality", {"passed": True}
    yield "ready", None
    yield "pre-delivery-check", CHECKED
