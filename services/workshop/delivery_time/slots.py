"""Which times are free for a car (Rule W13)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from chassis import Work
from contracts.workshop.delivery_time import DeliverySlot
from services.workshop.delivery_time.delivery_time import DeliveryTime
from services.workshop.delivery_time.settings import DeliverySettings, Slot, is_kept_from_peaks
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.opening_hours import Opening

LOOKED_AHEAD = 14
"""So many days are looked at."""


def free_slots(work: Work, order: WorkOrder, since: datetime) -> Iterator[DeliverySlot]:
    """The times that are left for this car, from then on, the earliest first."""
    settings = work.settings(DeliverySettings)
    kept = is_kept_from_peaks(settings.peaks, order)
    since = max(since, work.now)
    coming = list(settings.slots(Opening(work), since, LOOKED_AHEAD, work.profile.zone))
    first = work.profile.local(since).date()
    for one in filled(work, coming, first, first + timedelta(days=LOOKED_AHEAD)):
        if one.starts_at >= since and one.starts_at > work.now and one.free and not (one.peak and kept):
            yield one


def filled(work: Work, slots: Sequence[Slot], first: date, last: date) -> list[DeliverySlot]:
    """The times of these days with what is free, by one read."""
    of_days = work.profile.within(DeliveryTime.starts_at, first, last)
    with work.without_autoflush():
        rows = work.execute(select(DeliveryTime.starts_at, DeliveryTime.ends_at).where(DeliveryTime.state == "booked", *of_days))
    taken = [(row.starts_at, row.ends_at) for row in rows]
    return [_with_room(one, taken) for one in slots]


def _with_room(slot: Slot, taken: Sequence[tuple[datetime, datetime]]) -> DeliverySlot:
    at_once = sum(begins < slot.ends_at and ends > slot.starts_at for begins, ends in taken)
    return DeliverySlot(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        cars=slot.cars,
        free=max(0, slot.cars - at_once),
        peak=slot.peak,
    )
