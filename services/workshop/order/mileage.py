"""What a car's odometer last showed (Rules W2, W13)."""

from typing import Any

from sqlalchemy import desc, literal, select, union_all

from chassis import Refused, Work
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.vehicle import KnownVehicle


def refuse_lower(work: Work, vehicle_id: str, mileage: int, reason: str | None) -> None:
    """An odometer that shows less than it last did wants a reason."""
    known = last_mileage(work, vehicle_id)
    if known is not None and mileage < known and reason is None:
        raise Refused("mileage_went_back", known=known)


def last_mileage(work: Work, vehicle_id: str) -> int | None:
    """The newest reading of all - crm's file, openings, deliveries that were not reversed - and not the highest: odometers are
    replaced."""
    cars = select(literal(0).label("rank"), KnownVehicle.mileage_at.label("at"), KnownVehicle.mileage.label("mileage")).where(
        KnownVehicle.dealer_id == work.dealer, KnownVehicle.id == vehicle_id, KnownVehicle.mileage.is_not(None)
    )
    ours = WorkOrder.dealer_id == work.dealer, WorkOrder.vehicle_id == vehicle_id
    openings = select(literal(1), WorkOrder.opened_at, WorkOrder.opening_mileage).where(
        *ours, WorkOrder.opening_mileage.is_not(None)
    )
    deliveries = select(literal(2), WorkOrder.delivered_at, WorkOrder.mileage).where(*ours, WorkOrder.delivered_at.is_not(None))
    # One statement: a delivery is the busiest thing that asks. Of two at once, what was read later in a visit counts.
    together: Any = union_all(cars, openings, deliveries)
    readings = together.order_by(desc("at"), desc("rank"), desc("mileage")).limit(1)
    with work.without_autoflush():
        newest = work.execute(readings)
    return newest[0].mileage if newest else None
