"""When what is on special order comes: with a purchase order, on the day its supplier named (Rules P4, P5, W6)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from chassis import Work
from services.parts.purchasing.line import ON_ITS_WAY, PurchaseLine
from services.parts.purchasing.supply import tell_terms
from services.parts.special_order.order_part import OrderPart
from services.parts.special_order.special_order import SpecialOrder


@dataclass
class _Coming:
    purchase_order_id: str
    on: date
    units: int
    ordered_for: str | None


def tell_arrivals(work: Work, numbers: Collection[str]) -> None:
    """Share out what is on its way of these parts among those who wait for it, the oldest first; the caller has opened the stock.

    What was ordered for one of them is that one's. Whoever would get all of theirs learns on which day. Of who would not, nobody
    knows; a day that somebody said by hand stays.
    """
    waiting = sorted(_waiting(work, sorted(numbers)), key=lambda one: (one.raised_at, one.id)) if numbers else []
    coming: dict[str, list[_Coming]] = {}
    for number, one in _on_their_way(work, {order.part_number for order in waiting}):
        coming.setdefault(number, []).append(one)
    ids = {order.id for order in waiting}
    for order in waiting:
        others = ids - {order.id}
        open_to_it = [one for one in coming.get(order.part_number, []) if one.ordered_for not in others]
        last = _taken(sorted(open_to_it, key=lambda one: one.ordered_for != order.id), order.quantity_units)
        if order.comes_otherwise(*((last.purchase_order_id, last.on) if last else (None, None))):
            work.change(order)
            order.comes(*((last.purchase_order_id, last.on) if last else (None, None)))
    tell_terms(work, numbers)


def _waiting(work: Work, numbers: Collection[str]) -> Iterator[SpecialOrder | OrderPart]:
    booked = select(SpecialOrder).where(SpecialOrder.state == SpecialOrder.OPEN, SpecialOrder.part_number.in_(numbers))
    yield from work.all(booked.order_by(SpecialOrder.id).with_for_update())
    lacking = select(OrderPart).where(OrderPart.state == OrderPart.OPEN, OrderPart.part_number.in_(numbers))
    yield from work.all(lacking.order_by(OrderPart.id).with_for_update())


def _on_their_way(work: Work, numbers: Collection[str]) -> Iterator[tuple[str, _Coming]]:
    if not numbers:
        return
    found = select(PurchaseLine).where(PurchaseLine.part_number.in_(sorted(numbers)), ON_ITS_WAY)
    for line in work.all(found.order_by(PurchaseLine.expected_on, PurchaseLine.id)):
        if line.expected_on is not None and line.outstanding:
            yield line.part_number, _Coming(line.purchase_order_id, line.expected_on, line.outstanding, line.ordered_for)


def _taken(coming: list[_Coming], units: int) -> _Coming | None:
    """The latest of what is taken for so many units; None, and nothing is taken, where there are not so many."""
    if sum(one.units for one in coming) < units:
        return None
    last: _Coming | None = None
    for one in coming:
        if units <= 0:
            break
        if one.units:
            taken = min(one.units, units)
            one.units, units = one.units - taken, units - taken
            last = one if last is None or one.on >= last.on else last
    return last
