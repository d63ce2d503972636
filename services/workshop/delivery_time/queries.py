"""Questions about when cars are handed over (Rule W13)."""

from itertools import islice

from sqlalchemy import select

from chassis import Work
from chassis.wire.wall import on_the_wall
from contracts.workshop.delivery_time import (
    CarToPlan,
    DeliveryDay,
    DeliveryPlan,
    GetDeliveryDay,
    GetDeliveryPlan,
    GetDeliverySettings,
)
from services.workshop.delivery_time.delivery_time import DeliveryTime
from services.workshop.delivery_time.settings import DeliverySettings, is_kept_from_peaks
from services.workshop.delivery_time.slots import filled, free_slots
from services.workshop.order.status import NOT_READY, Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.opening_hours import Opening

OFFERED = 24
SHOWN = 500


def get_plan(work: Work, query: GetDeliveryPlan) -> DeliveryPlan:
    """Raises NotFound, also when it is another dealer's."""
    order = work.get(WorkOrder, query.work_order_id)
    found = work.first(DeliveryTime.standing(order.id))
    settings = work.settings(DeliverySettings)
    since = order.promised_at if order.promised_at is not None and order.status is not Status.READY else work.now
    nobody_knows = order.status in NOT_READY and order.promised_at is None
    if query.from_day is not None:
        since = max(since, on_the_wall(query.from_day, "00:00", work.profile.zone))
    return DeliveryPlan(
        work_order_id=order.id,
        appointment=None if found is None else found.describe(),
        kept_from_peaks=is_kept_from_peaks(settings.peaks, order),
        offers=[] if nobody_knows else list(islice(free_slots(work, order, since), OFFERED)),
    )


def get_day(work: Work, query: GetDeliveryDay) -> DeliveryDay:
    """By one read each of the day's deliveries and of the cars that are ready."""
    zone = work.profile.zone
    day = query.day or work.profile.local(work.now).date()
    slots = work.settings(DeliverySettings).slots(Opening(work), on_the_wall(day, "00:00", zone), 1, zone)
    of_day = *work.profile.within(DeliveryTime.starts_at, day, day), DeliveryTime.state != "cancelled"
    found = work.all(select(DeliveryTime).where(*of_day).order_by(DeliveryTime.starts_at, DeliveryTime.id).limit(SHOWN))
    waiting = WorkOrder.status == Status.READY, WorkOrder.delivery_at.is_(None)
    to_plan = work.all(select(WorkOrder).where(*waiting).order_by(WorkOrder.promised_at, WorkOrder.id).limit(SHOWN))
    return DeliveryDay(
        day=day,
        slots=filled(work, list(slots), day, day),
        deliveries=[one.in_day() for one in found],
        to_plan=[_to_plan(one) for one in to_plan],
    )


def get_settings(work: Work, query: GetDeliverySettings) -> DeliverySettings:
    """Raises NotYetKnown until the dealer is known."""
    return work.settings(DeliverySettings)


def _to_plan(order: WorkOrder) -> CarToPlan:
    return CarToPlan(
        work_order_id=order.id,
        order_number=order.number,
        plate=order.vehicle["plate"],
        customer_name=order.customer["name"],
        advisor=order.advisor,
        promised_at=order.promised_at,
    )
