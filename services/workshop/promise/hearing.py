"""What parts says of the parts that an order waits for: kept, and its promise is looked at again (Rules P3, B6, W10)."""

from chassis import Work, set_timer
from contracts.parts.events import PartsReserved, SpecialOrderEvent
from contracts.parts.order_part_events import OrderPartEvent
from services.workshop.projections.order_parts import OrderParts
from services.workshop.projections.recording import record_order_part, record_special_order
from services.workshop.projections.recording import record_reservation as keep_reservation


def record_reservation(work: Work, event: PartsReserved) -> None:
    """Something is short, or has come."""
    known = work.find(OrderParts, event.work_order_id)
    keep_reservation(work, event)
    if event.short or (known is not None and not known.complete):
        set_timer(work, "watch_promise", event.work_order_id, work.now)


def follow_special_order(work: Work, event: SpecialOrderEvent) -> None:
    """It is expected on another day."""
    record_special_order(work, event)
    if event.special_order.work_order_id is not None:
        set_timer(work, "watch_promise", event.special_order.work_order_id, work.now)


def follow_order_part(work: Work, event: OrderPartEvent) -> None:
    """What the order waits for is expected on another day, or here (Rule P5)."""
    record_order_part(work, event)
    set_timer(work, "watch_promise", event.order_part.work_order_id, work.now)
