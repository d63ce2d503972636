"""What follows from a reservation that has changed: losses that are made good (Rule P3), special orders (Rules B6, P5)."""

from chassis import Work
from services.parts.purchasing.arrivals import tell_arrivals
from services.parts.reservation.losing import settle_losses
from services.parts.reservation.reservation import Reservation
from services.parts.special_order.special_order import Need, SpecialOrder, orders_of


def settle(work: Work, reservation: Reservation) -> None:
    """Its tasks and special orders are as the reservation is now."""
    settle_losses(work, reservation)
    order_short(work, reservation)


def order_short(work: Work, reservation: Reservation) -> None:
    """What an appointment lacks is on special order, no more and no less, until it is there or not wanted any more.

    Once it became an order, what was on special order for it is so whenever the order lacks it; nothing else is added.
    """
    appointment_id, customer_id = reservation.appointment_id, reservation.customer_id
    if reservation.state == "moved" or appointment_id is None:
        return  # what the order took over, the order sees to
    booked = reservation.work_order_id is None and customer_id is not None
    short = reservation.short_by_request()
    if not (reservation.on_order or (booked and short)):
        return
    known = orders_of(work, appointment_id)
    for asked_for, order in known.items():
        if asked_for in short:
            need = _need(work, reservation, *short.pop(asked_for))
            if not order.asks_for(need):
                work.change(order)
                order.want(need, at=work.now)
        elif order.state == "open":
            work.change(order)
            if reservation.wants(asked_for):
                order.settle(at=work.now)
            else:
                order.withdraw(at=work.now)
    if booked and customer_id is not None:
        for asked_for, (number, units) in short.items():
            need = _need(work, reservation, number, units)
            visit_id = reservation.visit_id
            raised = SpecialOrder.of(appointment_id, customer_id, asked_for, need, at=work.now, visit_id=visit_id)
            work.add(raised)
            known[asked_for] = raised
    reservation.on_order = bool(known)
    tell_arrivals(work, {order.part_number for order in known.values() if order.announced})


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
