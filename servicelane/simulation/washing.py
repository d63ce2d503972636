"""The wash of cars whose customers want it: before or after the final inspection, or skipped with a reason (W12)."""

from servicelane.simulation.agenda import Story
from servicelane.simulation.visit import Visit


def first(visit: Visit) -> Story:
    """Some are washed before the inspection: until then nobody passes them."""
    house = visit.house
    if not visit.wants_wash or not house.one_in(4, "wash_first"):
        return
    timed = house.advisor.post(f"{visit.path}/wash/time", {"wash_timing": "before_check"})
    house.saw("W12", timed["state"] == "due")
    house.saw("W12", house.refused("wash_due", house.staff("inspector"), f"{visit.path}/check-quality", {"passed": True}))
    yield from _washed(visit)


def afterwards(visit: Visit) -> Story:
    """The others are washed once they have passed, and are not ready before; now and then there is no time for it."""
    house = visit.house
    if not visit.wants_wash:
        return
    state = house.advisor.get(f"{visit.path}/wash")["state"]
    if state != "due":
        return
    house.saw("W12", house.refused("wash_due", house.staff("inspector"), f"{visit.path}/ready", {}))
    if house.one_in(5, "no_time_to_wash"):
        skipped = house.advisor.post(f"{visit.path}/wash/skip", {"reason": "客户赶时间，下次再洗"})
        house.saw("W12", skipped["state"] == "skipped")
    else:
        yield from _washed(visit)


def _washed(visit: Visit) -> Story:
    house = visit.house
    house.staff("washer").post(f"{visit.path}/wash/begin")
    yield house.later(12)
    done = house.staff("washer").post(f"{visit.path}/wash/end", {"parking_place": "P-3"})
    house.saw("W12", done["state"] == "done" and done["signature"]["verified"])
