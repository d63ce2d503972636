"""Queries of reservations."""

from sqlalchemy import select

from chassis import Invalid, NotFound, Work, page
from contracts.parts.reservation import GetReservation, ListReservations, Reservations
from services.parts.reservation.reservation import Reservation


def get_reservation(work: Work, query: GetReservation) -> Reservation:
    """Raises Invalid unless exactly one of the two is named."""
    if (query.appointment_id is None) == (query.work_order_id is None):
        raise Invalid.field("work_order_id", "needs_appointment_or_work_order")
    identity = Reservation.id_for(appointment_id=query.appointment_id, work_order_id=query.work_order_id)
    found = work.find(Reservation, identity)
    if found is None:
        raise NotFound("not_found", kind="reservation", id=query.work_order_id or query.appointment_id)
    return found


def list_reservations(work: Work, query: ListReservations) -> Reservations:
    """Reservations by state."""
    found = select(Reservation)
    if query.state is not None:
        found = found.where(Reservation.state == query.state)
    items, cursor = page(work, found, keys=(Reservation.id,), cursor=query.cursor, limit=query.limit, filters=(query.state,))
    return Reservations(items=[one.describe() for one in items], next_cursor=cursor)
