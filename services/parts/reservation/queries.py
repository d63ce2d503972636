"""Queries of reservations."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from chassis import Invalid, NotFound, Work, page
from contracts.parts import reservation as contract
from contracts.parts.reservation import GetReservation, ListReservations, ListShortParts, Reservations, ShortParts, Waiting
from services.parts.catalogue.part import Part, numbers_of, parts_of
from services.parts.reservation.line import ReservationLine
from services.parts.reservation.reservation import Reservation
from services.parts.special_order.expected import Expected
from services.parts.special_order.order_part import awaited_parts
from services.parts.special_order.special_order import open_orders

Ordered = Mapping[tuple[str | None, str], Expected]

_FIRST_NEEDED = (Reservation.needed_at, Reservation.id)


def get_reservation(work: Work, query: GetReservation) -> contract.Reservation:
    """Raises Invalid unless exactly one of the two is named."""
    if (query.appointment_id is None) == (query.work_order_id is None):
        raise Invalid.field("work_order_id", "needs_appointment_or_work_order")
    identity = Reservation.id_for(appointment_id=query.appointment_id, work_order_id=query.work_order_id)
    found = work.find(Reservation, identity)
    if found is None:
        raise NotFound("not_found", kind="reservation", id=query.work_order_id or query.appointment_id)
    return _picked(found, parts_of(work, found.numbers), _ordered(work, [found]))


def list_reservations(work: Work, query: ListReservations) -> Reservations:
    """Reservations by state, the first needed first."""
    found = select(Reservation).where(Reservation.state == query.state)
    if query.to_issue:
        found = found.where(Reservation.work_order_id.is_not(None), Reservation.lines.any(ReservationLine.is_to_issue()))
    items, cursor = page(work, found, query, keys=_FIRST_NEEDED, ascending=True)
    catalogue = parts_of(work, (number for one in items for number in one.numbers))
    ordered = _ordered(work, items)
    return Reservations(items=[_picked(one, catalogue, ordered) for one in items], next_cursor=cursor)


def list_short_parts(work: Work, query: ListShortParts) -> ShortParts:
    """Open reservations that stock cannot cover."""
    number = None if query.part_number is None else numbers_of(work, [query.part_number]).of(query.part_number)
    waits = ReservationLine.is_short()
    if number is not None:
        waits &= ReservationLine.number == number
    found = select(Reservation).where(Reservation.state == "open", Reservation.lines.any(waits))
    items, cursor = page(work, found, query, keys=_FIRST_NEEDED, ascending=True)
    ordered = _ordered(work, items)
    return ShortParts(items=[_waiting(one, number, ordered) for one in items], next_cursor=cursor)


def _ordered(work: Work, found: Iterable[Reservation]) -> Ordered:
    """What of them is on special order; nothing is asked where nothing can be."""
    waiting = [one for one in found if one.state == "open"]
    booked = open_orders(work, (one.appointment_id for one in waiting if one.on_order))
    return {**booked, **awaited_parts(work, (one.work_order_id for one in waiting if one.awaits_parts))}


def _picked(one: Reservation, catalogue: Mapping[str, Part], ordered: Ordered) -> contract.Reservation:
    """The reservation as the pick list shows it, with what the catalogue says of its parts."""
    is_open = one.state == "open"
    return contract.Reservation(
        id=one.id,
        version=one.version,
        state=one.state,
        appointment_id=one.appointment_id,
        work_order_id=one.work_order_id,
        plate=one.plate,
        tag_date=one.tag_date,
        bay=one.bay,
        arrived_at=one.arrived_at,
        due=is_open and (one.arrived_at is not None or one.work_order_id is not None),
        order_number=one.order_number,
        promised_at=one.promised_at,
        needed_at=one.needed_at,
        opened_at=one.opened_at,
        lines=[line.describe(catalogue.get(line.number), _order_of(one, line, ordered), waiting=is_open) for line in one.lines],
    )


def _order_of(one: Reservation, line: ReservationLine, ordered: Ordered) -> Expected | None:
    owners = (one.appointment_id, one.work_order_id) if line.short_units else ()
    return next((found for owner in owners if (found := ordered.get((owner, line.asked_for)))), None)


def _waiting(one: Reservation, number: str | None, ordered: Ordered) -> Waiting:
    """Who waits, and for which parts; for one of them only, if a number is given."""
    return Waiting(
        appointment_id=one.appointment_id,
        work_order_id=one.work_order_id,
        order_number=one.order_number,
        plate=one.plate,
        promised_at=one.promised_at,
        needed_at=one.needed_at,
        opened_at=one.opened_at,
        lines=[
            line.describe_short(_order_of(one, line, ordered))
            for line in one.lines
            if line.short_units and number in (None, line.number)
        ],
    )
