"""When the service manager must act on the lane, and what they did (Rule W1).

Whatever fills the lane, empties it or escalates holds one lock of the dealer: of two at once, the second sees the first.
"""

from typing import Any

from sqlalchemy import func, or_, select

from chassis import Refused, Work, set_timer
from contracts.workshop.lane import LaneTrigger, RaiseLaneAlert, RelieveLane
from services.workshop.lane.lane_alert import LaneAlert
from services.workshop.lane.lane_car import LaneCar
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.lane.ticket import take_ticket

LOCK = "lane"


def watch(work: Work, car: LaneCar) -> None:
    """After a car of the lane has changed, under the lane's lock: its clock runs or stops, and the lane is full or has room.

    A full lane escalates once until that is relieved: while nobody has, one that fills again is the same.
    """
    may_be_overdue = car.standing and work.find(LaneAlert, LaneAlert.overdue_of(car.id)) is None
    set_timer(work, "escalate_overdue_car", car.id, car.alert_at if may_be_overdue else None)
    full = cars_in_lane(work) >= work.settings(ReceptionSettings).alert_cars
    open_ones = or_(LaneAlert.ended_at.is_(None), LaneAlert.relieved_at.is_(None))
    told = work.first(select(LaneAlert).where(LaneAlert.trigger == "full", open_ones).order_by(LaneAlert.raised_at.desc()))
    if full and told is None:
        _escalate(work, "full")
    elif told is not None and full != (told.ended_at is None):
        told.ended_at = None if full else work.now
        work.change(told)


def escalate_overdue(work: Work, lane_car_id: str) -> None:
    """A car has been there too long, greeted or not: told once. What has left or is set aside is not there."""
    work.advisory_lock(LOCK)
    car = work.lock(LaneCar, lane_car_id)
    assert car is not None, "a car of the lane is never deleted"
    told = LaneAlert.overdue_of(car.id)
    if car.standing and car.alert_at <= work.now and work.find(LaneAlert, told) is None:
        _escalate(work, "overdue", id=told, lane_car_id=car.id, plate=car.plate)


def raise_alert(work: Work, command: RaiseLaneAlert) -> LaneAlert:
    """The guard calls. While a call of theirs is not relieved, a further one is the same."""
    work.advisory_lock(LOCK)
    guard = select(LaneAlert).where(LaneAlert.trigger == "guard", LaneAlert.ended_at.is_(None))
    return work.first(guard) or _escalate(work, "guard", raised_by=work.actor, note=command.note)


def relieve(work: Work, command: RelieveLane) -> LaneAlert:
    """Record relief, cause and measure, and give the relief to the car that is named."""
    work.advisory_lock(LOCK)
    alert = work.edit(LaneAlert, command.lane_alert_id)
    if command.lane_car_id is not None:
        if command.relief == "none_needed":
            raise Refused("relief_of_no_car")
        car = work.edit(LaneCar, command.lane_car_id)
        if command.relief == "ticket":
            take_ticket(work, car)
        else:
            car.set_aside(command.relief, command.place)
        watch(work, car)
    alert.relieve(command.relief, command.lane_cause, command.measure, by=work.actor, at=work.now)
    return alert


def cars_in_lane(work: Work) -> int:
    """How many stand there now, without those set aside."""
    here = select(func.count()).select_from(LaneCar).where(LaneCar.left_at.is_(None), LaneCar.aside.is_(None))
    [row] = work.execute(here)
    return int(row[0])


def _escalate(work: Work, trigger: LaneTrigger, **more: Any) -> LaneAlert:
    alert = LaneAlert(
        trigger=trigger,
        month=f"{work.profile.local(work.now):%Y-%m}",
        raised_at=work.now,
        cars=cars_in_lane(work),
        **more,
    ).escalate()
    work.add(alert)
    return alert
