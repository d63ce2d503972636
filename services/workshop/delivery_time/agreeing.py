"""Agreeing on when a car is handed over (Rule W13): never more cars at a time than the dealer hands over, however many ask.

Whoever chooses a time holds the dealer's deliveries meanwhile; the order is locked before that.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from chassis import Refused, Work
from chassis.wire.ahead import QUARTER, require_ahead
from contracts.workshop.delivery_time import BookDelivery, CancelDelivery, MoveDelivery, SetDeliverySettings
from services.workshop.delivery_time.delivery_time import DeliveryTime
from services.workshop.delivery_time.settings import DeliverySettings, PeakRules, Slot, is_kept_from_peaks, is_peak
from services.workshop.delivery_time.slots import free_slots
from services.workshop.order.promised import learn_promise
from services.workshop.order.status import NOT_READY
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.opening_hours import Opening


def set_settings(work: Work, command: SetDeliverySettings) -> DeliverySettings:
    """Deliveries that are agreed keep their time."""
    settings = work.edit_settings(DeliverySettings)
    settings.replace(command)
    return settings


def book(work: Work, command: BookDelivery) -> DeliveryTime:
    """Raises Refused for an order that has one, before the car is promised or while no time is, and when the time is full or not
    for such a car."""
    order = work.edit(WorkOrder, command.work_order_id)
    if order.delivery_at is not None:
        raise Refused("delivery_agreed", starts_at=order.delivery_at)
    booked = DeliveryTime.book(order, _take(work, order, command.starts_at), command.note, by=work.actor, at=work.now)
    work.add(booked)
    learn_promise(work, order)
    return booked


def move(work: Work, command: MoveDelivery) -> DeliveryTime:
    """Raises Refused as `book` does."""
    order, standing = _of(work, command.work_order_id)
    standing.move(_take(work, order, command.starts_at, but=standing), command.reason)
    return standing


def cancel(work: Work, command: CancelDelivery) -> DeliveryTime:
    """Raises Refused if nothing is agreed."""
    _, standing = _of(work, command.work_order_id)
    standing.cancel(command.reason, by=work.actor, at=work.now)
    return standing


def keep(work: Work, order: WorkOrder) -> None:
    """The car was delivered; what was agreed is over."""
    if order.delivery_at is not None:
        _standing(work, order).keep(by=work.actor, at=work.now)


def call_off(work: Work, order: WorkOrder, reason: str) -> None:
    """There is nothing to deliver; nothing to do where nothing was agreed."""
    if order.delivery_at is not None:
        _standing(work, order).cancel(reason, by=work.actor, at=work.now)


def at_peak(work: Work, order: WorkOrder, rules: PeakRules | None) -> Iterator[Refused]:
    """That the car is not handed over at a peak, and now is one; who has agreed on a time is served from then on, however late.

    None: the dealer's settings are not known here yet.
    """
    if rules is None or not is_peak(rules, work.now, work.now, work.profile.zone):
        return
    agreed = order.delivery_at is not None and order.delivery_at <= work.now
    if not agreed and is_kept_from_peaks(rules, order):
        yield _not_at_peak(work, order, work.now)


def _of(work: Work, work_order_id: str) -> tuple[WorkOrder, DeliveryTime]:
    order = work.edit(WorkOrder, work_order_id)
    if order.delivery_at is None:
        raise Refused("delivery_not_agreed")
    return order, _standing(work, order)


def _standing(work: Work, order: WorkOrder) -> DeliveryTime:
    with work.without_autoflush():
        found = work.first(DeliveryTime.standing(order.id))
    assert found is not None, "the order says that there is one"
    work.change(found)
    return found


def _take(work: Work, order: WorkOrder, starts_at: datetime, *, but: DeliveryTime | None = None) -> Slot:
    work.advisory_lock("delivery_times")
    require_ahead("starts_at", starts_at, work.now, days=QUARTER)
    if order.status in NOT_READY:
        if order.promised_at is None:
            raise Refused("nothing_promised")
        if starts_at < order.promised_at:
            raise Refused("delivery_before_promise", field="starts_at", starts_at=starts_at, promised_at=order.promised_at)
    settings = work.settings(DeliverySettings)
    slots = settings.slots(Opening(work), starts_at, 1, work.profile.zone)
    slot = next((one for one in slots if one.starts_at == starts_at), None)
    if slot is None:
        raise Refused("no_delivery_slot", field="starts_at", starts_at=starts_at)
    if slot.peak and is_kept_from_peaks(settings.peaks, order):
        raise _not_at_peak(work, order, starts_at)
    if _taken(work, slot, but) >= slot.cars:
        raise Refused("delivery_slot_full", field="starts_at", starts_at=starts_at)
    return slot


def _taken(work: Work, slot: Slot, but: DeliveryTime | None) -> int:
    """How many cars are handed over in any part of it."""
    found = select(func.count()).select_from(DeliveryTime)
    found = found.where(
        DeliveryTime.state == "booked", DeliveryTime.starts_at < slot.ends_at, DeliveryTime.ends_at > slot.starts_at
    )
    if but is not None:
        found = found.where(DeliveryTime.id != but.id)
    with work.without_autoflush():
        [row] = work.execute(found)
    return int(row[0])


def _not_at_peak(work: Work, order: WorkOrder, at: datetime) -> Refused:
    """With the next time that is possible, if there is one in sight."""
    coming = next((free.starts_at for free in free_slots(work, order, at)), None)
    if coming is None:
        return Refused("no_delivery_slot", field="starts_at", starts_at=at)
    return Refused("not_delivered_at_peak", field="starts_at", starts_at=at, possible_at=coming)
