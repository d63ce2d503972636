"""Teams, shifts and absences in the console; the board proposes who does what next, and one click gives it out so."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from servicelane.dealership import TIME_ZONE, Dealership
from tests.cars import brought
from tests.pages import Browser
from tests.waiting import awaited

DEALER = "sh-attendance"

Desk = Callable[..., Browser]
HERE = f"/d/{DEALER}"
TECHNICIAN = f"{DEALER}.technician"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOCK = "%Y-%m-%dT%H:%M"


def test_a_team_has_its_shifts_and_who_is_absent_is_not_there(at_desk: Desk, dealership: Dealership) -> None:
    """The foreman forms it; what is wrong with a shift is said at its field, and an absence is cancelled by a button."""
    foreman = at_desk("foreman")
    page = foreman.get(f"{HERE}/attendance")
    typed = {"team_name": "早班", "leader": f"{DEALER}.foreman", "members": [TECHNICIAN]}
    every_day = {f"shifts__{day}__{name}": hour for day in range(7) for name, hour in (("begins", "00:00"), ("ends", "24:00"))}
    refused = foreman.send(page, "form", **typed, **{**every_day, "shifts__1__begins": "25:00"})
    assert (refused.status, "早班" in refused.source) == (422, True)
    page = foreman.send(refused, "form", shifts__1__begins="00:00")
    assert ("早班" in page.text, "Led by 赵磊" in page.text, "There now" in page.text) == (True, True, True)
    [team] = dealership.foreman.get("/attendance")["teams"]
    assert len(team["shifts"]) == 7
    page = foreman.send(page, f"change-{team['id']}", team_name="晚班")
    assert "晚班" in page.text
    now = datetime.now(UTC).astimezone(ZoneInfo(TIME_ZONE))
    times = {"from_at": (now - timedelta(hours=1)).strftime(CLOCK), "until_at": (now + timedelta(hours=1)).strftime(CLOCK)}
    page = foreman.send(page, f"absent-{TECHNICIAN}", absence_kind="sick", **times, note="发烧")
    assert ("Not there" in page.text, "发烧" in page.text, "Ill" in page.text) == (True, True, True)
    [absence] = dealership.foreman.get("/attendance")["technicians"][0]["absences"]
    page = foreman.send(page, f"back-{absence['id']}")
    assert "发烧" not in page.text
    page = foreman.send(page, f"plan-{TECHNICIAN}", shifts__0__begins="08:00", shifts__0__ends="12:00")
    assert "Own shifts" in page.text
    dealership.foreman.post("/shift-plans", {"technician": TECHNICIAN})
    foreman.send(page, f"disband-{team['id']}")
    assert dealership.foreman.get("/attendance")["teams"] == []


def test_the_board_says_who_should_begin_what_where_and_when_and_one_click_takes_it(
    at_desk: Desk, dealership: Dealership
) -> None:
    """In words, in both languages; whoever may not give work out sees no proposal."""
    order = brought(dealership, "approved")
    foreman = at_desk("foreman")
    page = foreman.get(f"{HERE}/board")
    assert ("李强, B1, from" in page.text, "there now" in page.text, "has no other work" in page.text) == (True, True, True)
    manager = at_desk("manager", language="zh")
    as_before = manager.get(f"{HERE}/board")
    assert "李强，B1" in as_before.text
    assert "Proposed next" not in at_desk("advisor").get(f"{HERE}/board").text
    foreman.send(page, f"take-{order['id']}")
    given = dealership.foreman.get(f"/work-orders/{order['id']}")
    assert (given["status"], given["technician"], given["bay"]) == ("dispatched", TECHNICIAN, "B1")
    late = manager.send(as_before, f"take-{order['id']}")
    assert late.status == 412, "somebody else gave it out meanwhile"


def test_a_forgotten_clock_off_is_corrected_on_its_list(at_desk: Desk, dealership: Dealership) -> None:
    """Who is absent from now on was clocked off by that; the manager's list leads to where somebody says when it really was."""
    order = brought(dealership, "dispatched")
    week = [{"weekday": day, "begins": "00:00", "ends": "24:00"} for day in WEEK]
    dealership.foreman.post("/shift-plans", {"technician": TECHNICIAN, "shifts": week})
    path = f"/work-orders/{order['id']}"
    [line, *_] = [one for one in order["lines"] if one["kind"] == "labour" and one["state"] == "approved"]
    if order["walk_around_version"]:
        dealership.technician.post(f"{path}/accept-car")
    dealership.technician.post(f"{path}/lines/{line['line_id']}/clock-on")
    now = datetime.now(UTC)
    times = {"from_at": now.isoformat(), "until_at": (now + timedelta(hours=1)).isoformat()}
    dealership.foreman.post("/absences", {"technician": TECHNICIAN, "absence_kind": "sick", **times})
    awaited(lambda: dealership.foreman.get("/forgotten-clock-offs")["items"], "the end of what they worked on")
    manager = at_desk("manager")
    there = re.search(r'href="([^"]+)">Forgotten clock-off<', manager.get(f"{HERE}/attention").source)
    assert there is not None
    page = manager.get(there[1])
    assert order["vehicle"]["plate"] in page.text
    [one] = dealership.foreman.get("/forgotten-clock-offs")["items"]
    refused = manager.send(page, f"correct-{one['id']}", stopped_at="2020-01-01T10:00", reason="他先走了")
    assert (refused.status, "他先走了" in refused.source) == (422, True)
    began = datetime.fromisoformat(one["started_at"]).astimezone(ZoneInfo(TIME_ZONE))
    page = manager.send(refused, f"correct-{one['id']}", stopped_at=began.strftime(CLOCK))
    assert "Nobody forgot to clock off." in page.text
    [stretch] = dealership.foreman.get(f"{path}/clockings")["items"]
    assert (stretch["stopped_by"], stretch["reason"]) == (f"{DEALER}.manager", "他先走了")
    dealership.foreman.post(f"{path}/hold", {"reason": "parts"})  # the bay is free for the next car


def test_a_line_goes_to_a_technician_of_its_own_and_an_order_to_a_team(at_desk: Desk, dealership: Dealership) -> None:
    """On the card of the order; whoever the line was not given to sees whose it is."""
    dealership.foreman.post("/shift-plans", {"technician": TECHNICIAN})
    order = brought(dealership, "approved")
    team = dealership.foreman.post("/teams", {"team_name": "夜班", "leader": f"{DEALER}.foreman", "members": [TECHNICIAN]})
    foreman = at_desk("foreman")
    page = foreman.get(f"{HERE}/board/{order['id']}")
    foreman.send(page, "team", team_id=team["id"], bay="B2")
    given = dealership.foreman.get(f"/work-orders/{order['id']}")
    assert (given["team_name"], given["technician"], given["bay"]) == ("夜班", f"{DEALER}.foreman", "B2")
    line = next(one for one in given["lines"] if one["kind"] == "labour" and one["state"] == "approved")
    page = foreman.get(f"{HERE}/board/{order['id']}")
    assert "夜班 · " in page.text
    page = foreman.send(page, f"assign-{line['line_id']}", technician=TECHNICIAN)
    assert "Given to " in page.text
    mine = at_desk("technician").get(f"{HERE}/my-work")
    assert order["vehicle"]["plate"] in mine.text
    dealership.foreman.post(f"/teams/{team['id']}/disband")


def test_performance_of_a_month_and_a_day_is_said_with_its_formulas(at_desk: Desk, dealership: Dealership) -> None:
    """In words, in both languages, with the figures it is made of."""
    brought(dealership, "worked on")
    foreman = at_desk("foreman")
    page = foreman.get(f"{HERE}/performance")
    assert "Productivity = time clocked on lines / time attended" in page.text
    assert "李强" in page.text
    today = dealership.foreman.get("/attendance")["day"]
    day = at_desk("manager", language="zh").get(f"{HERE}/performance?day={today}")
    assert ("生产率 = 打卡工时 ÷ 出勤工时" in day.text, "按日" in day.text) == (True, False)
    measured = dealership.foreman.get("/workshop-performance", from_day=today, to_day=today)
    assert [one["rate"] for one in measured["formulas"]] == ["productivity", "efficiency", "utilisation"]
