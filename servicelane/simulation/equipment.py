"""Equipment and tools: an overdue lift that blocks its bay until it is serviced, gauges, a tool that is signed for (W21)."""

from datetime import timedelta

from servicelane.simulation.agenda import Story
from servicelane.simulation.house import BAYS, Found, House
from servicelane.simulation.visit import Visit

LIFT_BAY = "B5"
"""A bay more than work is sent to: its lift is overdue on the first days."""
ALL_BAYS = (*BAYS, LIFT_BAY)
PAD_GAUGE, OLD_GAUGE, VOLTMETER, TOOL = "G-1", "G-0", "V-1", "T-1"


def furnish(house: House) -> None:
    """What stands in the shop on the eve: a lift and a gauge are overdue tomorrow, another gauge is due soon."""
    for code, kind, name, days, more in (
        ("L-5", "lift", "双柱举升机", 0, {"bay": LIFT_BAY}),
        (PAD_GAUGE, "gauge", "数显卡尺", 300, {"units": ["mm"]}),
        (OLD_GAUGE, "gauge", "游标卡尺", 0, {"units": ["mm"]}),
        (VOLTMETER, "gauge", "万用表", 10, {"units": ["V"]}),
        (TOOL, "tool", "扭力扳手", 90, {}),
    ):
        due_on = (house.today + timedelta(days=days)).isoformat()
        one = house.manager.post("/equipment", {"code": code, "kind": kind, "name": name, "due_on": due_on, **more})
        if code == TOOL:
            house.idle["tool"] = [one["id"]]


def day_of_equipment(house: House) -> Story:
    """What is due or overdue is looked at; on the third day the lift firm comes, and the bay is free again."""
    yield max(house.now, house.at(16, 10))
    due = house.foreman.get("/equipment", due="true")["items"]
    house.saw("W21", any(one["condition"] == "due_soon" for one in due))
    lift = next((one for one in due if one["kind"] == "lift" and one["condition"] == "overdue"), None)
    if lift is None or house.now.weekday() < 2:
        return
    done = {
        "serviced_on": house.today.isoformat(),
        "serviced_by": "安捷举升机维保",
        "result": "adjusted",
        "due_on": (house.today + timedelta(days=365)).isoformat(),
    }
    house.saw("W21", house.foreman.post(f"/equipment/{lift['id']}/services", done)["condition"] == "in_order")


def try_blocked_bay(visit: Visit) -> None:
    """Somebody sends a car to the bay of the overdue lift, and is told why not."""
    house = visit.house
    if not house.one_in(4, "blocked_bay"):
        return
    bay = next(one for one in house.foreman.get("/board")["bays"] if one["bay"] == LIFT_BAY)
    if bay["blocked_by"]:
        sent = {"technician": house.login(visit.technician), "bay": LIFT_BAY}
        house.saw("W21", house.refused("bay_blocked", house.foreman, f"{visit.path}/dispatch", sent))


def measured_with(visit: Visit, path: str, measured: Found) -> None:
    """A gauge that is overdue takes no value."""
    house = visit.house
    wrong = [{**one, "gauge": OLD_GAUGE} if one["gauge"] == PAD_GAUGE else one for one in measured["values"]]
    told = {**measured, "values": wrong}
    house.saw("W21", house.refused("gauge_overdue", house.staff(visit.technician), path, told))


def borrow(visit: Visit) -> None:
    """The technician signs for the torque wrench, if it is here; nobody else gets it meanwhile."""
    house = visit.house
    if not house.idle["tool"]:
        return
    tool = house.idle["tool"].pop()
    path, who = f"/equipment/{tool}/lend", house.login(visit.technician)
    signature = {"means": "typed", "name": who}
    visit.tool = house.foreman.post(path, {"borrower": who, "work_order_id": visit.order["id"], "signature": signature})
    house.saw("W21", visit.tool["signature"]["verified"])
    house.saw("W21", house.refused("tool_lent", house.foreman, path, {"borrower": who, "signature": signature}))


def give_back(visit: Visit) -> None:
    """It is here again, for whoever needs it next."""
    if visit.tool is None:
        return
    house = visit.house
    house.saw("W21", house.foreman.post(f"/tool-loans/{visit.tool['id']}/return")["returned_at"])
    house.idle["tool"].append(visit.tool["equipment_id"])
    visit.tool = None
