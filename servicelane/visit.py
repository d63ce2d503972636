"""A customer's visit from booking to gate pass, step by step through the public API: the demo's and the journeys' story."""

from collections.abc import Iterator, Mapping
from typing import Any

from servicelane.client import awaited
from servicelane.dealership import Dealership
from servicelane.texts import text

CUSTOMER = {"name": "王芳", "phone": "+86 139 0000 1234", "preferred_channel": "phone"}
PARTS = ("OIL-5W30", "FLT-OIL-1", "PAD-F-77")
STROKES = "60,120 95,60 130,140 170,70 205,130;240,60 250,140 300,90;330,120 400,70 470,125 540,80"
"""The customer's signature as a pad draws it."""
CHECKED: dict[str, Any] = {"old_parts_present": True, "clean": True, "no_tools_left": True, "spare_tyre_and_tools_checked": True}
"""What is looked at before the customer is told."""


class Visit:
    """One visit; `steps` does it, and what came of it stands in the attributes."""

    def __init__(self, at: Dealership, *, vin: str, plate: str, customer: Mapping[str, str] = CUSTOMER) -> None:
        self._at = at
        self._customer = customer
        self._vin = vin
        self._plate = plate
        self.stock_before: dict[str, str] = {}
        self.order: dict[str, Any] = {}
        self.account: dict[str, Any] = {}

    def steps(self) -> Iterator[str]:
        """Do one step after the other; yields the name of what has just been done."""
        self.book()
        yield "booked"
        self.receive()
        yield "received"
        self.open()
        yield "opened"
        self.approve()
        yield "approved"
        self.dispatch()
        yield "dispatched"
        self.issue_parts()
        yield "parts issued"
        self.work()
        yield "worked on"
        self.check()
        yield "checked"
        self.deliver()
        yield "delivered"
        self.pay()
        yield "paid"
        self.leave()
        yield "left through the gate"

    def book(self) -> None:
        """The customer calls; the desk offers the emptiest slots and books the first."""
        at = self._at
        customer = at.agent.post("/customers", {**self._customer, "confirm_second_file": True})
        vehicle = at.agent.post(
            "/vehicles",
            {
                "customer_id": customer["id"],
                "vin": self._vin,
                "plate": self._plate,
                "make": "Volkswagen",
                "model": "Passat",
                "mileage": 31_950,
            },
        )
        slot = at.agent.get("/slot-offers", service_type="maintenance")["items"][0]
        self.appointment = at.agent.post(
            "/appointments",
            {
                "customer_id": customer["id"],
                "vehicle_id": vehicle["id"],
                "channel": "phone",
                "service_type": "maintenance",
                "starts_at": slot["starts_at"],
                "complaint": "保养，刹车时有异响",
                "operations": ["MNT-OIL"],
                "parts": [{"part_number": "OIL-5W30", "quantity": "4.5"}, {"part_number": "FLT-OIL-1", "quantity": "1"}],
            },
        )

    def receive(self) -> None:
        """The car is in the lane."""
        at = self._at
        path = f"/appointments/{self.appointment['id']}"
        self.appointment = at.agent.post(f"{path}/arrive", {"bay": "R1"}, of=at.agent.get(path))
        self.stock_before = {number: at.stock(number)["on_hand"] for number in PARTS}

    def open(self) -> None:
        """The advisor opens the order and writes down what is to be done and who pays for it."""
        at = self._at
        order = at.advisor.post("/work-orders", {"appointment_id": self.appointment["id"], "mileage": 32_110})
        self.path = f"/work-orders/{order['id']}"
        self.order = at.advisor.post(
            f"{self.path}/lines",
            {
                "labour": [
                    {"operation_code": "MNT-OIL", "payer": "customer_pay"},
                    {"operation_code": "BRK-PAD-F", "payer": "warranty", "safety": True},
                ],
                "parts": [
                    {"part_number": "OIL-5W30", "quantity": "4.5", "payer": "customer_pay"},
                    {"part_number": "FLT-OIL-1", "quantity": "1", "payer": "customer_pay"},
                    {"part_number": "PAD-F-77", "quantity": "1", "payer": "warranty", "safety": True},
                    {"part_number": "WIPER-24", "quantity": "2", "payer": "customer_pay"},
                ],
            },
            of=order,
        )

    def approve(self) -> None:
        """Estimate, one line declined, the rest approved by signature."""
        self._do(
            self._at.advisor,
            "estimates",
            {"payment_method": "wechat_pay", "old_parts": "return_to_customer", "free_wash": True},
        )
        wipers = next(line for line in self.order["lines"] if line["part_number"] == "WIPER-24")
        signed = self._signed("estimate")
        self._do(self._at.advisor, "decline-lines", {"line_ids": [wipers["line_id"]], "reason": "下次再换", "decision": signed})
        self._do(self._at.advisor, "approve-estimate", {"estimate_version": self.order["estimate_version"], "decision": signed})

    def _signed(self, document: str) -> dict[str, str]:
        """The customer's drawn signature of the document as it is shown to them."""
        shown = self._at.advisor.get(f"{self.path}/{document}")
        return {"means": "drawn", "name": self._customer["name"], "strokes": STROKES, "document_hash": shown["document_hash"]}

    def dispatch(self) -> None:
        """The foreman gives the work to a technician and a bay."""
        self._do(self._at.foreman, "dispatch", {"technician": f"{self._at.dealer}.technician", "bay": "B1"})

    def issue_parts(self) -> None:
        """The parts desk hands out what was approved, signed for."""
        at = self._at
        reservation = awaited(self._reserved, text("cli.demo.until_reserved"))
        at.clerk.post(
            f"{self.path}/issues",
            {
                "technician": f"{at.dealer}.technician",
                "signature": {"means": "typed", "name": "李强"},
                "lines": [{"line_id": line["line_id"], "quantity": line["reserved"]} for line in reservation["lines"]],
            },
        )

    def work(self) -> None:
        """The technician clocks on and off each labour line, then the car goes to the final inspection."""
        for line in [line for line in self.order["lines"] if line["kind"] == "labour"]:
            self._do(self._at.technician, f"lines/{line['line_id']}/clock-on")
            self._do(self._at.technician, f"lines/{line['line_id']}/clock-off", {"done": True})
        self._do(self._at.technician, "request-quality-check")

    def check(self) -> None:
        """Someone who did none of the work inspects it by the group's templates; it is washed and ready, and looked at again."""
        asked = self._at.inspector.get(f"{self.path}/inspections")["templates"]
        found = [
            {"template_code": sheet["template_code"], "item_code": item["item_code"], "in_order": True}
            for sheet in asked
            for item in sheet["final_items"]
        ]
        self._do(self._at.inspector, "check-quality", {"passed": True, "results": found})
        self._at.washer.post(f"{self.path}/wash/begin")
        self._at.washer.post(f"{self.path}/wash/end", {"parking_place": "P-12"})
        self._do(self._at.inspector, "ready")
        self._do(self._at.advisor, "pre-delivery-check", CHECKED)

    def deliver(self) -> None:
        """The customer accepts the work at the car and signs; three services learn of it."""
        self._do(
            self._at.advisor,
            "deliver",
            {
                "mileage": 32_112,
                "signature": self._signed("settlement"),
                "next_service_mileage": 42_000,
                "preferred_follow_up_time": "10:30:00",
                "preferred_phone": self._customer["phone"],
                "things_shown": ["work", "old_parts"],
            },
        )

    def reverse(self) -> None:
        """The delivery was entered by mistake: the manager asks for its reversal, billing confirms it, and the order is ready."""
        self._do(self._at.manager, "reverse-delivery", {"reason": "entered on the wrong order"})
        self.order = awaited(self._answered, text("cli.demo.until_reversed"))

    def pay(self) -> None:
        """The customer pays its share; the manufacturer's warranty stands for its own."""
        at = self._at
        self.account = awaited(self.billed, text("cli.demo.until_billed"))
        for share in self.account["shares"]:
            if share["state"] == "reversed":
                continue
            if share["payer"] == "customer_pay":
                at.cashier.post(
                    f"{self.path}/payments",
                    {"payment_method": "wechat_pay", "amount": share["open"], "provider_reference": f"WX-{self.order['id']}"},
                )
            else:
                at.manager.post(
                    f"{self.path}/authorisations",
                    {"payer": share["payer"], "reference": "VW-2026-0815", "authorised_by": "VW warranty desk"},
                )

    def leave(self) -> None:
        """The gate pass is issued and used; the order closes."""
        at = self._at
        gate_pass = at.cashier.post(f"{self.path}/gate-pass")
        at.cashier.post("/gate-passes/use", {"code": gate_pass["code"]})
        self.order = awaited(self._closed, text("cli.demo.until_closed"))

    def outcome(self) -> dict[str, Any]:
        """What the visit came to: the order, invoices, stock before and after, follow-up, and the causal timeline."""
        at = self._at
        follow_up = awaited(self._follow_up, text("cli.demo.until_follow_up"))
        timeline = at.advisor.get(f"{self.path}/timeline")
        invoices = at.cashier.get("/invoices", work_order_id=self.order["id"])["items"]
        return {
            "dealer": at.dealer,
            "appointment": {"id": self.appointment["id"], "starts_at": self.appointment["starts_at"]},
            "work_order": {"id": self.order["id"], "number": self.order["number"], "status": self.order["status"]},
            "invoices": [{name: one[name] for name in ("number", "payer", "total")} for one in invoices],
            "stock": {
                number: {"before": before, "after": at.stock(number)["on_hand"]} for number, before in self.stock_before.items()
            },
            "follow_up": {name: follow_up[name] for name in ("planned_at", "due_at", "phone")},
            "timeline": timeline["events"],
        }

    def _do(self, who: Any, verb: str, body: dict[str, Any] | None = None) -> None:
        self.order = who.post(f"{self.path}/{verb}", body, of=who.get(self.path))

    def _reserved(self) -> Any:
        reservation = self._at.clerk.get(f"{self.path}/reservation")
        approved = {line["line_id"] for line in self.order["lines"] if line["kind"] == "part" and line["state"] == "approved"}
        ready = {line["line_id"] for line in reservation["lines"] if line["approved"]}
        return reservation if approved <= ready else None

    def billed(self) -> Any:
        account = self._at.cashier.get(f"{self.path}/account")
        return account if account["revision"] == self.order["revision"] else None

    def _answered(self) -> Any:
        order = self._at.advisor.get(self.path)
        return order if order["reversal"]["state"] != "requested" else None

    def _closed(self) -> Any:
        order = self._at.advisor.get(self.path)
        return order if order["status"] == "closed" else None

    def _follow_up(self) -> Any:
        found = self._at.agent.get("/follow-ups", state="scheduled")["items"]
        return next((one for one in found if one["work_order_id"] == self.order["id"]), None)
