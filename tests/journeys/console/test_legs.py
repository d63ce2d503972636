"""Pick-up and return in the browser: planned from the appointment, driven on the phone, signed at the door (Rule B14)."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from contracts.booking.calendar import Weekday
from servicelane.dealership import Dealership
from tests.journeys.console.photos import a_photo, attached
from tests.pages import Browser
from tests.waiting import awaited

DEALER = "sh-legs"

Desk = Callable[..., Browser]
Car = Callable[[str], dict[str, Any]]
HERE = f"/d/{DEALER}"


def around_the_clock(dealership: Dealership) -> None:
    """At any hour a driver may set out."""
    intervals = [
        {"weekday": day, "begins": f"{hour:02}:00", "ends": f"{hour + 4:02}:00", "legs": 1}
        for day in get_args(Weekday)
        for hour in range(0, 24, 4)
    ]
    settings = dealership.manager.get("/leg-settings")
    dealership.manager.put("/leg-settings", {"intervals": intervals}, of=settings)


def before(dealership: Dealership, booked: dict[str, Any]) -> str:
    """The beginning of a window that ends when the car is to be here."""
    ends = datetime.fromisoformat(booked["starts_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    intervals = [{"weekday": day, "begins": "00:00", "ends": f"{ends:%H:%M}", "legs": 9} for day in get_args(Weekday)]
    settings = dealership.manager.get("/leg-settings")
    dealership.manager.put("/leg-settings", {"intervals": intervals}, of=settings)
    windows = dealership.agent.get("/leg-plan", days=14)["windows"]
    return str([one["begins_at"] for one in windows if one["ends_at"] <= booked["starts_at"]][-1])


def in_time(dealership: Dealership) -> str:
    """The beginning of the first window that has room."""
    windows, now = dealership.agent.get("/leg-plan", days=14)["windows"], datetime.now(UTC)
    return next(one["begins_at"] for one in windows if one["free"] and datetime.fromisoformat(one["ends_at"]) > now)


def driven(dealership: Dealership, begins_at: str, **about: Any) -> str:
    """A leg that the driver is on."""
    planned = dealership.agent.post("/legs", {**about, "begins_at": begins_at, "address": "张杨路 500 号"})
    dealership.driver.post(f"/legs/{planned['id']}/start")
    return str(planned["id"])


def test_a_car_is_planned_fetched_and_signed_for_and_the_day_says_so(at_desk: Desk, car: Car, dealership: Dealership) -> None:
    """The desk chooses a window that has room; the driver sees what is theirs; no page's address says where."""
    booked = car("booked")
    agent = at_desk("agent")
    page = agent.get(f"{HERE}/appointments/{booked['id']}")
    planning = f"{HERE}/legs/of/appointments/{booked['id']}"
    assert planning in page.source
    window = before(dealership, booked)
    given = {"direction": "pick_up", "begins_at": window, "address": "张杨路 500 号", "driver": f"{DEALER}.driver"}
    page = agent.send(agent.get(planning), "plan", **{**given, "address": ""})
    assert page.status == 422
    page = agent.send(page, "plan", **given)
    assert ("Planned" in page.text, "张杨路 500 号" in page.text, "张杨路" in page.path) == (True, True, False)
    [leg] = dealership.agent.get("/legs", appointment_id=booked["id"])["items"]
    day = agent.get(f"{HERE}/appointments?day={booked['starts_at'][:10]}")
    assert "Pick-up" in day.text
    driver = at_desk("driver", language="zh")
    assert "appointments" not in driver.get(f"{HERE}/my-legs").source.partition("<main")[0], "nothing of the shop's papers"
    page = driver.get(f"{HERE}/legs/{leg['id']}")
    page = driver.send(page, "start")
    assert "途中" in page.text
    day = datetime.fromisoformat(window).astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert "张杨路 500 号" in driver.get(f"{HERE}/my-legs?day={day}").text
    page = driver.send(page, "record", keys="2", registration=["yes"], mileage="52000", fuel_eighths="4")
    dealership.driver.post(f"/legs/{leg['id']}/sheet", {"keys": 1, "registration": True, "mileage": 52_000, "fuel_eighths": 4})
    late = driver.send(page, "sign", signature__means="typed", signature__name="李娜")
    told = late.source.partition('class="changes"')[2].partition("</table>")[0]
    assert (late.status, "<td>2</td><td>1</td>" in told) == (412, True), "who signs is not told that the sheet is another one"
    page = driver.send(late, "record", keys="2", registration=["yes"], mileage="52000", fuel_eighths="4")
    page = attached(driver, page, a_photo())
    page = driver.send(page, "sign", signature__means="typed", signature__name="李娜")
    assert ("已完成" in page.text, "attachments" in page.path, set(page.forms) & {"start", "record", "sign"}) == (
        True,
        False,
        set(),
    )
    known = dealership.agent.get(f"/legs/{leg['id']}")
    assert (known["leg_state"], known["sheet"]["keys"], len(known["photos"])) == ("done", 2, 1)
    [link] = [one for one in page.links if one.endswith("/content")]
    photo = driver.client.get(link)
    assert (photo.status_code, b"CAMERA" in photo.data) == (200, False)
    dealership.agent.post(f"/appointments/{booked['id']}/cancel", {"reason": "too dear"}, of=booked)
    waiting = awaited(
        lambda: next((one for one in [agent.get(f"{HERE}/legs/{leg['id']}")] if "collect" in one.forms), None), "the question"
    )
    assert "collect" not in driver.get(f"{HERE}/legs/{leg['id']}").forms
    page = agent.send(waiting, "collect")
    assert ("Fetched by the customer" in page.text, "collect" in page.forms) == (True, False), page.text
    assert dealership.agent.get(f"/legs/{leg['id']}")["collected_by"] == f"{DEALER}.agent"


def test_the_driver_hands_keys_over_at_the_dealer_and_gives_them_back_at_the_door(
    at_desk: Desk, car: Car, dealership: Dealership
) -> None:
    """Rule W24: what they still have is on their leg once there is an order; and a return gives back, it takes nothing over."""
    booked, driver = car("booked"), at_desk("driver")
    came = driven(dealership, before(dealership, booked), direction="pick_up", appointment_id=booked["id"])
    sheet = {"keys": 2, "registration": True, "mileage": 52_000, "fuel_eighths": 4}
    photo = {"file": b64encode(a_photo()).decode(), "file_name": "door.jpg", "note": "scratched before"}
    dealership.driver.post(f"/legs/{came}/attachments", photo)
    shown = dealership.driver.post(f"/legs/{came}/sheet", sheet)["sheet"]["document_hash"]
    signing = {"means": "typed", "name": "李娜", "document_hash": shown}
    dealership.driver.post(f"/legs/{came}/sheet/sign", {"signature": signing})
    page = driver.get(f"{HERE}/legs/{came}")
    assert ("Keys taken over" in page.text, "hand" in page.source) == (True, False)
    order = awaited(
        lambda: dealership.advisor.post("/work-orders", {"appointment_id": booked["id"], "complaint": "异响"}), "the order"
    )
    for who, said in (("advisor", "Photos by the driver at the door"), ("technician", "scratched before")):
        browser = at_desk(who)
        page = browser.get(f"{HERE}/orders/{order['id']}/{'walk-around' if who == 'advisor' else 'attachments'}")
        [link] = [one for one in page.links if one.endswith("/content")]
        assert (said in page.text, browser.client.get(link).status_code) == (True, 200), "it is with the order (Rule W31)"
    page = driver.get(f"{HERE}/legs/{came}")
    hand = next(name for name in page.forms if name.startswith("hand"))
    page = driver.send(page, hand, things=["keys"], given_to=f"{DEALER}.advisor")
    assert page.status == 200, page.text
    held = dealership.advisor.get(f"/work-orders/{order['id']}/custody")["held"]
    assert {one["thing"]: one["holder"].partition(".")[2] for one in held} == {
        "keys": "advisor",
        "registration": "driver",
        "folder": "advisor",
    }
    agent = at_desk("agent", language="zh")
    delivered = car("delivered")
    planning = agent.get(f"{HERE}/legs/of/work-orders/{delivered['id']}")
    assert 'value="pick_up"' not in planning.source, "it has not been home"
    around_the_clock(dealership)
    home = driven(dealership, in_time(dealership), direction="return", work_order_id=delivered["id"])
    page = agent.get(f"{HERE}/legs/{home}")
    assert ("交还钥匙" in page.text, "接收钥匙" in page.text) == (True, False)
