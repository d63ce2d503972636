"""What follows from a reservation that has changed: losses that are made good (Rule P3), special orders (Rules B6, P5)."""

from chassis import Work
from services.parts.purchasing.arrivals import tell_arrivals
from services.parts.reservation.losing import settle_losses
from services.parts.reservation.reservation import Reservation
from services.parts.special_order.expected import Need
from services.parts.special_order.order_part import OrderPart, parts_of_order
from services.parts.special_order.special_order import SpecialOrder, orders_of


def settle(work: Work, reservation: Reservation) -> None:
    """Its tasks and special orders are as the reservation is now."""
    settle_losses(work, reservation)
    order_short(work, reservation)


def order_short(work: Work, reservation: Reservation) -> None:
    """What an appointment lacks is on special order, no more and no less, until it is there or not wanted any more.

    Once it became an order, what was on special order for it is so whenever the order lacks it; what else the order lacks is on
    special order as the order's own.
    """
    if reservation.state == "moved":
        return  # what the order took over, the order sees to
    if reservation.customer_id is None and not reservation.on_order:
        return  # nobody knows yet whose it is
    short = reservation.short_by_request()
    if not (reservation.on_order or reservation.awaits_parts or short):
        return
    changed: list[SpecialOrder | OrderPart] = []
    if reservation.appointment_id is not None:
        changed += _of_the_appointment(work, reservation, reservation.appointment_id, short)
    reservation.on_order = reservation.on_order or bool(changed)
    if reservation.work_order_id is not None:
        awaited = _of_the_order(work, reservation, reservation.work_order_id, short)
        if awaited:
            reservation.awaits_parts = True
        changed += awaited
    tell_arrivals(work, {one.part_number for one in changed if one.announced})


def _of_the_appointment(
    work: Work, reservation: Reservation, appointment_id: str, short: dict[str, tuple[str, int]]
) -> list[SpecialOrder | OrderPart]:
    """Those that changed; what they are for is taken out of what is short."""
    changed: list[SpecialOrder | OrderPart] = []
    for asked_for, order in orders_of(work, appointment_id).items():
        if asked_for in short:
            need = _need(work, reservation, *short.pop(asked_for))
            if order.asks_for(need):
                continue
            work.change(order)
            order.want(need, at=work.now)
        elif order.state == "open":
            work.change(order)
            if reservation.wants(asked_for):
                order.settle(at=work.now)
            else:
                order.withdraw(at=work.now)
        else:
            continue
        changed.append(order)
    if reservation.work_order_id is None and reservation.customer_id is not None:
        for asked_for, (number, units) in short.items():
            need = _need(work, reservation, number, units)
            visit_id = reservation.visit_id
            order = SpecialOrder.of(appointment_id, reservation.customer_id, asked_for, need, at=work.now, visit_id=visit_id)
            work.add(order)
            changed.append(order)
    return changed


def _of_the_order(
    work: Work, reservation: Reservation, work_order_id: str, short: dict[str, tuple[str, int]]
) -> list[SpecialOrder | OrderPart]:
    changed: list[SpecialOrder | OrderPart] = []
    for asked_for, part in (parts_of_order(work, work_order_id) if reservation.awaits_parts else {}).items():
        if asked_for in short:
            need = _need(work, reservation, *short.pop(asked_for))
            if part.waits_for(need):
                continue
            work.change(part)
            part.wait(need, at=work.now)
        elif not reservation.wants(asked_for):
            if part.state == "closed":
                continue
            work.change(part)
            part.close(at=work.now)
        elif part.state == "awaited":
            work.change(part)
            part.arrive(at=work.now)
        else:
            continue
        changed.append(part)
    if reservation.customer_id is not None:
        for asked_for, (number, units) in short.items():
            need = _need(work, reservation, number, units)
            part = OrderPart.of(
                work_order_id, reservation.customer_id, asked_for, need, at=work.now, visit_id=reservation.visit_id
            )
            work.add(part)
            changed.append(part)
    return changed


def _need(work: Work, reservation: Reservation, number: str, units: int) -> Need:
    return Need(
        number=number,
        units=units,
        plate=reservation.plate,
        wanted_by=reservation.needed_at,
        wanted_on=work.profile.local(reservation.needed_at).date(),
        work_order_id=reservation.work_order_id,
        order_number=reservation.order_number,
    )
