"""A dealer with something on every screen, and the screens: who looks at what, and what they do there first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from servicelane.client import awaited
from servicelane.dealership import Dealership
from servicelane.welcome import DEALER
from tests.browser.books import changed, stranded
from tests.browser.first_steps import found_callers, overtaken, palette, refused, searched, washing, wrong_password
from tests.browser.legs import brought_back, places_of_legs
from tests.browser.linked import places_of_links
from tests.browser.reception import received
from tests.browser.store import PLACES_OF_STORE, lost
from tests.browser.visits import places_of_visits
from tests.cars import brought
from tests.counting import counted, settled
from tests.days import spring

HERE = f"/d/{DEALER}"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AWAY = "away"
"""Whoever sits at a console whose gateway is away."""

_STAGES = {
    **{one: one for one in ("booked", "received", "opened", "approved", "dispatched", "worked on", "checked", "delivered")},
    "late": "dispatched",
    "held": "dispatched",
    "short": "opened",
    "leaving": "paid",
}
_NAMES = ("王芳", "李娜", "刘志强", "赵敏", "陈建国", "杨丽", "黄晓明", "周杰", "吴秀英", "徐磊", "孙浩", "马超")
CUSTOMERS = [{"name": name, "phone": f"+86 139 0000 {1234 + 7 * at}"} for at, name in enumerate(_NAMES)]


@dataclass(frozen=True)
class Place:
    """A state of a screen: at whose desk, at what address, and what is done there first."""

    name: str
    who: str
    address: str
    do: Callable[[Page], None] = lambda page: None


def filled(at: Dealership, data: Path) -> dict[str, dict[str, Any]]:
    """Cars at every stage of a visit, by the stage, with what goes wrong at a dealer: late, held, short, out of stock."""
    cars = {stage: brought(at, so_far, caller) for (stage, so_far), caller in zip(_STAGES.items(), CUSTOMERS, strict=True)}
    hold(at, data, cars["held"])
    short = f"/work-orders/{cars['short']['id']}"
    line = {"part_number": "DISC-F-77", "quantity": "9000", "payer": "customer_pay"}
    at.advisor.post(f"{short}/lines", {"parts": [line]}, of=at.advisor.get(short))
    approve(at, short)
    lost(at, cars["short"], line["part_number"])
    _bill(at, cars["delivered"])
    at.cashier.post(f"/work-orders/{cars['leaving']['id']}/gate-pass")
    cars["call"] = awaited(lambda: _call(at, cars["delivered"]), "the follow-up to be scheduled")
    for customer in CUSTOMERS[:2]:
        at.agent.post("/calls", {"customer_name": customer["name"], "phone": customer["phone"], "about": "轮胎报价"})
        at.agent.post("/enquiries", {"customer_name": customer["name"], "phone": customer["phone"], "question": "多久能好？"})
    received(at, cars["approved"])
    brought_back(at, data, cars["delivered"])
    at.advisor.post(f"/work-orders/{cars['worked on']['id']}/wash/time", {"wash_timing": "before_check"})
    _neglect(data, cars)
    return cars


def hold(at: Dealership, data: Path, order: dict[str, Any]) -> None:
    """Put an order on hold, the day before yesterday."""
    path = f"/work-orders/{order['id']}"
    at.foreman.post(f"{path}/hold", {"reason": "parts"}, of=at.foreman.get(path))
    changed(data, "workshop", "work_order", order["id"], held_at=datetime.now(UTC) - timedelta(days=2))


def _neglect(data: Path, cars: dict[str, dict[str, Any]]) -> None:
    """Promises for the cars on the floor, and things that were left undone for hours and days: a test has none to wait."""
    now = datetime.now(UTC)
    for hours, stage in enumerate(("opened", "approved", "short", "dispatched", "worked on", "checked", "held"), start=1):
        changed(data, "workshop", "work_order", cars[stage]["id"], promised_at=now + timedelta(hours=hours))
    late = {"opened_at": now - timedelta(hours=7), "promised_at": now - timedelta(hours=3)}
    changed(data, "workshop", "work_order", cars["late"]["id"], **late)
    called = {"call_at": now - timedelta(days=2), "due_at": now - timedelta(days=1), "breach_at": now + timedelta(hours=4)}
    changed(data, "crm", "follow_up", cars["call"]["id"], **called)
    stranded(data, cars["received"]["id"], now)


def approve(at: Dealership, path: str) -> None:
    """The estimate of what was added, and the customer's signature."""
    terms = {"payment_method": "cash", "old_parts": "dispose", "free_wash": False}
    at.advisor.post(f"{path}/estimates", terms, of=at.advisor.get(path))
    fresh = at.advisor.get(path)
    shown = at.advisor.get(f"{path}/estimate")["document_hash"]
    decision = {"means": "typed", "name": fresh["customer"]["name"], "document_hash": shown}
    at.advisor.post(f"{path}/approve-estimate", {"estimate_version": fresh["estimate_version"], "decision": decision}, of=fresh)


def _bill(at: Dealership, order: dict[str, Any]) -> None:
    path = f"/work-orders/{order['id']}"
    awaited(lambda: at.cashier.get(f"{path}/account")["revision"] == 1 or None, "the account to be billed")
    claim = {"payer": "warranty", "reference": "VW-0815", "authorised_by": "VW warranty desk"}
    at.manager.post(f"{path}/authorisations", claim)


def _call(at: Dealership, order: dict[str, Any]) -> Any:
    return next(iter(at.agent.get("/follow-ups", work_order_id=order["id"])["items"]), None)


def _drafted(at: Dealership) -> Any:
    """A purchase order that nobody has approved."""
    [supplier] = [one for one in at.clerk.get("/suppliers")["items"] if one["code"] == "SVW"]
    lines = [{"part_number": "WIPER-24", "quantity": "10"}]
    return at.clerk.post("/purchase-orders", {"supplier_id": supplier["id"], "lines": lines})["id"]


def _ordered(at: Dealership) -> Any:
    """One that came in part."""
    order = _drafted(at)
    path = f"/purchase-orders/{order}"
    at.clerk.post(f"{path}/approve")
    at.clerk.post(f"{path}/send")
    brought = [{"line_number": 1, "accepted": "4", "damaged": "1"}]
    at.clerk.post(f"{path}/receipts", {"reference": f"DN-{order}", "lines": brought})
    return order


LISTS = ("attention", "lane", "equipment", "loaners", "rescues", "certificates", "trainings", "attendance", "board", "check")


def places(at: Dealership, cars: dict[str, dict[str, Any]]) -> Iterator[Place]:
    """Every screen, in each state in which it looks different."""
    booked, delivered = cars["booked"], cars["delivered"]
    order = {stage: f"/orders/{car['id']}" for stage, car in cars.items()}
    customer, vehicle = booked["customer"]["customer_id"], booked["vehicle"]["vehicle_id"]
    [slip] = at.clerk.get(f"/work-orders/{delivered['id']}/slips")["items"]
    invoice = at.cashier.get("/invoices", work_order_id=delivered["id"])["items"][0]
    if not at.agent.get("/loaners")["items"]:
        at.manager.post("/loaners", {"plate": "沪L·00001", "make": "BYD", "model": "Qin", "mileage": 10})
        case = {"caller_name": "王芳", "caller_phone": "139 0000 1234", "location": "G60, km 42"}
        at.agent.post("/rescues", {**case, "plate": booked["vehicle"]["plate"]})
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        at.advisor.post("/loans", {"customer_id": customer, "ends_at": until})
        lacks = {"service_type": "diagnosis", "parts": [{"part_number": "DISC-F-77", "quantity": "9000"}]}
        of_car = {"customer_id": customer, "vehicle_id": vehicle, "channel": "phone", "starts_at": f"{spring(13)}T02:00:00+00:00"}
        at.agent.post("/appointments", {**of_car, **lacks})
        awaited(lambda: at.clerk.get("/special-orders")["items"], "the parts to be on special order")
        at.manager.post("/equipment", {"code": "M-1", "kind": "machine", "name": "平衡机", "bay": "B4", "due_on": "2020-01-01"})
        wrench = at.manager.post("/equipment", {"code": "T-7", "kind": "tool", "name": "扭力扳手"})
        borrowed = {"borrower": f"{at.dealer}.technician", "signature": {"means": "typed", "name": "李强"}}
        at.foreman.post(f"/equipment/{wrench['id']}/lend", borrowed)
        who, day = borrowed["borrower"], until[:10]
        at.manager.post("/certificates", {"holder": who, "skill": "HV 高压电", "issued_on": "2026-01-01", "expires_on": day})
        at.manager.post("/trainings", {"trainee": who, "topic": "高压电复训", "skill": "HV 高压电", "planned_on": day})
    [lent] = at.agent.get("/loans")["items"]
    [lacking] = at.agent.get("/appointments", vehicle_id=vehicle, from_day=str(spring(13)))["items"]
    machine, tool = at.agent.get("/equipment")["items"]
    manager = {
        "performance": "/performance",
        "quality": "/quality",
        "team checks": "/team-checks",
        "daily report": "/daily-report",
        "in the shop": "/in-shop?status=dispatched",
        "bookings board": "/bookings-board",
        "forgotten clock-offs": "/attendance/clock-offs",
        "cars to wash": "/washes",
        "equipment that is due": "/equipment?show=due",
        "tools that are out": "/equipment?show=out",
        "a machine": f"/equipment/{machine['id']}",
        "a tool": f"/equipment/{tool['id']}",
        **{name: f"/{name}" for name in LISTS},
        "lending": f"/loaners/lend/{customer}",
        "loan": f"/loans/{lent['id']}",
        "appointments": f"/appointments?day={booked['starts_at'][:10]}",
        "appointments, empty": "/appointments?show=wait_listed",
        "appointments' tasks": "/appointments/tasks",
        "fortnight": "/appointments/fortnight",
        "appointment": f"/appointments/{booked['id']}",
        "booking": "/booking",
        "booking, which car": f"/booking/{customer}",
        "booking, when": f"/booking/{customer}/{vehicle}",
        "file of a customer": f"/customers/{customer}",
        "file of a car": f"/vehicles/{vehicle}",
        "orders": "/orders?whose=all",
        "order, quoted": order["opened"],
        "order, approved": order["approved"],
        "order, delivered": order["delivered"],
        "attachments": f"{order['approved']}/attachments",
        "decisions": f"{order['approved']}/decisions",
        "line": f"{order['approved']}/lines/{cars['approved']['lines'][0]['line_id']}",
        "hand-over": f"{order['checked']}/hand-over",
        "deliveries": "/deliveries",
        "certificates to issue": "/completion-certificates",
        "completion certificate": f"{order['checked']}/completion",
        "files": "/order-files",
        "health records": "/health-records",
        "file of an order": f"{order['delivered']}/file",
        "observations": "/observations",
        "faults of a car": f"{order['delivered']}/observations",
        "delivery time": f"{order['checked']}/delivery-time",
        "promise": f"{order['approved']}/promise",
        "to tell": "/due-reports?whose=all",
        "promises kept": "/promise-figures",
        "promises missed": "/promise-figures/missed",
        "road test": f"{order['checked']}/road-test",
        "isolation": f"{order['dispatched']}/isolation",
        "battery": f"{order['dispatched']}/battery",
        "battery of a car": f"/vehicles/{vehicle}/battery",
        "history": "/vehicle-history",
        "history of a car": f"/vehicles/{delivered['vehicle']['vehicle_id']}/history",
        "advice": f"{order['approved']}/advice",
        "settlement": f"{order['delivered']}/hand-over",
        "card to give away": f"/board/{cars['approved']['id']}",
        "card on hold": f"/board/{cars['held']['id']}",
        "card that has left": f"/board/{delivered['id']}",
        "inspection": f"/check/{cars['worked on']['id']}",
        "work, empty": "/my-work",
        "cashier": f"/cashier?number={delivered['number']}",
        "account": f"/cashier{order['delivered']}",
        "account of a booking": f"/cashier/appointments/{booked['id']}",
        "account of who may leave": f"/cashier{order['leaving']}",
        "gate pass": f"/cashier{order['leaving']}/gate-pass",
        "invoice": f"/invoices/{invoice['id']}",
        "parts": "/parts",
        "parts set aside": "/parts/set-aside",
        "parts short": "/parts/short",
        "special orders": "/parts/special-orders",
        "parts of orders": "/parts/order-parts",
        "appointment that lacks parts": f"/appointments/{lacking['id']}",
        "briefing": f"/briefing?day={spring(13)}",
        "picking": f"/parts{order['dispatched']}",
        "taking back": f"/parts{order['delivered']}/return",
        "slip": f"/slips/{slip['id']}",
        "part": f"/stock/parts/{at.clerk.get('/parts')['items'][0]['id']}",
        **PLACES_OF_STORE,
        "receipts": "/receipts",
        "receipt": f"/receipts/{at.clerk.get('/stock/receipts')['items'][0]['id']}",
        "what to order": "/what-to-order",
        "ran low": "/low-parts",
        "purchase orders": "/purchase-orders",
        "what comes": "/arrivals",
        "purchase order": f"/purchase-orders/{_ordered(at)}?code=WIPER-24",
        "stocktakes": "/stocktakes",
        "stocktake": counted(at),
        "stocktake, counted": settled(at),
        "count sheet": f"{counted(at)}/count",
        "purchase order, draft": f"/purchase-orders/{_drafted(at)}",
        "suppliers": "/suppliers",
        "supplier": f"/suppliers/{at.clerk.get('/suppliers')['items'][0]['id']}",
        "customers waiting": "/desk-queue",
        "conversion": "/conversion",
        "calls": "/follow-ups",
        "calls that are over": "/follow-ups?show=past",
        "call": f"/follow-ups/{cars['call']['id']}",
        "absent": "/orders/nothing",
    }
    yield from (Place(name, "manager", HERE + address) for name, address in manager.items())
    yield from (Place(*each) for each in places_of_links(at, HERE, CUSTOMERS[0]))
    yield from (Place(*each) for each in places_of_visits(at, cars, CUSTOMERS[1]))
    yield from (Place(*each) for each in places_of_legs(at, HERE, delivered))
    yield Place("a car that is washed", "washer", f"{HERE}/washes", washing)
    yield Place("search", "manager", f"{HERE}/search", searched(cars["opened"]["number"]))
    yield Place("palette", "manager", f"{HERE}/orders", palette(cars["opened"]["vehicle"]["plate"]))
    yield Place("a form with errors", "advisor", HERE + order["opened"], refused)
    yield Place("a conflict", "advisor", HERE + order["opened"], overtaken(at, cars["opened"]))
    yield Place("walk-around", "advisor", f"{HERE}{order['opened']}/walk-around")
    yield Place("walk-around, signed", "advisor", f"{HERE}{order['approved']}/walk-around")
    yield Place("multi-point inspection", "technician", f"{HERE}{order['dispatched']}/inspection")
    yield Place("found callers", "agent", f"{HERE}/booking", found_callers(booked))
    yield Place("lane of the guard", "guard", f"{HERE}/lane")
    yield Place("work", "technician", f"{HERE}/my-work")
    yield Place("job", "technician", f"{HERE}/my-work/{cars['dispatched']['id']}")
    yield Place("job that was handed in", "technician", f"{HERE}/my-work/{cars['worked on']['id']}")
    yield Place("forbidden", "cashier", f"{HERE}/attention")
    yield Place("sign-in with an error", "", "/sign-in", wrong_password)
    yield Place("sign-in", "", "/sign-in")
    yield Place("gateway away", AWAY, f"{HERE}/orders")


def findings(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [f"{one['id']}: {node['html'][:160]}" for one in results.response["violations"] for node in one["nodes"]]
