"""A dealership to try things on: its dealer, staff, operations, prices and stock, all set up through the public API."""

import json
from base64 import b64encode
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

from contracts import roles
from servicelane.client import Client, ProblemError, awaited
from servicelane.multi_point import MULTI_POINT
from servicelane.texts import text

TIME_ZONE = "Asia/Shanghai"

STAFF = {
    "manager": [roles.SERVICE_MANAGER],
    "agent": [roles.BOOKING_AGENT, roles.CRM_AGENT],
    "advisor": [roles.SERVICE_ADVISOR],
    "foreman": [roles.WORKSHOP_MANAGER],
    "technician": [roles.TECHNICIAN],
    "inspector": [roles.QUALITY_INSPECTOR],
    "clerk": [roles.PARTS_CLERK],
    "cashier": [roles.CASHIER],
    "guard": [roles.GUARD],
    "washer": [roles.WASHER],
    "driver": [roles.DRIVER],
}

NAMES = {
    "manager": "陈静",
    "agent": "刘洋",
    "advisor": "王伟",
    "foreman": "赵磊",
    "technician": "李强",
    "inspector": "周敏",
    "clerk": "孙健",
    "cashier": "吴婷",
    "guard": "郑刚",
    "washer": "何平",
    "driver": "何涛",
}

OPERATIONS = [
    {"operation_code": "MNT-OIL", "name_zh": "更换机油机滤", "name_en": "Oil and filter change", "hours": "0.80"},
    {"operation_code": "BRK-PAD-F", "name_zh": "更换前制动片", "name_en": "Replace front brake pads", "hours": "1.20"},
    {"operation_code": "BRK-DISC-F", "name_zh": "更换前制动盘", "name_en": "Replace front brake discs", "hours": "1.60"},
]
GROUPS = {"MNT-OIL": "MNT", "BRK-PAD-F": "BRK", "BRK-DISC-F": "BRK"}
"""Operation groups: work of the same one again, on a car whose repair is under warranty, is a comeback."""
COEFFICIENTS = [{"make": "Volkswagen", "model": "Passat", "coefficient": "1.15"}]

PRICE_LIST = """part_number,name_zh,name_en,unit,list_price,source,abc_class
OIL-5W30,机油 5W-30,Engine oil 5W-30,l,86.00,oem,A
FLT-OIL-1,机油滤清器,Oil filter,pc,58.00,genuine,A
PAD-F-77,前制动片,Front brake pads,set,420.00,genuine,A
DISC-F-77,前制动盘,Front brake disc,pc,512.50,genuine,B
WIPER-24,雨刮片,Wiper blade,pc,49.90,aftermarket,C
"""
STOCK = {"OIL-5W30": "60", "FLT-OIL-1": "20", "PAD-F-77": "8", "DISC-F-77": "4", "WIPER-24": "10"}


SUPPLIER = {"code": "SVW", "name_zh": "上汽大众配件", "name_en": "SAIC Volkswagen Parts", "lead_time_days": 3}
TERMS = """supplier_part_number,our_part_number,price,order_multiple,preferred
SVW-5W30,OIL-5W30,30.00,20,yes
SVW-FLT-1,FLT-OIL-1,30.00,10,yes
SVW-PAD-77,PAD-F-77,30.00,4,yes
SVW-DISC-77,DISC-F-77,30.00,2,yes
SVW-WIPER-24,WIPER-24,30.00,10,yes
"""

LEG_INTERVALS = (("08:30", "10:00"), ("10:00", "12:00"), ("13:00", "15:00"), ("15:00", "18:00"))
"""When the driver fetches and brings cars."""


@dataclass(frozen=True)
class Dealership:
    """One dealer and its staff, each signed in."""

    dealer: str
    manager: Client
    agent: Client
    advisor: Client
    foreman: Client
    technician: Client
    inspector: Client
    clerk: Client
    cashier: Client
    guard: Client
    washer: Client
    driver: Client

    @classmethod
    def sign_in(cls, base_url: str, dealer: str, password: str) -> Self:
        """Sign every member of the staff in; their logins are `<dealer>.<who>`."""
        staff = {who: Client.sign_in(base_url, f"{dealer}.{who}", password, dealer=dealer) for who in STAFF}
        return cls(dealer=dealer, **staff)

    def stock(self, part_number: str) -> Any:
        """A part with its stock."""
        return self.clerk.get("/parts/lookup", part_number=part_number)


def open_group(admin: Client, *, comebacks: bool = False) -> None:
    """Publish what the whole group shares; with `comebacks`, the groups of operations by which one is known, too."""
    of_a_kind = [{**one, "operation_group": GROUPS[one["operation_code"]]} for one in OPERATIONS]
    admin.post("/operations", {"operations": of_a_kind if comebacks else OPERATIONS})
    admin.post("/model-coefficients", {"coefficients": COEFFICIENTS})
    admin.post("/inspection-templates", {"templates": [MULTI_POINT, *final_templates("second_level", "overhaul")]})


def final_templates(*classes: str) -> list[dict[str, Any]]:
    """The final inspections that a group is given ready, of work of these classes (Rule W28); it may publish others."""
    ready = json.loads((files("contracts.workshop") / "final_inspections.json").read_text(encoding="utf-8"))["templates"]
    return [one for one in ready if not set(classes).isdisjoint(one["work_classes"])]


def open_dealership(admin: Client, base_url: str, *, dealer: str, name: str, password: str) -> Dealership:
    """Register a dealer with staff, calendar, rates, prices and stock. What is there already from an earlier try stays."""
    registration = {
        "dealer": dealer,
        "name": name,
        "time_zone": TIME_ZONE,
        "currency": "CNY",
        "locale": "zh",
        "tax_mode": "inclusive",
    }
    _once(admin, "/dealers", registration)
    for who, held in STAFF.items():
        account = {
            "login": f"{dealer}.{who}",
            "name": NAMES[who],
            "password": password,
            "dealers": [{"dealer": dealer, "roles": held}],
        }
        _once(admin, "/accounts", account)
    opened = Dealership.sign_in(base_url, dealer, password)
    _set_up(opened)
    return opened


def _set_up(opened: Dealership) -> None:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    calendar = awaited(lambda: opened.manager.get("/calendar"), text("cli.demo.until_dealer_in_booking"))
    opened.manager.put(
        "/calendar",
        {
            "opening": [{"weekday": day, "opens": "08:30", "closes": "18:00"} for day in days],
            "capacity": [{"service_type": kind, "places": 4} for kind in ("maintenance", "diagnosis", "repair", "body")],
        },
        of=calendar,
    )
    settings = awaited(lambda: opened.manager.get("/workshop-settings"), text("cli.demo.until_dealer_in_workshop"))
    opened.manager.put(
        "/workshop-settings",
        {
            "labour_rate": {"amount": "260.00", "currency": "CNY"},
            "call_threshold": {"amount": "500.00", "currency": "CNY"},
            "bays": ["B1", "B2", "B3", "B4"],
        },
        of=settings,
    )
    intervals = [{"weekday": day, "begins": begins, "ends": ends, "legs": 1} for day in days for begins, ends in LEG_INTERVALS]
    opened.manager.put("/leg-settings", {"intervals": intervals}, of=opened.manager.get("/leg-settings"))
    opened.clerk.post("/price-lists", {"file": b64encode(PRICE_LIST.encode()).decode()})
    _once(opened.clerk, "/suppliers", SUPPLIER)
    [supplier] = [one for one in opened.clerk.get("/suppliers")["items"] if one["code"] == SUPPLIER["code"]]
    opened.clerk.post(f"/suppliers/{supplier['id']}/price-lists", {"file": b64encode(TERMS.encode()).decode()})
    opened.manager.post(f"/suppliers/{supplier['id']}/approve", {"reason": "厂家供货"})
    _once(
        opened.clerk,
        "/stock/receipts",
        {
            "reference": "OPENING-STOCK",
            "supplier": "opening stock",
            "lines": [
                {"part_number": number, "quantity": quantity, "unit_cost": {"amount": "30.00", "currency": "CNY"}}
                for number, quantity in STOCK.items()
            ],
        },
    )


def _once(client: Client, path: str, body: dict[str, Any]) -> None:
    try:
        client.post(path, body)
    except ProblemError as error:
        if error.status != 409:  # it is there already
            raise
