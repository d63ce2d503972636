"""Road tests; and after a comeback the customer drives the car, and says whether it is fixed (W26)."""

from servicelane.simulation import equipment
from servicelane.simulation.agenda import Story
from servicelane.simulation.checking import passing
from servicelane.simulation.shop_floor import do_again
from servicelane.simulation.visit import Visit
from servicelane.visit import CHECKED

OUTCOMES = (("fixed", 2), ("declined", 1), ("not_fixed", 1))


def try_out(visit: Visit) -> Story:
    """The inspector drives some cars; before a comeback is delivered its customer is asked to, until it is fixed."""
    house = visit.house
    mileage = visit.car.mileage
    if house.one_in(3, "road_test"):
        drive = {"route": "外环一圈", "mileage_before": mileage, "mileage_after": mileage + 4}
        told = {**drive, "driven_by": house.login("inspector"), "findings": "制动平顺，无异响"}
        driven = house.staff("inspector").post(f"{visit.path}/road-tests", told)
        house.saw("W26", driven["items"][-1]["driven_by"] == house.login("inspector"))
        visit.car.mileage = mileage = mileage + 4
    comeback = visit.look()["comeback"]
    if not comeback or comeback["overruled_by"]:
        return
    early = {"mileage": mileage + 9, "signature": visit.signed("settlement", "typed")}
    equipment.give_back(visit)
    house.advisor.post(f"{visit.path}/pre-delivery-check", CHECKED)
    foreseen = [one["code"] for one in house.advisor.get(f"{visit.path}/settlement")["obstacles"]]
    house.saw("W26", {"test_drive_not_offered", "comeback_not_explained"} <= {*foreseen})
    if house.advisor.get(f"{visit.path}/completion-certificates")["needed"]:
        house.saw("W32", "completion_not_certified" in foreseen)
    house.saw("W13", house.refused(foreseen[0], house.advisor, f"{visit.path}/deliver", early))
    outcome = house.draw("test_drive", OUTCOMES)
    if outcome == "not_fixed":
        lines = [line["line_id"] for line in visit.lines("labour", "approved")][:1]
        found = {"findings": "冷车时仍有异响", "rework_line_ids": lines}
        visit.do(house.advisor, "test-drive", {**_drive(visit), "outcome": "not_fixed", **found})
        house.saw("W26", visit.order["status"] == "dispatched" and visit.order["rework_count"])
        yield from inspect_again(visit, lines, 15)
        outcome = "fixed"
    visit.do(house.advisor, "test-drive", {"outcome": outcome, **({} if outcome == "declined" else _drive(visit))})
    house.saw("W26", visit.order["test_drive"] == outcome)
    sheet = {"comeback_cause": "workmanship", "original_technician": house.login("technician"), "correction": "重新润滑卡钳导销"}
    visit.do(house.foreman, "explain-comeback", sheet)
    house.saw("W26", visit.order["comeback"]["sheet"]["comeback_cause"] == "workmanship")


def inspect_again(visit: Visit, lines: list[str], minutes: float) -> Story:
    """The car goes back to the shop, is worked on, inspected, and ready once more."""
    house = visit.house
    yield from do_again(visit, lines, minutes)
    visit.do(house.staff("inspector"), "check-quality", passing(visit))
    visit.do(house.staff("inspector"), "ready")
    yield house.later(5)


def _drive(visit: Visit) -> dict[str, object]:
    before, visit.car.mileage = visit.car.mileage, visit.car.mileage + 3
    return {"route": "厂区外道路", "mileage_before": before, "mileage_after": visit.car.mileage}
