"""Who the parts come from: a second supplier that has to be approved first (P1, P12)."""

from base64 import b64encode

from servicelane.simulation.house import House

TERMS = """零件号,进价,本店件号,货期
0 986 494 077,28.00,PAD-F-77,2
3 397 118 908,9.50,WIPER-24,2
"""


def sign_suppliers(house: House) -> None:
    """The eve: another supplier is registered, sends its price file, and is approved by the service manager with a reason."""
    told = {"code": "BOSCH", "name_zh": "博世汽车配件", "name_en": "Bosch Automotive Aftermarket", "lead_time_days": 2}
    supplier = house.clerk.post("/suppliers", told)
    path = f"/suppliers/{supplier['id']}"
    report = house.clerk.post(f"{path}/price-lists", {"file": b64encode(TERMS.encode()).decode()})
    house.saw("P1", report["imported"])
    house.saw("P12", not supplier["approved"])
    house.saw("P12", house.manager.post(f"{path}/approve", {"reason": "样件检验合格"})["approved"])
