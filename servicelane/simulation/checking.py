"""The checks of a car: a team's by its leader, each by somebody who did none of the work; what fails goes back (W11)."""

from servicelane.simulation import washing
from servicelane.simulation.agenda import Story
from servicelane.simulation.house import Found
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
    """The car is as its walk-around says; one in fifteen has a scratch that nobody had seen."""
    new = [{"panel": "boot_lid", "damage": "scratch"}] if visit.house.one_in(15, "scratched_here") else []
    before = [panel for panel in visit.order["to_compare"] if panel not in {one["panel"] for one in new}]
    return {"passed": True, "as_before": before, "new_damages": new}


def _by_its_leader(visit: Visit) -> None:
    """A team's car is checked by its leader first."""
    house = visit.house
    path = f"{visit.path}/check-quality"
    house.saw("W11", house.refused("team_check_missing", house.staff("inspector"), path, passing(visit)))
    visit.do(house.foreman, "team-check", {"passed": True})
    house.saw("W11", visit.order["team_checked_by"] == house.login("foreman"))


def _pass(visit: Visit) -> None:
    house = visit.house
    visit.do(house.staff("inspector"), "check-quality", passing(visit))
    house.saw("W11", visit.order["quality_passed_by"])


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
