"""Stocktakes as they stand in a dealer's store."""

from chassis.wire.ids import new_id
from servicelane.dealership import Dealership

BOOKED, FOUND = "10", "8"


def counted(at: Dealership) -> str:
    """The address of a stocktake of one part, of which the clerk found less than the books say."""
    number = f"CLIP-{new_id()[-6:]}".upper()
    facts = {"name_zh": "卡扣", "name_en": "Clip", "unit": "个", "list_price": {"amount": "1.00", "currency": "CNY"}}
    at.clerk.post("/parts", {"part_number": number, **facts, "bin_location": number})
    lines = [{"part_number": number, "quantity": BOOKED, "unit_cost": facts["list_price"]}]
    at.clerk.post("/stock/receipts", {"reference": number, "supplier": "SVW", "lines": lines})
    path = f"/stocktakes/{at.clerk.post('/stocktakes', {'zone': number})['id']}"
    at.clerk.post(f"{path}/counts", {"lines": [{"code": number, "quantity": FOUND}]})
    return path


def settled(at: Dealership) -> str:
    """One of which somebody else found as much."""
    path = counted(at)
    [line] = at.technician.get(f"{path}/sheet")["items"]
    at.technician.post(f"{path}/counts", {"lines": [{"code": line["part_number"], "quantity": FOUND}]})
    return path
