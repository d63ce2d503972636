"""A dealer with as many cars on the floor as asked for, each its own, made by the staff's own requests."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from deploy.local.desk import LINES, PARTS, SIGNED, STOCK
from servicelane.client import Client, awaited
from servicelane.dealership import Dealership
from servicelane.visit import Visit

TECHNICIANS = 12
"""Each of them is at work on one car."""
BAYS = tuple(f"B{number + 1}" for number in range(16))
MODELS = ("Passat", "Lavida", "Tiguan", "Magotan", "Sagitar", "Bora", "Golf", "Teramont", "Phideon", "Tharu", "ID.4", "Lamando")
COMPLAINTS = ("异响", "制动踏板软", "空调不制冷", "怠速不稳", "保养", "方向跑偏")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
LABOUR = {
    "labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}, {"operation_code": "BRK-PAD-F", "payer": "warranty"}]
}
STAGES = ((0, True), (1, True), (2, True), (3, True), (4, True), (5, True), (5, False), (7, False))
"""How many steps a car has made, and whether with labour, which somebody would have to have done before the quality check."""
AT_WORK = 4
"""After so many steps a technician may begin."""
VISITS = ("received", "opened", "approved", "dispatched", "worked on", "checked", "delivered", "paid", "left through the gate")
"""Where the booked visits stand, so that every screen has something to show."""
Visits = Mapping[str, Visit]
"""By where they stand."""


class Floor:
    """One dealer's floor."""

    def __init__(self, at: Dealership, admin: Client, address: str, password: str) -> None:
        self._at = at
        self._technicians: dict[str, Client] = {}
        settings = at.manager.get("/workshop-settings")
        prices = {name: settings[name] for name in ("labour_rate", "call_threshold")}
        at.manager.put("/workshop-settings", {**prices, "bays": list(BAYS)}, of=settings)
        here = [{"dealer": at.dealer, "roles": ["technician"]}]
        for number in range(TECHNICIANS):
            login = f"{at.dealer}.technician-{number:02d}"
            admin.post("/accounts", {"login": login, "name": f"{SURNAMES[number]}师傅", "password": password, "dealers": here})
            self._technicians[login] = Client.sign_in(address, login, password, dealer=at.dealer)
        cost = {"amount": "30.00", "currency": "CNY"}
        lines = [{"part_number": number, "quantity": STOCK, "unit_cost": cost} for number in PARTS]
        at.clerk.post("/stock/receipts", {"reference": "PLENTY", "supplier": "the factory", "lines": lines})

    def fill(self, cars: int) -> tuple[dict[str, str], dict[str, str], str]:
        """Have so many cars on the floor.

        By placeholders of addresses, the ids of a car at work and of a delivered one; and the order of a car that waits for work.
        """
        visits = {stage: self._visit(number, stage) for number, stage in enumerate(VISITS)}
        on_the_floor = len(VISITS) - 4  # one is in the lane, three were delivered
        for number in range(cars - on_the_floor):
            self._walk_in(number)
        delivered = visits["paid"].order
        self._at.cashier.post(f"/work-orders/{delivered['id']}/gate-pass")
        found = {name: seek(self._at, visits) for name, seek in STANDS.items()}
        return found, {**found, "work_order_id": delivered["id"]}, str(visits["dispatched"].order["id"])

    def _visit(self, number: int, stage: str) -> Visit:
        visit = Visit(self._at, vin=_vin(number), plate=f"沪A·{number:05d}")
        steps = visit.steps()
        while next(steps) != stage:
            pass
        return visit

    def _walk_in(self, number: int) -> None:
        at = self._at
        person = {"name": SURNAMES[number % 20] + SURNAMES[number // 20 % 20], "phone": f"+86 139 0000 {number:04d}"}
        car = {"plate": f"沪B·{number * 377 % 100_000:05d}", "make": "Volkswagen", "model": MODELS[number % len(MODELS)]}
        customer = at.agent.post("/customers", person)
        vehicle = at.agent.post("/vehicles", {"customer_id": customer["id"], "vin": _vin(100 + number), **car})
        came = {"customer_id": customer["id"], "vehicle_id": vehicle["id"], "complaint": COMPLAINTS[number % len(COMPLAINTS)]}
        order = at.manager.post("/work-orders", came)
        login = list(self._technicians)[number % TECHNICIANS]
        begins = number < TECHNICIANS
        steps, labour = (AT_WORK, True) if begins else STAGES[number % len(STAGES)]
        for verb, body in islice(_verbs(login, BAYS[number % len(BAYS)], labour=labour), steps):
            path = f"/work-orders/{order['id']}"
            if body is not None and "decision" in body:
                body["decision"] = {**SIGNED, "document_hash": at.manager.get(f"{path}/estimate")["document_hash"]}
            order = at.manager.post(f"{path}/{verb}", body, of=order)
        if begins:
            line = next(line for line in order["lines"] if line["kind"] == "labour")
            self._technicians[login].post(f"/work-orders/{order['id']}/lines/{line['line_id']}/clock-on", of=order)


def _first(at: Dealership, path: str, **query: str) -> Any:
    found = at.manager.get(path, **query)["items"]
    return found[0]["id"] if found else None


def _lent(at: Dealership, visits: Visits) -> Any:
    """The loan of the dealer's one loaner."""
    at.manager.post("/loaners", {"plate": "沪L·00001", "make": "BYD", "model": "Qin", "mileage": 10})
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    return at.advisor.post("/loans", {"customer_id": _at_work(visits)["customer"]["customer_id"], "ends_at": until})["id"]


def _brought_back(at: Dealership, visits: Visits) -> Any:
    """The leg by which a car goes back to its customer."""
    begins_at = at.agent.get("/leg-plan", days=2)["windows"][-1]["begins_at"]
    leg = {"direction": "return", "work_order_id": visits["paid"].order["id"], "begins_at": begins_at}
    return at.agent.post("/legs", {**leg, "address": "张杨路 500 号"})["id"]


def _registered(at: Dealership, visits: Visits) -> Any:
    return at.manager.post(
        "/equipment", {"code": "M-1", "kind": "machine", "name": "轮胎平衡机", "bay": "B4", "due_on": "2030-01-01"}
    )["id"]


def _ordered(at: Dealership, visits: Visits) -> Any:
    """An order that is on its way."""
    lines = [{"part_number": "WIPER-24", "quantity": "10"}]
    order = at.clerk.post("/purchase-orders", {"supplier_id": _first(at, "/suppliers"), "lines": lines})
    at.clerk.post(f"/purchase-orders/{order['id']}/approve")
    return at.clerk.post(f"/purchase-orders/{order['id']}/send")["id"]


def _counted(at: Dealership, visits: Visits) -> Any:
    """A stocktake of a part that no visit wants: its bin is frozen."""
    price = {"amount": "1.00", "currency": "CNY"}
    part = {
        "part_number": "CLIP-8",
        "name_zh": "卡扣",
        "name_en": "Clip",
        "unit": "个",
        "list_price": price,
        "bin_location": "K-01",
    }
    at.clerk.post("/parts", part)
    lines = [{"part_number": "CLIP-8", "quantity": "10", "unit_cost": price}]
    at.clerk.post("/stock/receipts", {"reference": "K-0", "supplier": "SVW", "lines": lines})
    return at.clerk.post("/stocktakes", {"zone": "K"})["id"]


def _at_work(visits: Visits) -> dict[str, Any]:
    return visits["worked on"].order


STANDS: Mapping[str, Callable[[Dealership, Visits], Any]] = {
    "appointment_id": lambda at, visits: visits["received"].appointment["id"],
    "customer_id": lambda at, visits: _at_work(visits)["customer"]["customer_id"],
    "equipment_id": _registered,
    "follow_up_id": lambda at, visits: awaited(lambda: _first(at, "/follow-ups", state="scheduled"), "a follow-up"),
    "invoice_id": lambda at, visits: _first(at, "/invoices", work_order_id=visits["paid"].order["id"]),
    "kind": lambda at, visits: "work-orders",
    "leg_id": _brought_back,
    "line_id": lambda at, visits: _at_work(visits)["lines"][0]["line_id"],
    "loan_id": _lent,
    "owner_id": lambda at, visits: _at_work(visits)["id"],
    "part_id": lambda at, visits: _first(at, "/parts"),
    "purchase_order_id": _ordered,
    "receipt_id": lambda at, visits: _first(at, "/stock/receipts"),
    "slip_id": lambda at, visits: _first(at, f"/work-orders/{visits['paid'].order['id']}/slips"),
    "stocktake_id": _counted,
    "supplier_id": lambda at, visits: _first(at, "/suppliers"),
    "vehicle_id": lambda at, visits: _at_work(visits)["vehicle"]["vehicle_id"],
    "work_order_id": lambda at, visits: _at_work(visits)["id"],
}
"""What stands at each placeholder of the screens' addresses."""


def _verbs(technician: str, bay: str, *, labour: bool) -> Iterator[tuple[str, dict[str, Any] | None]]:
    yield "lines", LABOUR if labour else LINES
    yield "estimates", {"payment_method": "cash", "old_parts": "return_to_customer", "free_wash": False}
    yield "approve-estimate", {"estimate_version": 1, "decision": SIGNED}
    yield "dispatch", {"technician": technician, "bay": bay}
    if labour:
        yield "hold", {"reason": "parts"}
    else:
        yield "request-quality-check", None
        yield "check-quality", {"passed": True}
        yield "ready", None


def _vin(number: int) -> str:
    return f"LSVAA49J13205{number:04d}"
