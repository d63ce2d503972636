"""The car goes back: accepted and signed for, sometimes not at once, sometimes entered by mistake (W13-W15, L3, B10)."""

from datetime import timedelta

from servicelane.simulation import equipment, promising, road_testing
from servicelane.simulation.agenda import Story
from servicelane.simulation.visit import Visit
from servicelane.visit import CHECKED

ENDINGS = (("plain", 7), ("reversed", 1), ("not_taken", 1))
NEXT = (("booked", 1), ("later", 2), ("declined", 1), (None, 2))


def deliver(visit: Visit) -> Story:
    """The customer comes for the car, looks at the work, signs the settlement, and has keys and papers back."""
    house = visit.house
    ending = house.draw("ending", ENDINGS)
    _agreed(visit)
    yield house.later(house.random.randrange(10, 60))
    if ending == "not_taken":
        yield from _not_taken(visit)
    yield from road_testing.try_out(visit)
    _checked(visit)
    _accepted(visit)
    house.settle()
    if ending == "reversed":
        yield house.later(3)
        visit.do(house.manager, "reverse-delivery", {"reason": "录到了另一张工单"})
        house.settle()
        visit.look()
        house.saw("W15", visit.order["reversal"]["state"] == "confirmed" and visit.order["status"] == "ready")
        yield house.later(3)
        _accepted(visit)
        house.settle()


def _agreed(visit: Visit) -> None:
    """Some agree on when they come for the car; now and then it becomes later."""
    house = visit.house
    if not house.one_in(4, "delivery_time"):
        return
    path = f"{visit.path}/delivery-appointment"
    offers = house.advisor.get(f"{visit.path}/delivery-plan")["offers"]
    if not offers:
        return  # nobody could say yet when it is ready
    agreed = house.advisor.post(path, {"starts_at": offers[0]["starts_at"]})
    house.saw("W13", agreed["delivery_state"] == "booked")
    if house.one_in(2, "delivery_moved"):
        moved = house.advisor.post(f"{path}/move", {"starts_at": offers[1]["starts_at"], "reason": "客户要晚一点来"})
        house.saw("W13", moved["starts_at"] == offers[1]["starts_at"])
    day = house.advisor.get("/delivery-day", day=offers[0]["starts_at"][:10])
    house.saw("W13", any(one["work_order_id"] == visit.order["id"] for one in day["deliveries"]))


def _not_taken(visit: Visit) -> Story:
    """The customer sees a stain: the car goes back to the shop, is looked after, and inspected again."""
    house = visit.house
    lines = [line["line_id"] for line in visit.lines("labour", "approved")][:1]
    visit.do(house.advisor, "return-to-work", {"reason": "内饰有油渍", "rework_line_ids": lines})
    house.saw("W14", visit.order["status"] == "dispatched")
    yield from road_testing.inspect_again(visit, lines, 8)


def _checked(visit: Visit) -> None:
    """The advisor looks at the car before the customer is told: a tool that somebody forgot comes back first."""
    house = visit.house
    path = f"{visit.path}/pre-delivery-check"
    if visit.tool is not None:
        house.saw("W13", house.refused("tool_left", house.advisor, path, CHECKED))
        equipment.give_back(visit)
    visit.do(house.advisor, "pre-delivery-check", CHECKED)
    house.saw("W13", visit.order["pre_delivery"])


def _accepted(visit: Visit) -> None:
    house, car = visit.house, visit.car
    _certified(visit)
    promising.explain_if_late(visit)
    said = house.draw("next_appointment", NEXT)
    house.saw("W13", house.advisor.get(f"{visit.path}/settlement")["obstacles"] == [])
    visit.do(
        house.advisor,
        "deliver",
        {
            "mileage": car.mileage + 2,
            "signature": visit.signed("settlement"),
            "next_service_on": (house.today + timedelta(days=180)).isoformat(),
            "next_service_mileage": car.mileage + 10_000,
            "preferred_follow_up_time": "10:30:00",
            "preferred_phone": car.phone,
            "things_shown": ["work", "old_parts"],
            **({"next_appointment": said} if said else {}),
        },
    )
    car.mileage += 2
    house.saw("W13", visit.order["status"] == "delivered" and visit.order["delivered_at"])
    house.saw("W14", visit.order["status"] == "delivered")
    settled = house.advisor.get(f"{visit.path}/settlement")
    house.saw("L3", settled["final"] and settled["signature"]["verified"])
    house.saw("W13", settled["things_shown"] == ["work", "old_parts"])
    held = house.advisor.get(f"{visit.path}/custody")["held"]
    house.saw("W24", all((one["holder"] is None) == (one["thing"] != "folder") for one in held))
    house.saw("W27", settled["recommendations"])
    if any(line["state"] == "declined" for line in visit.order["lines"]):
        _declined(visit)


def _declined(visit: Visit) -> None:
    """What was declined stands ready for the next booking of the car; some never want to hear of it again."""
    house, vehicle = visit.house, visit.order["vehicle"]["vehicle_id"]
    again = house.agent.get(f"/vehicles/{vehicle}/declined-work")["items"]
    house.saw("W8", again)
    if house.one_in(3, "hears_no_more"):
        said = {"vehicle_id": vehicle, "reason": "已在别处完成"}
        left = house.agent.post(f"/declined-work/{again[0]['id']}/dismiss", said)["items"]
        house.saw("W8", len(left) < len(again))


def observe(visit: Visit) -> None:
    """A squeal that nobody heard: it is observed for a week, and who comes back for it has a comeback (W16)."""
    house = visit.house
    if visit.comes_again or not house.one_in(6, "intermittent"):
        return
    asked = {"job": 1, "operation_group": "BRK", "fault": "冷车低速偶发异响", "until": f"{house.today + timedelta(days=2)}"}
    observed = house.advisor.post(f"{visit.path}/observations", asked)
    house.saw("W16", observed["observation_state"] == "observed")
    for one in house.advisor.get("/observations")["items"]:
        house.saw("W16", one["came_back"])
        if one["observation_state"] == "due":
            ended = house.advisor.post(f"/observations/{one['id']}/end", {"reason": "客户反映未再出现"})
            house.saw("W16", ended["observation_state"] == "ended")


def _certified(visit: Visit) -> None:
    """Where brakes need a completion certificate, the inspector issues one for each delivery (W32)."""
    house = visit.house
    if not house.advisor.get(f"{visit.path}/completion-certificates")["needed"]:
        return
    issued = house.staff("inspector").post(f"{visit.path}/completion-certificate")
    house.saw("W32", issued["signature"]["verified"] and issued["number"])
    visit.look()
