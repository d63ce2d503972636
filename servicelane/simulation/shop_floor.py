"""Work on the car: given out, clocked, interrupted, and what is found on the way (W3, W7-W9, W14, W24, W31)."""

from datetime import timedelta

from servicelane.simulation import electric, equipment, evidence, following, parts_desk, promising
from servicelane.simulation.agenda import Story
from servicelane.simulation.certificates import do_if_certified
from servicelane.simulation.teams import as_proposed, give_a_line_away, work_on
from servicelane.simulation.visit import Visit

EVENTS = (
    ("plain", 4),
    ("on_hold", 1),
    ("found_small", 1),
    ("found_and_phoned", 1),
    ("found_and_declined", 1),
    ("inspected", 2),
    ("forgets_to_clock_off", 1),
    ("no_connection", 1),
)
FOUND = {"labour": [{"operation_code": "MNT-SECOND", "payer": "customer_pay"}]}


def repair(visit: Visit) -> Story:
    """A technician and a bay are found, parts are handed out, the work is done; the car goes to the final inspection."""
    house = visit.house
    visit.technician = yield from house.one_of("technician")
    visit.bay = yield from house.one_of("bay")
    try:
        _dispatch(visit)
        parts_desk.hand_out(visit)
        event = "plain" if visit.comes_again else house.draw("work_event", EVENTS)
        yield house.later(5)
        yield from _happens(visit, event)
        equipment.borrow(visit)
        promising.tell_another_time(visit)
        yield from _work(visit, event)
        if not house.one_in(3, "forgets_tool"):
            equipment.give_back(visit)
        parts_desk.take_back(visit)
        _finish(visit)
    finally:
        house.let_go("technician", visit.technician)
        house.let_go("bay", visit.bay)


def do_again(visit: Visit, lines: list[str], minutes: float) -> Story:
    """A car that came back to the shop: whoever is free does these lines anew, and it goes to the final inspection once more."""
    house = visit.house
    visit.technician = yield from house.one_of("technician")
    visit.bay = yield from house.one_of("bay")
    try:
        do_if_certified(visit, house.foreman, "dispatch", {"technician": house.login(visit.technician), "bay": visit.bay})
        for line in lines:
            yield from electric.isolate(visit, next(one for one in visit.order["lines"] if one["line_id"] == line))
            visit.do(house.staff(visit.technician), f"lines/{line}/clock-on")
            yield from work_on(visit, line, minutes)
            visit.do(house.staff(visit.technician), f"lines/{line}/clock-off", {"done": True})
        electric.energise(visit)
        visit.do(house.staff(visit.technician), "request-quality-check")
    finally:
        house.let_go("technician", visit.technician)
        house.let_go("bay", visit.bay)


def _dispatch(visit: Visit) -> None:
    house = visit.house
    equipment.try_blocked_bay(visit)
    as_proposed(visit)
    do_if_certified(visit, house.foreman, "dispatch", {"technician": house.login(visit.technician), "bay": visit.bay})
    house.saw("W9", visit.order["technician"] == house.login(visit.technician))
    house.saw("W14", visit.order["status"] == "dispatched")
    if visit.order["acceptance"] is None:
        told = [{"panel": "left_sill", "damage": "scratch"}] if house.one_in(6, "new_damage") else []
        visit.do(house.staff(visit.technician), "accept-car", {"new_damages": told})
        house.saw("W24", visit.order["acceptance"])
    given = {"things": ["keys"], "given_to": house.login(visit.technician)}
    held = house.foreman.post(f"{visit.path}/custody", given)["held"]
    house.saw("W24", {"thing": "keys", "holder": house.login(visit.technician)} in held)


def _happens(visit: Visit, event: str) -> Story:
    """What is found before, or amid, the work."""
    house, advisor = visit.house, visit.house.advisor
    if event == "on_hold":
        visit.do(house.foreman, "hold", {"reason": house.draw("hold", (("sublet", 1), ("parts", 1), ("approval", 1)))})
        house.saw("W14", visit.order["status"] == "on_hold")
        yield house.later(30)
        visit.do(house.foreman, "resume")
        house.saw("W14", visit.order["status"] == "dispatched")
    elif event.startswith("found"):
        yield house.later(10)
        visit.do(house.foreman, "propose-additional-work", {**FOUND, "extra_minutes": 20})
        version = visit.order["estimate_version"]
        house.saw("W8", visit.lines("labour", "quoted"))
        yield house.later(10)
        if event == "found_small":
            visit.do(advisor, "approve-additional-work", {"estimate_version": version})
            entries = advisor.get(f"{visit.path}/authorisation-ledger")["items"]
            house.saw("W7", entries[-1]["means"] == "standing_consent")
        elif event == "found_and_phoned":
            if following.decide(visit):
                return
            decision = visit.signed("estimate", "phone")
            visit.do(advisor, "approve-additional-work", {"estimate_version": version, "decision": decision})
            house.saw("W8", not visit.lines("labour", "quoted"))
        elif not following.decide(visit, "太贵"):
            lines = [line["line_id"] for line in visit.lines("labour", "quoted")]
            declined = {"line_ids": lines, "reason": "太贵", "decision": visit.signed("estimate")}
            visit.do(advisor, "decline-lines", declined)
            house.saw("W8", visit.lines("labour", "declined"))
    elif event == "inspected":
        yield house.later(8)
        _inspect(visit)


def _inspect(visit: Visit) -> None:
    """The multi-point inspection: a pad that is worn out is proposed, and approved or declined by signature (W3)."""
    house, advisor = visit.house, visit.house.advisor
    worn = house.one_in(2, "pads")
    values = [
        {"item_code": "PAD-F", "value": "1.8" if worn else "7", "gauge": equipment.PAD_GAUGE},
        {"item_code": "BATTERY", "value": "12.6", "gauge": equipment.VOLTMETER},
    ]
    technician = house.staff(visit.technician)
    measured = {"template_code": "MPI", "values": values}
    if worn:
        path = f"{visit.path}/multi-point-inspections"
        house.saw("W31", house.refused("red_finding_without_photo", technician, path, measured))
    evidence.photograph(visit, technician, item="PAD-F")
    equipment.measured_with(visit, f"{visit.path}/multi-point-inspections", measured)
    found = technician.post(f"{visit.path}/multi-point-inspections", measured)
    pads = next(one for one in found["items"] if one["item_code"] == "PAD-F")
    house.saw("W3", pads["finding"] == ("red" if worn else "green"))
    if not worn:
        return
    visit.do(house.foreman, "propose-findings", {"template_code": "MPI", "item_codes": ["PAD-F"]})
    house.saw("W3", visit.lines("labour", "quoted"))
    wanted = house.one_in(2, "worn_pads")
    if following.decide(visit, "" if wanted else "回头再说"):
        return
    decision = visit.signed("estimate")
    if wanted:
        approved = {"estimate_version": visit.order["estimate_version"], "decision": decision}
        visit.do(advisor, "approve-additional-work", approved)
        house.saw("W8", not visit.lines("labour", "quoted"))
    else:
        lines = [line["line_id"] for line in visit.lines("labour", "quoted")]
        visit.do(advisor, "decline-lines", {"line_ids": lines, "reason": "回头再说", "decision": decision})
        house.saw("W8", visit.lines("labour", "declined")[0]["safety"])


def _work(visit: Visit, event: str) -> Story:
    """Each approved labour line is clocked on and off; the foreman ends what somebody forgot."""
    house, technician = visit.house, visit.house.staff(visit.technician)
    give_a_line_away(visit)
    for line in [one for one in visit.lines("labour", "approved") if one["done_at"] is None]:
        path = f"lines/{line['line_id']}"
        yield from electric.isolate(visit, line)
        technician = house.staff(visit.technician)
        told = {}
        if event == "no_connection":
            yield house.later(4)
            told = {"occurred_at": (house.now - timedelta(minutes=2)).isoformat()}
        do_if_certified(visit, technician, f"{path}/clock-on", told)
        house.saw("W9", visit.order["status"] == "in_progress")
        house.saw("W14", visit.order["status"] == "in_progress")
        yield from work_on(visit, line["line_id"], max(6, float(line["hours"]) * house.random.uniform(20, 45)))
        technician = house.staff(visit.technician)  # it may be the next morning
        if event == "forgets_to_clock_off":
            forgot = {"technician": house.login(visit.technician), "done": True, "reason": "忘记打卡"}
            visit.do(house.foreman, f"{path}/clock-off-colleague", forgot)
            clockings = house.foreman.get(f"{visit.path}/clockings")["items"]
            house.saw("W9", clockings[-1]["stopped_by"] == house.login("foreman"))
        else:
            visit.do(technician, f"{path}/clock-off", {"done": True})
            house.saw("W9", any(one["line_id"] == line["line_id"] and one["done_at"] for one in visit.order["lines"]))


def _finish(visit: Visit) -> None:
    house = visit.house
    corrected = {"job": 1, "cause": "磨损", "correction": "已更换"}
    visit.do(house.foreman, "jobs", corrected)
    house.saw("W4", visit.order["jobs"][0]["correction"])
    electric.energise(visit)
    house.saw("W27", any(line["instruction_version"] for line in visit.order["lines"]))
    if house.one_in(4, "recommends"):
        _recommend(visit)
    if house.one_in(6, "team"):
        visit.do(house.foreman, "dispatch", {"team_id": house.team_id, "bay": visit.bay})
    visit.do(house.staff(visit.technician), "request-quality-check")
    house.saw("W14", visit.order["status"] == "quality_check")


def _recommend(visit: Visit) -> None:
    """What is worn and not done today; painting that nobody says the panel of is refused."""
    house = visit.house
    said = [{"description": "更换雨刮片", "reason": "刮痕明显", "operation_code": None, "safety": False}]
    visit.do(house.foreman, "recommendations", {"recommendations": said})
    house.saw("W27", visit.order["recommendations"] == said)
    paint = {"labour": [{"operation_code": "PAINT-1", "payer": "customer_pay"}]}
    house.saw("W27", house.refused("invalid", house.foreman, f"{visit.path}/propose-additional-work", paint))
