"""What has a clock at parts: brought to where it begins to run."""

from itertools import count

from tests.faults.orders import Desk

_next = count(1)


def counted(desk: Desk) -> str:
    """A bin that is counted: its own, because one is counted once at a time."""
    number, price = f"CLIP-{next(_next)}", {"amount": "1.00", "currency": "CNY"}
    facts = {"name_zh": "卡扣", "name_en": "Clip", "unit": "个", "list_price": price, "bin_location": number}
    desk.client.post("/parts", {"part_number": number, **facts})
    lines = [{"part_number": number, "quantity": "1", "unit_cost": price}]
    desk.client.post("/stock/receipts", {"reference": number, "supplier": "SVW", "lines": lines})
    return str(desk.client.post("/stocktakes", {"zone": number})["id"])
