"""Where parts come from: a second supplier that is approved first, orders that come in part and late (P1, P4, P12, P14)."""

from base64 import b64encode
from datetime import timedelta

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import Found, House

TERMS = """零件号,进价,本店件号,货期
0 986 494 077,28.00,PAD-F-77,2
3 397 118 908,9.50,WIPER-24,2
"""


def sign_suppliers(house: House) -> None:
    """The eve: another supplier is registered, sends its price file, and is approved by the service manager with a reason."""
    told = {"code": "BOSCH", "name_zh": "博世汽车配件", "name_en": "Bosch Automotive Aftermarket", "lead_time_days": 2}
    supplier = house.clerk.post("/suppliers", told)
    path = f"/suppliers/{supplier['id']}"
    lines: list[dict[str, object]] = [
        {"part_number": "PAD-F-77", "quantity": "4", "unit_price": {"amount": "28.00", "currency": "CNY"}}
    ]
    house.saw("P12", house.refused("supplier_not_approved", house.clerk, "/purchase-orders", _order(supplier, lines)))
    report = house.clerk.post(f"{path}/price-lists", {"file": b64encode(TERMS.encode()).decode()})
    house.saw("P1", report["imported"])
    house.saw("P12", not supplier["approved"])
    house.saw("P12", house.manager.post(f"{path}/approve", {"reason": "样件检验合格"})["approved"])


def day_of_orders(house: House, day: int) -> Story:
    """The clerk orders wipers; the supplier is late every other day, brings some of them damaged, and the rest the next time."""
    yield max(house.now, house.at(10, 20))
    [supplier] = [one for one in house.clerk.get("/suppliers")["items"] if one["code"] == "BOSCH"]
    for one in house.clerk.get("/order-proposals")["suppliers"]:
        drafted = house.clerk.post(f"/suppliers/{one['supplier_id']}/proposed-order")
        house.saw("P4", len(drafted["lines"]) == len(one["lines"]))
    _keep(house)
    order = house.clerk.post("/purchase-orders", _order(supplier, [{"part_number": "WIPER-24", "quantity": "6"}]))
    path = f"/purchase-orders/{order['id']}"
    house.clerk.post(f"{path}/approve")
    sent = house.clerk.post(f"{path}/send")
    house.saw("P4", sent["expected_on"] == (house.today + timedelta(days=2)).isoformat())
    yield house.later(45)
    if day % 2:
        late = (house.today + timedelta(days=4)).isoformat()
        house.saw("P4", house.clerk.post(f"{path}/expect", {"expected_on": late})["expected_on"] == late)
    over = {"reference": f"{order['number']}-0", "lines": [{"line_number": 1, "accepted": "7"}]}
    house.saw("P4", house.refused("over_receipt", house.clerk, f"{path}/receipts", over))
    brought = {"line_number": 1, "accepted": "4", "damaged": "1", "wrong_part": "1"}
    house.clerk.post(f"{path}/receipts", {"reference": f"{order['number']}-1", "lines": [brought]})
    house.saw("P4", house.clerk.get(path)["state"] == "partly_received")
    house.saw("P14", house.clerk.get("/parts/lookup", part_number="wiper 24")["part_number"] == "WIPER-24")
    yield house.later(60)
    if day % 3 == 2:
        house.saw("P4", house.clerk.post(f"{path}/cancel", {"reason": "厂家停产"})["lines"][0]["given_up"] == "2.000")
        return
    rest = {"reference": f"{order['number']}-2", "lines": [{"line_number": 1, "accepted": "2"}]}
    house.clerk.post(f"{path}/receipts", rest)
    house.saw("P4", house.clerk.get(path)["state"] == "received")


def _keep(house: House) -> None:
    """The clerk keeps more discs than there are by hand: an hour later they are on the list of what ran low (P4)."""
    house.clerk.post("/stock-levels", {"part_number": "DISC-F-77", "reorder_point": "900", "order_up_to": "900"})
    wanted = [line for one in house.clerk.get("/order-proposals")["suppliers"] for line in one["lines"]]
    house.saw("P4", any(line["part_number"] == "DISC-F-77" and line["by_hand"] for line in wanted))
    house.clerk.post("/stock-levels/drop", {"part_number": "DISC-F-77"})
    house.saw("P4", house.clerk.get("/low-parts")["items"])


def _order(supplier: Found, lines: list[dict[str, object]]) -> dict[str, object]:
    return {"supplier_id": supplier["id"], "lines": lines}
