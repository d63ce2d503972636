"""The booking desk: customers want a time, change their mind, do not come, or wait for a place (B1-B5, B12, B15)."""

from datetime import date, datetime, time, timedelta

from servicelane.client import ProblemError
from servicelane.simulation.agenda import Story
from servicelane.simulation.files import open_files
from servicelane.simulation.house import ZONE, Found, House
from servicelane.simulation.opening import TYRES
from servicelane.simulation.people import Car
from servicelane.simulation.stories import comes
from servicelane.simulation.visit import Visit

CHANNELS = (("phone", 4), ("web", 3), ("walk_in", 1), ("roadside", 1))
KINDS = (("maintenance", 6), ("repair", 3), ("diagnosis", 2), (TYRES, 1), ("body", 1))
FATES = (
    ("comes", 9),
    ("amends", 1),
    ("moves", 1),
    ("cancels", 1),
    ("forgets", 1),
    ("comes_late", 1),
    ("forgets_and_books_anew", 1),
)
TIMES = (("peak", 4), ("offer", 1), ("any", 4))
PEAK = time(9)

WORK: dict[str, Found] = {
    "maintenance": {
        "operations": ["MNT-OIL"],
        "parts": [{"part_number": "OIL-5W30", "quantity": "4.5"}, {"part_number": "FLT-OIL-1", "quantity": "1"}],
    },
    "repair": {"operations": ["BRK-PAD-F"], "parts": [{"part_number": "PAD-F-77", "quantity": "1"}]},
}
"""What is booked beside the complaint, by type of service."""


def day_of_calls(house: House, calls: int, for_days: list[date]) -> None:
    """So many customers call during today, each for one of those days."""
    for _ in range(calls):
        at = max(house.now, house.at(8, 40)) + timedelta(minutes=house.random.randrange(400))
        house.agenda.begin(at, _call(house, house.random.choice(for_days)))
    house.agenda.begin(max(house.now, house.at(11)), _wait_list(house, for_days[-1]))


def _call(house: House, day: date) -> Story:
    car, channel = house.town.car(), house.draw("channel", CHANNELS)
    open_files(house, car)
    kind = house.draw("kind", KINDS)
    appointment = _booked(house, car, channel, kind, day)
    if appointment is None:
        return
    path = f"/appointments/{appointment['id']}"
    if appointment["status"] == "requested":
        yield min(house.later(15), max(house.now, begins_at(appointment) - timedelta(minutes=1)))  # before its time
        appointment = house.agent.post(f"{path}/confirm")
        house.saw("B1", appointment["status"] == "confirmed")
    fate = house.draw("fate", FATES)
    yield house.later(house.random.randrange(5, 60))
    if begins_at(appointment) <= house.now:
        fate = "comes"
    if fate == "amends":
        appointment = _amend(house, appointment)
    elif fate == "moves":
        appointment = _move(house, appointment)
    elif fate == "cancels":
        appointment = house.agent.post(f"{path}/cancel", {"reason": "出差"})
        house.saw("B1", appointment["status"] == "cancelled" and appointment["reason"])
        return
    visit = Visit(house, car, appointment)
    if fate in ("comes", "amends", "moves"):
        late = timedelta(minutes=house.random.randrange(-8, 20))
        house.agenda.begin(begins_at(appointment) + late, comes(visit))
    else:
        house.agenda.begin(begins_at(appointment) + timedelta(minutes=31), _missed(visit, fate))


def _booked(house: House, car: Car, channel: str, kind: str, day: date) -> Found | None:
    """The appointment; at another time where the one that everybody wants is full, and none where all are."""
    wanted = house.draw("time", TIMES)
    asked = {
        "customer_id": car.customer_id,
        "vehicle_id": car.vehicle_id,
        "channel": channel,
        "service_type": kind,
        "complaint": car.complaint,
        "waiting": house.random.random() < 0.3,
        "estimated_cost": {"amount": "680.00", "currency": "CNY"},
        "estimated_minutes": 90,
        **WORK.get(kind, {}),
    }
    starts_at = _time_of(house, wanted, kind, day)
    if starts_at is None:
        return None
    try:
        appointment: Found = house.agent.post("/appointments", {**asked, "starts_at": starts_at})
    except ProblemError as error:
        if error.problem["code"] != "slot_full":
            raise
        house.saw("B2")
        free = a_free_time(house, kind, day)
        if free is None:
            return None
        appointment = house.agent.post("/appointments", {**asked, "starts_at": free})
    house.saw("B1", appointment["status"] in ("requested", "confirmed"))
    house.saw("B2", appointment["has_place"])
    house.saw("B3", wanted == "offer" and appointment["has_place"])
    house.saw("B4", appointment["complaint"] and appointment["estimated_minutes"] == asked["estimated_minutes"])
    house.saw("B12", appointment["service_type"] == TYRES and appointment["service_name"])
    return appointment


def _time_of(house: House, wanted: str, kind: str, day: date) -> str | None:
    if wanted == "peak" and (peak := datetime.combine(day, PEAK, tzinfo=ZONE)) > house.now:
        return peak.isoformat()
    if wanted == "offer":
        offers = house.agent.get("/slot-offers", service_type=kind)["items"]
        return min((one["starts_at"] for one in offers), default=None)
    return a_free_time(house, kind, day)


def a_free_time(house: House, kind: str, day: date, *, after: time = time.min) -> str | None:
    """A time on that day, early enough for the car to be done, at which there is a place."""
    days = house.agent.get("/free-places", service_type=kind, from_day=day.isoformat(), days=1)["items"]
    free = [
        one["starts_at"] for one in days[0]["slots"] if one["free"] and after <= _local(one["starts_at"]).time() < time(15, 30)
    ]
    return house.random.choice(free) if free else None


def _amend(house: House, appointment: Found) -> Found:
    appointment = house.agent.get(f"/appointments/{appointment['id']}")  # its parts may have been set aside since
    kept = ("operations", "advisor", "waiting", "loaner", "estimated_cost", "estimated_minutes")
    booked = {name: appointment[name] for name in kept}
    booked["parts"] = [{name: one[name] for name in ("part_number", "quantity")} for one in appointment["parts"]]
    booked["complaint"] = f"{appointment['complaint']}，另请检查雨刮"
    changed: Found = house.agent.put(f"/appointments/{appointment['id']}", booked, of=appointment)
    house.saw("B4", changed["complaint"] == booked["complaint"])
    return changed


def _move(house: House, appointment: Found) -> Found:
    free = a_free_time(house, appointment["service_type"], begins_at(appointment).date())
    if free is None or free == appointment["starts_at"]:
        return appointment
    moved: Found = house.agent.post(f"/appointments/{appointment['id']}/reschedule", {"starts_at": free, "reason": "临时有事"})
    house.saw("B1", moved["starts_at"] == free)
    return moved


def _missed(visit: Visit, fate: str) -> Story:
    """Half an hour after the time the customer is a no-show, and somebody is to call them (B5)."""
    house, appointment = visit.house, visit.appointment
    assert appointment is not None
    path = f"/appointments/{appointment['id']}"
    house.saw("B5", house.agent.get(path)["status"] == "no_show")
    calls = house.agent.get("/calls", state="open", customer_id=visit.car.customer_id)["items"]
    house.saw("B5", calls)
    yield house.later(20)
    if fate == "comes_late":
        yield from comes(visit)
    elif fate == "forgets_and_books_anew" and (free := a_free_time(house, appointment["service_type"], house.today)) is not None:
        visit.appointment = house.agent.post(f"{path}/reschedule", {"starts_at": free, "reason": "错过了预约"})
        house.saw("B5", visit.appointment["status"] == "confirmed")
        house.agenda.begin(begins_at(visit.appointment), comes(visit))
    else:
        done = house.agent.post(f"/calls/{calls[0]['id']}/complete", {"outcome": "later", "note": "下周再约"})
        house.saw("B10", done["outcome"] == "later")


def _wait_list(house: House, day: date) -> Story:
    """Somebody waits for the one place of a slot, and it is given up: they take the offer, or let it lapse (B15)."""
    holder, waiter = house.town.car(), house.town.car()
    free = a_free_time(house, "body", day)
    if free is None:
        return
    ids = []
    for car in (holder, waiter):
        open_files(house, car)
        asked = {"customer_id": car.customer_id, "vehicle_id": car.vehicle_id, "channel": "phone", "service_type": "body"}
        one = house.agent.post("/appointments", {**asked, "starts_at": free, "complaint": car.complaint, "wait_list": True})
        ids.append(one["id"])
    house.saw("B1", one["status"] == "wait_listed")
    yield house.later(10)
    house.agent.post(f"/appointments/{ids[0]}/cancel", {"reason": "车已修好"})
    waiting = house.agent.get(f"/appointments/{ids[1]}")
    house.saw("B15", waiting["held_until"])
    if house.one_in(2, "offer"):
        yield house.later(5)
        taken = house.agent.post(f"/appointments/{ids[1]}/confirm")
        house.saw("B15", taken["status"] == "confirmed" and taken["has_place"])
        house.agenda.begin(begins_at(taken), comes(Visit(house, waiter, taken)))
    else:
        yield house.later(16)
        house.saw("B15", house.agent.get(f"/appointments/{ids[1]}")["held_until"] is None)


def begins_at(appointment: Found) -> datetime:
    """When an appointment is, by the dealer's clock."""
    return _local(appointment["starts_at"])


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(ZONE)
