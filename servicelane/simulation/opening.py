"""Opening the group and its dealers for simulated days: what is published, who works there, what lies in the store."""

from base64 import b64encode

from contracts import roles
from servicelane.client import Client
from servicelane.dealership import GROUPS, OPERATIONS, final_templates, open_dealership, open_group
from servicelane.simulation import electric
from servicelane.simulation.certificates import NEEDED_BY, SKILL, certify_the_workshop
from servicelane.simulation.equipment import ALL_BAYS, furnish
from servicelane.simulation.house import TECHNICIANS, House
from servicelane.simulation.purchasing import sign_suppliers
from servicelane.simulation.teams import form_team

SECOND_LEVEL = {
    "operation_code": "MNT-SECOND",
    "name_zh": "二级维护",
    "name_en": "Second-level maintenance",
    "hours": "0.30",
    "work_class": "second_level",
}
"""Found beside the work, now and then: its final inspection has sixteen points."""

CLASSES = {"MNT-OIL": "first_level", "BRK-PAD-F": "minor", "BRK-DISC-F": "minor", "MNT-SECOND": "second_level"}
"""The classes of work by operation: the same group again within the class's warranty is a comeback."""

INSTRUCTION = {"steps": "1. 热机后举升，放尽旧机油。2. 更换机滤，密封圈涂油。3. 加注规定油量，检查无渗漏。"}
PAINT = {"operation_code": "PAINT-1", "name_zh": "钣件喷漆", "name_en": "Paint a panel", "hours": "1.00", "painting": True}

TYRES = "tyres"
PLACES = {"maintenance": 2, "diagnosis": 1, "repair": 1, "body": 1, TYRES: 1}

MORE_PARTS = """part_number,name_zh,name_en,unit,list_price,source,abc_class,core_charge,successor
STARTER-1,起动机,Starter motor,pc,1280.00,genuine,B,200.00,
FLT-OIL-2,机油滤清器,Oil filter,pc,60.00,genuine,A,,
FLT-OIL-1,机油滤清器,Oil filter,pc,58.00,genuine,A,,FLT-OIL-2
"""
MORE_STOCK = {"OIL-5W30": "400", "FLT-OIL-1": "30", "FLT-OIL-2": "60", "PAD-F-77": "30", "STARTER-1": "6", "DISC-F-77": "2"}


def open_group_of(admin: Client) -> None:
    """Publish what the whole group shares: operations with their groups and classes, coefficients, the inspection."""
    open_group(admin)
    grouped = [
        {
            **one,
            "operation_group": GROUPS[one["operation_code"]],
            "work_class": CLASSES[one["operation_code"]],
            "instruction": INSTRUCTION,
        }
        for one in OPERATIONS
    ]
    skilled = {"skills": [SKILL], "inspection_skills": [SKILL]}
    published = [{**one, **skilled} if one["operation_code"] in NEEDED_BY else one for one in grouped]
    battery = {**electric.OPERATION, "high_voltage": True, "work_class": "assembly"}
    admin.post("/operations", {"operations": [*published, battery, SECOND_LEVEL, PAINT]})
    admin.post("/inspection-templates", {"templates": final_templates("minor")})
    admin.post("/inspection-templates", {"templates": final_templates("minor")})


def open_house(admin: Client, base_url: str, house: House, *, name: str, password: str) -> None:
    """Register a dealer with more technicians than the demo's, a type of service of its own, few places, more in the store."""
    open_dealership(admin, base_url, dealer=house.dealer, name=name, password=password)
    for who in TECHNICIANS[1:]:
        admin.post(
            "/accounts",
            {
                "login": house.login(who),
                "name": f"技师 {who[-1]}",
                "password": password,
                "dealers": [{"dealer": house.dealer, "roles": [roles.TECHNICIAN]}],
            },
        )
    director = {"login": house.login("director"), "name": "技术总监", "password": password}
    admin.post("/accounts", {**director, "dealers": [{"dealer": house.dealer, "roles": [roles.TECHNICAL_DIRECTOR]}]})
    house.saw("G0", admin.get(f"/dealers/{house.dealer}")["time_zone"])
    _set_calendar(house)
    settings = house.manager.get("/workshop-settings")
    again = {name: settings[name] for name in ("labour_rate", "call_threshold")}
    warranty = {"payer": "warranty", "labour_rate": {"amount": "210.00", "currency": "CNY"}}
    house.manager.put("/workshop-settings", {**again, "bays": list(ALL_BAYS), "payer_rates": [warranty]}, of=settings)
    settings = house.manager.get("/workshop-settings")
    price = {"price": {"amount": "320.00", "currency": "CNY"}}
    house.manager.put("/menu-prices/MNT-OIL", price, of=settings)
    house.saw("P1", house.clerk.post("/price-lists", {"file": b64encode(MORE_PARTS.encode()).decode()})["created"])
    house.manager.post(
        "/loaners", {"plate": f"沪L·L{house.number:04d}", "make": "Volkswagen", "model": "Polo", "mileage": 12_000}
    )
    if house.number == 1:
        _certify_brakes(house)
    sign_suppliers(house)
    furnish(house)
    house.settle()
    certify_the_workshop(house)
    electric.certify(house)
    form_team(house)
    receive(house, MORE_STOCK, "OPENING-2")


def receive(house: House, parts: dict[str, str], reference: str) -> None:
    """The store gets parts from its supplier."""
    cost = {"amount": "30.00", "currency": "CNY"}
    lines = [{"part_number": number, "quantity": quantity, "unit_cost": cost} for number, quantity in parts.items()]
    receipt = house.clerk.post("/stock/receipts", {"reference": reference, "supplier": "the factory", "lines": lines})
    house.saw("P4", len(receipt["lines"]) == len(parts))


def _set_calendar(house: House) -> None:
    calendar = house.manager.get("/calendar")
    changed = {
        "opening": calendar["opening"],
        "capacity": [{"service_type": kind, "places": places} for kind, places in PLACES.items()],
        "no_show_deposit": {"amount": "200.00", "currency": "CNY"},
        "service_types": [{"service_type": TYRES, "name_zh": "轮胎", "name_en": "Tyres"}],
    }
    house.saw("B12", house.manager.put("/calendar", changed, of=calendar)["service_types"])


def _certify_brakes(house: House) -> None:
    """This dealer delivers special repairs with a completion certificate, too (W32)."""
    settings = house.manager.get("/delivery-settings")
    certified = {"certified_classes": ["assembly", "overhaul", "second_level", "special"]}
    house.manager.put("/delivery-settings", certified, of=settings)
