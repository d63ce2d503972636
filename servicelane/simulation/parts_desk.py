"""The parts desk: what is approved is handed out, what was not needed comes back; the store (P1-P6, P8)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import House
from servicelane.simulation.opening import receive
from servicelane.simulation.visit import Visit


def hand_out(visit: Visit) -> None:
    """The reserved parts go to the technician, who signs."""
    house = visit.house
    if not visit.lines("part", "approved"):
        return
    house.settle()
    reservation = house.clerk.get(f"{visit.path}/reservation")
    lines = [one for one in reservation["lines"] if one["approved"] and one["reserved"] not in ("0", "0.000")]
    house.saw("P3", lines)
    if lines:
        handed = [{"line_id": one["line_id"], "quantity": one["reserved"]} for one in lines]
        slip = house.clerk.post(f"{visit.path}/issues", {**_signed(visit), "lines": handed})
        house.saw("P3", slip["kind"] == "issue" and slip["signature"]["verified"])


def take_back(visit: Visit) -> None:
    """Half a litre of oil was not needed: it comes back, and is not billed."""
    house = visit.house
    oil = [line for line in visit.lines("part", "approved") if line["part_number"] == "OIL-5W30" and not line["installed"]]
    if not oil or not house.one_in(4, "left_over"):
        return
    line = oil[0]["line_id"]
    visit.do(house.staff(visit.technician), f"lines/{line}/record-installed", {"quantity": "4.0"})
    house.settle()
    back = {**_signed(visit), "lines": [{"line_id": line, "quantity": "0.5"}]}
    slip = house.clerk.post(f"{visit.path}/returns", back)
    house.saw("P3", slip["kind"] == "return" and slip["signature"]["verified"])


def day_of_store(house: House, day: int) -> Story:
    """The clerk looks who waits for parts, receives what is short, corrects a record, and sends back what came wrong."""
    yield max(house.now, house.at(9, 10))
    _order_for_a_car(house, day)
    short = {one["part_number"] for waiting in house.clerk.get("/short-parts")["items"] for one in waiting["lines"]}
    receive(house, {**dict.fromkeys(sorted(short), "20"), "OIL-5W30": "40", "FLT-OIL-2": "10", "PAD-F-77": "10"}, f"DAY-{day}")
    part = house.clerk.get("/parts/lookup", part_number="FLT-OIL-1")
    house.saw("P1", len(part["chain"]) > 1)
    ledger = house.clerk.get("/stock/moves", part_number="PAD-F-77")["items"]
    house.saw("P2", ledger)
    yield house.later(90)
    correction = {
        "part_number": "WIPER-24",
        "quantity": "1",
        "from_location": "discrepancy",
        "to_location": "bin",
        "reason": "盘点",
    }
    house.saw("P6", house.clerk.post("/stock/corrections", correction)["kind"] == "corrected")
    wrong = {"part_number": "DISC-F-77", "quantity": "2", "unit_cost": {"amount": "30.00", "currency": "CNY"}}
    receipt = house.clerk.post("/stock/receipts", {"reference": f"WRONG-{day}", "supplier": "the factory", "lines": [wrong]})
    undone = house.clerk.post(f"/stock/receipts/{receipt['id']}/undo", {"reason": "送错了"})
    house.saw("P4", undone["undone_at"])


def _order_for_a_car(house: House, day: int) -> None:
    """What the first order waits for is ordered for it alone; it comes the same day, and the customer is to be called (P5)."""
    waiting = house.clerk.get("/order-parts")["items"]
    suppliers = house.clerk.get("/suppliers", approved="true")["items"]
    if not waiting or not suppliers:
        return
    part = waiting[0]
    price = {"amount": "28.00", "currency": "CNY"}
    wanted = {"supplier_id": suppliers[0]["id"], "quantity": "20", "unit_price": price}
    order = house.clerk.post(f"/order-parts/{part['id']}/purchase-order", wanted)
    house.saw("P5", order["lines"][0]["ordered_for"] == part["id"])
    path = f"/purchase-orders/{order['id']}"
    house.manager.post(f"{path}/approve")
    house.clerk.post(f"{path}/send")
    expected = [one for one in house.clerk.get("/order-parts")["items"] if one["id"] == part["id"]]
    house.saw("P5", expected and expected[0]["purchase_order_id"] == order["id"])
    came = {"reference": f"FOR-{day}", "lines": [{"line_number": 1, "accepted": "20"}]}
    house.clerk.post(f"{path}/receipts", came)
    house.settle()
    here = house.clerk.get("/order-parts", state="here", work_order_id=part["work_order_id"])["items"]
    house.saw("P5", any(one["id"] == part["id"] for one in here))
    calls = house.agent.get("/calls", kind="call_back", state="open", customer_id=part["customer_id"])["items"]
    house.saw("P5", any(part["part_number"] in (one["about"] or "") for one in calls))


def old_part_back(visit: Visit) -> None:
    """The old starter is brought back for its core charge."""
    house = visit.house
    for line in visit.lines("part", "approved"):
        if line["part_number"] == "STARTER-1" and not line["returned"]:
            visit.do(house.clerk, f"lines/{line['line_id']}/receive-old-part", {"quantity": "1"})
            house.saw("P8", any(one["returned"] for one in visit.order["lines"]))


def _signed(visit: Visit) -> dict[str, object]:
    house = visit.house
    return {"technician": house.login(visit.technician), "signature": {"means": "typed", "name": visit.technician}}
