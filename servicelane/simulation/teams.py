"""Who is there, and who is proposed for which work (W9): one team with its shifts, an absence, orders given out as proposed."""

from datetime import timedelta

from servicelane.simulation.agenda import Story
from servicelane.simulation.certificates import do_if_certified
from servicelane.simulation.house import TECHNICIANS, Found, House
from servicelane.simulation.visit import Visit

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHIFTS = [{"weekday": day, "begins": "08:30", "ends": "18:00"} for day in WEEK]


def form_team(house: House) -> None:
    """All technicians work in one team, every day that the dealer is open."""
    members = [house.login(who) for who in TECHNICIANS]
    team = house.foreman.post(
        "/teams", {"team_name": "机电一班", "leader": house.login("foreman"), "members": members, "shifts": SHIFTS}
    )
    house.team_id = team["id"]
    house.saw("W9", team["members"] == members)


def look_at_who_is_there(house: House) -> None:
    """Everybody is, but for who is at the doctor's; that falls through."""
    login = house.login(TECHNICIANS[-1])
    gone = {"from_at": house.now.isoformat(), "until_at": (house.now + timedelta(hours=1)).isoformat()}
    absence = house.foreman.post("/absences", {"technician": login, "absence_kind": "sick", **gone})
    there = {one["technician"]: one["present"] for one in house.foreman.get("/attendance")["technicians"]}
    house.saw("W9", not there.pop(login) and all(there.values()))
    house.foreman.post(f"/absences/{absence['id']}/cancel")


def as_proposed(visit: Visit) -> None:
    """Half of the orders are given to whom the proposal names, if they are free; the others to who comes first."""
    house = visit.house
    [one] = house.foreman.get("/dispatch-proposals", work_order_id=visit.order["id"])["items"]
    house.saw("W9", one["technician"] and one["starts_at"] and one["bay"])
    if house.one_in(2, "as_proposed"):
        visit.technician = _instead(house, "technician", visit.technician, _name(house, one))
        visit.bay = _instead(house, "bay", visit.bay, one["bay"])


def give_a_line_away(visit: Visit) -> None:
    """One of several lines goes to a colleague, and back: whose it is not, does not begin it."""
    house, lines = visit.house, [one for one in visit.lines("labour", "approved") if one["done_at"] is None]
    if len(lines) < 2 or visit.technician == TECHNICIANS[0] or not house.one_in(3, "line_given_away"):
        return
    path = f"lines/{lines[-1]['line_id']}"
    visit.do(house.foreman, f"{path}/assign", {"technician": house.login(TECHNICIANS[0])})
    house.saw("W9", house.refused("line_of_colleague", house.staff(visit.technician), f"{visit.path}/{path}/clock-on", {}))
    visit.do(house.foreman, f"{path}/assign", {"technician": None})


def work_on(visit: Visit, line_id: str, minutes: float) -> Story:
    """The time that a line takes. Who is not done in the evening forgets to clock off: it is corrected, and they begin anew."""
    house, day = visit.house, visit.house.today
    yield house.later(minutes)
    if house.today == day:
        return
    forgotten = house.foreman.get("/forgotten-clock-offs", limit=200)["items"]
    mine = [one for one in forgotten if one["work_order_id"] == visit.order["id"]]
    house.saw("W9", mine)
    for one in mine:
        house.foreman.post(f"/clockings/{one['id']}/correct", {"stopped_at": one["stopped_at"], "reason": "下班忘打卡"})
    do_if_certified(visit, house.staff(visit.technician), f"lines/{line_id}/clock-on", {})
    yield house.later(6)


def _name(house: House, proposal: Found) -> str:
    return str(proposal["technician"] or "").removeprefix(house.login(""))


def _instead(house: House, kind: str, had: str, wanted: str) -> str:
    if wanted not in house.idle[kind]:
        return had
    house.idle[kind].remove(wanted)
    house.let_go(kind, had)
    return wanted
