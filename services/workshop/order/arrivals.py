"""Cars that came on a day (Rule W22): each once, with or without an order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select

from chassis import Work
from contracts.workshop.daily_report import ArrivedCar
from services.workshop.lane.lane_car import LaneCar
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder


def arrivals_of(work: Work, day: date) -> tuple[list[WorkOrder], list[ArrivedCar]]:
    """The orders by which cars came, the oldest first, and the cars that have none."""
    came = work.profile.within(WorkOrder.opened_at, day, day)
    standing = select(WorkOrder).where(*came, WorkOrder.status != Status.VOID)
    opened = work.all(standing.order_by(WorkOrder.opened_at, WorkOrder.id))
    here = _here(work, day, {one.vehicle_id for one in opened})
    orders = [one for one in opened if not any(_was_here(other, one) for other in here[one.vehicle_id])]
    in_lane = select(LaneCar).where(*work.profile.within(LaneCar.arrived_at, day, day))
    vehicles, plates = {one.vehicle_id for one in orders}, {one.plate_key for one in orders}
    without: dict[str, LaneCar] = {}
    for car in work.all(in_lane.where(~_ordered()).order_by(LaneCar.arrived_at, LaneCar.id)):
        if car.vehicle_id not in vehicles if car.vehicle_id else car.plate_key not in plates:
            without.setdefault(car.vehicle_id or car.plate_key, car)
    return orders, [_described(car) for car in without.values()]


def _here(work: Work, day: date, vehicle_ids: Iterable[str]) -> Mapping[str, Sequence[Row[Any]]]:
    """By car, the orders that were not handed over before the day began."""
    columns = WorkOrder.id, WorkOrder.vehicle_id, WorkOrder.opened_at, WorkOrder.delivered_at
    stood = or_(WorkOrder.delivered_at.is_(None), WorkOrder.delivered_at >= work.profile.midnight(day))
    asked = select(*columns).where(WorkOrder.vehicle_id.in_(sorted(vehicle_ids)), WorkOrder.status != Status.VOID, stood)
    found = defaultdict[str, list[Row[Any]]](list)
    for row in work.execute(asked):
        found[row.vehicle_id].append(row)
    return found


def _was_here(other: Row[Any], order: WorkOrder) -> bool:
    """It was opened before, and its car had not been handed over when this one was."""
    before = (other.opened_at, other.id) < (order.opened_at, order.id)
    return before and (other.delivered_at is None or other.delivered_at > order.opened_at)


def _ordered() -> ColumnElement[bool]:
    """What was taken over by an order that stands, that day or later, is counted by it."""
    return exists().where(
        WorkOrder.dealer_id == LaneCar.dealer_id, WorkOrder.id == LaneCar.work_order_id, WorkOrder.status != Status.VOID
    )


def _described(car: LaneCar) -> ArrivedCar:
    return ArrivedCar(
        plate=car.plate,
        appointment_id=car.appointment_id,
        customer_name=car.customer_name,
        arrived_at=car.arrived_at,
        left=car.left,
    )
