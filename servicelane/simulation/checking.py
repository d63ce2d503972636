"""The checks of a car: a team's by its leader, each by somebody who did none of the work; what fails goes back (W11)."""

from servicelane.dealership import final_templates
from servicelane.simulation import washing
from servicelane.simulation.agenda import Story
from servicelane.simulation.equipment import PAD_GAUGE
from servicelane.simulation.house import Found
from servicelane.simulation.opening import CLASSES
from servicelane.simulation.shop_floor import do_again
from servicelane.simulation.visit import Visit


def inspect(visit: Visit) -> Story:
    """The inspector looks at the car; one in six goes back to work first. Then it is ready."""
    house = visit.house
    yield house.later(6)
    yield from washing.first(visit)
    if visit.order["team_name"]:
        _by_its_leader(visit)
    if not house.one_in(6, "rework"):
        _pass(visit)
    else:
        yield from _rework(visit)
    yield from washing.afterwards(visit)
    visit.do(house.staff("inspector"), "ready")
    house.saw("W14", visit.order["status"] == "ready")
    preview = house.advisor.get(f"{visit.path}/settlement")
    house.saw("L3", not preview["final"] and preview["lines"])


def passing(visit: Visit) -> Found:
    """The car is as its walk-around says; one in fifteen has a scratch that nobody had seen. All that is measured is in order."""
    new = [{"panel": "boot_lid", "damage": "scratch"}] if visit.house.one_in(15, "scratched_here") else []
    before = [panel for panel in visit.order["to_compare"] if panel not in {one["panel"] for one in new}]
    return {"passed": True, "as_before": before, "new_damages": new, "results": _results(visit)}


def _results(visit: Visit) -> list[Found]:
    """By the templates of the classes of its work; each value is at its limit, in mm by a gauge."""
    done = {line["operation_code"] for line in visit.lines("labour", "approved")}
    classes = {CLASSES[code] for code in done if code in CLASSES}
    found: list[Found] = []
    for sheet in final_templates(*classes):
        for item in sheet["final_items"]:
            told = {"template_code": sheet["template_code"], "item_code": item["item_code"]}
            if "unit" not in item:
                found.append({**told, "in_order": True})
                continue
            gauge = {"gauge": PAD_GAUGE} if item["unit"] == "mm" else {}
            found.append({**told, "value": item.get("lowest") or item["highest"], **gauge})
    return found


def _by_its_leader(visit: Visit) -> None:
    """A team's car is checked by its leader first."""
    house = visit.house
    path = f"{visit.path}/check-quality"
    house.saw("W11", house.refused("team_check_missing", house.staff("inspector"), path, passing(visit)))
    visit.do(house.foreman, "team-check", {"passed": True})
    house.saw("W11", visit.order["team_checked_by"] == house.login("foreman"))


def _pass(visit: Visit) -> None:
    house = visit.house
    found = passing(visit)
    at = next((at for at, one in enumerate(found["results"]) if one["item_code"] in ("S12", "TIGHT")), None)
    if at is not None and house.one_in(5, "out_of_limits"):
        wrong = {"value": "1.2"} if "value" in found["results"][at] else {"in_order": False}
        told = [{**one, **wrong} if index == at else one for index, one in enumerate(found["results"])]
        path = f"{visit.path}/check-quality"
        house.saw("W28", house.refused("invalid", house.staff("inspector"), path, {**found, "results": told}))
    road_asked(visit, found)
    visit.do(house.staff("inspector"), "check-quality", found)
    house.saw("W28", found["results"])
    house.saw("W11", visit.order["quality_passed_by"])


def road_asked(visit: Visit, found: Found) -> None:
    """One customer in eight asks for a road test: without it the car does not pass."""
    house, mileage = visit.house, visit.car.mileage
    if not house.one_in(8, "road_test_asked"):
        return
    house.advisor.post(f"{visit.path}/ask-for-road-test", {"reason": "客户反映低速有异响"})
    house.saw("W11", house.refused("road_test_due", house.staff("inspector"), f"{visit.path}/check-quality", found))
    drive = {"route": "外环一圈", "mileage_before": mileage, "mileage_after": mileage + 3}
    told = {**drive, "driven_by": house.login("inspector"), "findings": "无异响"}
    driven = house.staff("inspector").post(f"{visit.path}/road-tests", told)
    visit.car.mileage = mileage + 3
    house.saw("W11", driven["road_test_due"] is False)


def _rework(visit: Visit) -> Story:
    """What was done is done anew, by the same technician when they are free, and inspected again."""
    house = visit.house
    lines = [line["line_id"] for line in visit.lines("labour", "approved")][:1]
    failed = {"passed": False, "findings": "螺栓未按力矩拧紧", "rework_cause": "workmanship", "rework_line_ids": lines}
    visit.do(house.staff("inspector"), "check-quality", failed)
    house.saw("W11", visit.order["rework_count"] == 1 and visit.order["status"] == "dispatched")
    yield from do_again(visit, lines, 12)
    yield house.later(6)
    _pass(visit)
