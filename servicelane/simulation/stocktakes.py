"""A shelf is counted every day, and less of it lies there than the books say: frozen, counted twice, approved (P6, P14)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import Found, House

CLIP, LABEL, SHELF, BOUGHT = "CLIP-8", "6901234567892", "K-01", 100
"""What no car of these days gets, so that nobody waits for a bin that is frozen."""


def day_of_counting(house: House, day: int) -> Story:
    """The clerk counts by scanning; a technician counts again what differs, and the service manager approves it."""
    yield max(house.now, house.at(13, 10))
    if day == 1:
        _buy(house)
    stocktake = house.clerk.post("/stocktakes", {"zone": SHELF.partition("-")[0]})
    path = f"/stocktakes/{stocktake['id']}"
    house.saw("P6", house.refused("bin_frozen", house.clerk, "/stock/receipts", _receipt(f"K-{day}")))
    found = {"code": LABEL, "quantity": str(BOUGHT - day)}
    batch = {"batch": f"{stocktake['number']}-1", "lines": [found]}
    house.saw("P14", house.clerk.post(f"{path}/counts", batch)["items"][0]["part_number"] == CLIP)
    again = house.clerk.post(f"{path}/counts", batch)  # a phone that had no answer sends it once more
    house.saw("P6", again["left"] == 1)
    house.saw("P6", house.refused("counted_by_you", house.clerk, f"{path}/counts", {"lines": [found]}))
    yield house.later(20)
    technician = house.staff("technician")
    house.saw("P6", [line["again"] for line in technician.get(f"{path}/sheet")["items"]] == [True])
    technician.post(f"{path}/counts", {"lines": [found]})
    house.saw("P6", house.refused("approver_counted", house.clerk, f"{path}/approve", {}))
    house.saw("P6", house.manager.post(f"{path}/approve")["differing"] == 1)
    house.saw("P6", house.clerk.get("/parts/lookup", part_number=CLIP)["in_bin"] == f"{BOUGHT - day}.000")


def _buy(house: House) -> None:
    price = {"amount": "2.00", "currency": "CNY"}
    part = {"part_number": CLIP, "name_zh": "卡扣", "name_en": "Clip", "unit": "个", "list_price": price}
    house.clerk.post("/parts", {**part, "barcode": LABEL, "bin_location": SHELF})
    house.clerk.post("/stock/receipts", _receipt("K-0", str(BOUGHT)))


def _receipt(reference: str, quantity: str = "1") -> Found:
    cost = {"amount": "1.00", "currency": "CNY"}
    return {"reference": reference, "supplier": "SVW", "lines": [{"part_number": CLIP, "quantity": quantity, "unit_cost": cost}]}
