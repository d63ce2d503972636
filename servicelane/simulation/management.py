"""The service manager's day: the lane is relieved, floor and desk are looked at, figures are read (W1, W22, B2, B8, G1-G5)."""

from servicelane.client import ProblemError
from servicelane.simulation import promising
from servicelane.simulation.agenda import Story
from servicelane.simulation.certificates import look_at_what_expires
from servicelane.simulation.house import Found, House
from servicelane.simulation.teams import look_at_who_is_there

ROUND_MINUTES = 25
CAUSES = (("arrivals_at_once", 2), ("walk_ins", 1), ("advisors_short", 1), ("reception_slow", 1))


def rounds(house: House) -> Story:
    """Through the day somebody looks at the lane, and relieves it where it has escalated."""
    yield max(house.now, house.at(8, 50))
    today = house.today
    while house.today == today:
        lane = house.manager.get("/lane")
        for alert in lane["alerts"]:
            _relieve(house, lane, alert)
        yield house.later(ROUND_MINUTES)


def _relieve(house: House, lane: Found, alert: Found) -> None:
    waiting = [car for car in lane["cars"] if car["position"] is None] or lane["cars"]
    relief: Found = {"relief": "none_needed"}
    if waiting and alert["trigger"] != "guard":
        relief = {"relief": "parking", "lane_car_id": waiting[-1]["id"], "place": "P-3"}
        lane["cars"].remove(waiting[-1])
    told = {**relief, "lane_cause": house.draw("cause", CAUSES), "measure": "高峰期加派接待"}
    relieved = house.manager.post(f"/lane/alerts/{alert['id']}/relieve", told)
    house.saw("W1", relieved["relieved_at"] and relieved["trigger"] == alert["trigger"])


def alarm(house: House) -> Story:
    """The guard sees the lane stuck."""
    yield max(house.now, house.at(9, 20))
    house.saw("W1", house.staff("guard").post("/lane/alerts", {"note": "车排到门口了"})["trigger"] == "guard")


def look_at_the_day(house: House) -> Story:
    """The desk and the floor at half past ten, each in one answer."""
    yield max(house.now, house.at(10, 30))
    plan = house.manager.get("/day-plan")
    house.saw("B2", plan["places"] and plan["hours"])
    house.saw("B6", any(tag["tag"] == "booked" for tag in plan["tags"]))
    fortnight = house.agent.get("/fortnight")
    house.saw("B3", any(one["items"] for one in fortnight["offers"]))
    board = house.foreman.get("/board")
    house.saw("W22", board["bays"] and board["technicians"])
    house.saw("W22", house.foreman.get("/work-orders", sort="promised_at", limit=5)["items"])
    promising.tell_who_is_due(house)
    house.saw("W10", any(one["at_risk"] for one in board["orders"]))
    look_at_what_expires(house)
    look_at_who_is_there(house)
    house.saw("G5", not house.manager.get("/attention")["missing"])


def close_the_day(house: House) -> Story:
    """The figures of the day, and whether the books agree."""
    yield max(house.now, house.at(17, 50))
    manager = house.manager
    report = manager.get("/daily-report")
    house.saw("W22", report["revenue"] and report["shop"]["arrivals"]["count"] and not report["missing"])
    house.saw("B8", manager.get("/booking-conversion")["total"]["booked"])
    manager.get("/lane/analysis")
    house.saw("W11", manager.get("/workshop-quality")["total"]["first_time_pass"] is not None)
    briefing = house.staff("director").get("/briefing")
    house.saw("B6", briefing["told_at"] and all(one["told_at"] for one in briefing["cars"]))
    promising.tell_who_is_due(house)
    house.saw("W18", manager.get("/promise-figures")["promised"])
    risky = manager.get("/work-orders", at_risk="true")["items"]
    house.saw("W10", risky and manager.get(f"/work-orders/{risky[0]['id']}/promise")["risks"])
    house.saw("P8", manager.get("/open-core-charges")["items"])
    house.saw("G5", manager.get("/reconciliation")["consistent"])
    closed = house.advisor.get("/work-orders", status="closed", limit=1)["items"]
    if not closed:
        return
    timeline = house.advisor.get(f"/work-orders/{closed[0]['id']}/timeline")
    types = [one["type"] for one in timeline["events"]]
    house.saw("G3", not timeline["missing"] and any(one["causation_id"] for one in timeline["events"]))
    house.saw("B5", "booking.appointment.reminder_due" in types)
    vin = house.advisor.get(f"/work-orders/{closed[0]['id']}")["vehicle"]["vin"]
    for other in house.others:
        history = other.advisor.get("/vehicle-history", vin=vin)["items"]
        house.saw("W22", history and not any(one["work_order_id"] for one in history if one["dealer"] == house.dealer))
        house.saw("G1", _hidden(other, f"/work-orders/{closed[0]['id']}"))


def _hidden(house: House, path: str) -> bool:
    """Whether what is another dealer's looks here like something absent."""
    try:
        house.advisor.get(path)
    except ProblemError as error:
        return error.status == 404
    return False
