"""Work orders that are got ready and delivered through the gateway, each remembering what it was answered."""

from dataclasses import dataclass, field
from typing import Any

from chassis.wire.ids import new_id
from servicelane.client import Client
from servicelane.dealership import Dealership, open_dealership
from tests.deployment import PASSWORD
from tests.faults.answers import PatientClient, Tally, token

PARTS = ("OIL-5W30", "PAD-F-77")
STOCK = "100000"
VIN = "LSVAA49J132047371"
MILEAGE = 32_112


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


class Desk:
    """The desk of one dealer: everything is done by its service manager, who may."""

    def __init__(self, dealer: str, client: PatientClient, customer: str, vehicle: str) -> None:
        self.dealer = dealer
        self.client = client
        self.walk_in = {"customer_id": customer, "vehicle_id": vehicle, "complaint": "异响"}

    @classmethod
    def open(cls, admin: Client, addresses: list[str], dealer: str, tally: Tally) -> "Desk":
        """Register the dealer with plenty of stock, one customer and one car."""
        staff = open_dealership(admin, addresses[0], dealer=dealer, name=dealer, password=PASSWORD)
        _fill_shelves(staff)
        customer = staff.agent.post("/customers", {"name": "王芳", "phone": "+86 139 0000 1234", "preferred_channel": "phone"})
        car = {"customer_id": customer["id"], "vin": VIN, "plate": "粤A·00001", "make": "Volkswagen", "model": "Passat"}
        vehicle = staff.agent.post("/vehicles", car)
        return cls(dealer, cls._sign_in(addresses, dealer, tally), customer["id"], vehicle["id"])

    def sign_in_again(self, addresses: list[str]) -> None:
        """Take a fresh token: one is good for an hour."""
        self.client = self._sign_in(addresses, self.dealer, self.client.tally)

    @staticmethod
    def _sign_in(addresses: list[str], dealer: str, tally: Tally) -> PatientClient:
        return PatientClient(addresses, token(addresses[0], f"{dealer}.manager", PASSWORD), dealer=dealer, tally=tally)

    def ready(self) -> Order:
        """A walk-in's work order that is ready to be delivered."""
        order = Order(self.dealer, self.client.post("/work-orders", self.walk_in))
        self.prepare(order)
        return order

    def prepare(self, order: Order) -> None:
        """Work for two payers, with parts and sublet work, from its estimate until it is ready to be delivered."""
        signed = {"means": "signature", "name": "王芳"}
        lines = {
            "parts": [
                {"part_number": PARTS[0], "quantity": "4.5", "payer": "customer_pay"},
                {"part_number": PARTS[1], "quantity": "1", "payer": "warranty"},
            ],
            "sublet": [
                {
                    "description": "四轮定位",
                    "price": {"amount": "180.01", "currency": "CNY"},
                    "split": [{"payer": "customer_pay", "percent": 50}, {"payer": "warranty", "percent": 50}],
                }
            ],
        }
        self.do(order, "lines", lines)
        self.do(order, "estimates", {"payment_method": "cash", "old_parts": "return_to_customer", "free_wash": True})
        self.do(order, "approve-estimate", {"estimate_version": 1, "decision": signed})
        self.do(order, "dispatch", {"technician": f"{self.dealer}.technician", "bay": "B1"})
        self.do(order, "request-quality-check")
        self.do(order, "check-quality", {"passed": True})
        self.do(order, "ready")

    def deliver(self, order: Order) -> None:
        """The customer signs."""
        self.do(order, "deliver", delivery())
        order.deliveries[order.state["revision"]] = "delivered"

    def reverse(self, order: Order) -> None:
        """It was the wrong order."""
        self.do(order, "reverse-delivery", {"reason": "entered on the wrong order"})
        order.deliveries[order.state["revision"]] = "reversed"

    def do(self, order: Order, verb: str, body: dict[str, Any] | None = None) -> None:
        """Have one thing done to an order, however often it must be asked for."""
        order.state = self.client.post(f"/work-orders/{order.id}/{verb}", body, of=order.state, key=new_id())


def delivery() -> dict[str, Any]:
    """What is said at a delivery."""
    return {"mileage": MILEAGE, "accepted_by": "王芳", "preferred_follow_up_time": "10:30:00"}


def _fill_shelves(staff: Dealership) -> None:
    cost = {"amount": "30.00", "currency": "CNY"}
    lines = [{"part_number": number, "quantity": STOCK, "unit_cost": cost} for number in PARTS]
    staff.clerk.post("/stock/receipts", {"reference": "PLENTY", "supplier": "the factory", "lines": lines})
