"""What a car's odometer last showed (Rules W2, W13)."""

from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, desc, literal, select, union_all

from chassis import DEALER, Refused, Work
from contracts.odometer import FAR, doubt
from contracts.shared import VehicleFacts
from services.workshop.order.battery import BatteryCheck, BatteryTrend
from services.workshop.order.delivered_visit import DeliveredVisit
from services.workshop.order.odometer_reading import OdometerReading
from services.workshop.order.road_test import RoadTest
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.vehicle import KnownVehicle


def _newest_reading() -> Select[Any]:
    car: BindParameter[str] = bindparam("vehicle_id")
    vin: BindParameter[str] = bindparam("vin")
    files = select(literal(0).label("rank"), KnownVehicle.mileage_at.label("at"), KnownVehicle.mileage.label("mileage")).where(
        KnownVehicle.dealer_id == DEALER, KnownVehicle.id == car, KnownVehicle.mileage.is_not(None)
    )
    at_the_door = select(literal(1), OdometerReading.read_at, OdometerReading.mileage).where(
        OdometerReading.dealer_id == DEALER, OdometerReading.vehicle_id == car
    )
    ours = WorkOrder.dealer_id == DEALER, WorkOrder.vehicle_id == car, WorkOrder.status != Status.VOID
    openings = select(literal(2), WorkOrder.opened_at, WorkOrder.opening_mileage).where(
        *ours, WorkOrder.opening_mileage.is_not(None)
    )
    batteries = _on_an_order(3, BatteryCheck, BatteryCheck.measured_at, BatteryCheck.mileage).where(*ours)
    drives = _on_an_order(3, RoadTest, RoadTest.recorded_at, RoadTest.mileage_after).where(
        *ours, RoadTest.mileage_after.is_not(None)
    )
    deliveries = select(literal(4), WorkOrder.delivered_at, WorkOrder.mileage).where(*ours, WorkOrder.delivered_at.is_not(None))
    visits = select(literal(4), DeliveredVisit.delivered_at, DeliveredVisit.mileage).where(
        DeliveredVisit.vin == vin, DeliveredVisit.dealer != DEALER
    )
    trend = select(literal(3), BatteryTrend.measured_at, BatteryTrend.mileage).where(
        BatteryTrend.vin == vin, BatteryTrend.dealer != DEALER
    )
    ours_and_theirs = files, at_the_door, openings, batteries, drives, deliveries, visits, trend
    readings: Any = union_all(*ours_and_theirs).subquery().c
    # Of two at once, what was read later in a visit counts.
    return select(readings.mileage).order_by(desc(readings.at), desc(readings.rank), desc(readings.mileage)).limit(1)


def _on_an_order(rank: int, kind: Any, at: Any, mileage: Any) -> Select[Any]:
    """Readings that were taken on orders."""
    of_it = and_(WorkOrder.dealer_id == kind.dealer_id, WorkOrder.id == kind.work_order_id)
    return select(literal(rank), at, mileage).join(WorkOrder, of_it)


LAST_MILEAGE = _newest_reading()
"""The newest reading of `vehicle_id` - crm's file, signed sheets of legs, and of orders that are not void openings, measured
batteries, drives, deliveries that were not reversed; of other dealers, by `vin`, what the group knows: deliveries and measured
batteries - and not the highest: odometers are replaced."""


def refuse_doubtful(known: int | None, mileage: int, reason: str | None, *, field: str = "mileage", far: int = FAR) -> None:
    """An odometer that shows less than it last did, or far more, wants a reason."""
    doubted = None if reason is not None else doubt(known, mileage, far=far)
    if doubted == "went_back":
        raise Refused("mileage_went_back", field=field, known=known)
    if doubted == "far_ahead":
        raise Refused("mileage_far_ahead", field=field, known=known)


def refuse_doubtful_of(work: Work, car: VehicleFacts, mileage: int, reason: str | None, *, field: str = "mileage") -> None:
    """The same, of a car: beside what it showed last, whoever read that."""
    refuse_doubtful(last_mileage(work, car), mileage, reason, field=field)


def last_mileage(work: Work, car: VehicleFacts) -> int | None:
    """What the car's odometer last showed, if anybody ever read it."""
    newest = work.ask(LAST_MILEAGE, vehicle_id=car.vehicle_id, vin=car.vin)
    return newest[0].mileage if newest else None
