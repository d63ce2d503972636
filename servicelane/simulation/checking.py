"""The final inspection: by somebody who did none of the work; what fails goes back (W11)."""

from servicelane.simulation import washing
from servicelane.simulation.agenda import Story
from servicelane.simulation.shop_floor import do_again
from servicelane.simulation.visit import Visit


def inspect(visit: Visit) -> Story:
    """The inspector looks at the car; one in six goes back to work first. Then it is ready."""
    house = visit.house
    yield house.later(6)
    yield from washing.first(visit)
    if not house.one_in(6, "rework"):
        _pass(visit)
    else:
        yield from _rework(visit)
    yield from washing.afterwards(visit)
    visit.do(house.staff("inspector"), "ready")
    house.saw("W14", visit.order["status"] == "ready")
    preview = house.advisor.get(f"{visit.path}/settlement")
    house.saw("L3", not preview["final"] and preview["lines"])


def _pass(visit: Visit) -> None:
    house = visit.house
    visit.do(house.staff("inspector"), "check-quality", {"passed": True})
    house.saw("W11", visit.order["quality_passed_by"])


def _rework(visit: Visit) -> Story:
    """What was done is done anew, by the same technician when they are free, and inspected again."""
    house = visit.house
    lines = [line["line_id"] for line in visit.lines("labour", "approved")][:1]
    failed = {"passed": False, "findings": "螺栓未按力矩拧紧", "rework_line_ids": lines}
    visit.do(house.staff("inspector"), "check-quality", failed)
    house.saw("W11", visit.order["rework_count"] == 1 and visit.order["status"] == "dispatched")
    yield from do_again(visit, lines, 12)
    yield house.later(6)
    _pass(visit)
