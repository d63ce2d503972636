"""Queries of reservations."""

from sqlalchemy import select

from chassis import Invalid, NotFound, Work, page
from contracts.parts.reservation import GetReservation, ListReservations, ListShortParts, Reservations, ShortParts, Waiting
from services.parts.catalogue.part import numbers_of
from services.parts.reservation.line import ReservationLine
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
    items, cursor = page(work, found, query, keys=[Reservation.id])
    return Reservations(items=[one.describe() for one in items], next_cursor=cursor)


def list_short_parts(work: Work, query: ListShortParts) -> ShortParts:
    """Open reservations that stock cannot cover."""
    number = None if query.part_number is None else numbers_of(work, [query.part_number]).of(query.part_number)
    waits = ReservationLine.is_short()
    if number is not None:
        waits &= ReservationLine.number == number
    found = select(Reservation).where(Reservation.state == "open", Reservation.lines.any(waits))
    keys = (Reservation.needed_at, Reservation.id)
    items, cursor = page(work, found, query, keys=keys, ascending=True)
    return ShortParts(items=[_waiting(one, number) for one in items], next_cursor=cursor)


def _waiting(one: Reservation, number: str | None) -> Waiting:
    """Who waits, and for which parts; for one of them only, if a number is given."""
    return Waiting(
        appointment_id=one.appointment_id,
        work_order_id=one.work_order_id,
        order_number=one.order_number,
        plate=one.plate,
        promised_at=one.promised_at,
        needed_at=one.needed_at,
        opened_at=one.opened_at,
        lines=[line.describe_short() for line in one.lines if line.short_units and number in (None, line.number)],
    )
