"""Following appointments and work orders (Rules B6, P3): what they want is set aside, moved, or free again.

Their facts come in any order: each reservation keeps the sequence of the newest it has taken in.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from chassis import NotFound, NotYet, Work
from contracts.booking.events import (
    AppointmentArrived,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMissed,
)
from contracts.shared import PartRequest
from contracts.workshop.events import WorkApproved, WorkOrderEvent, WorkOrderOpened, WorkOrderVoided
from services.parts.domain.catalogue import successors_of
from services.parts.domain.ledger import Stock, open_stock
from services.parts.domain.model import normalised
from services.parts.domain.reservation import Reservation, ReservationLine


def follow_appointment(work: Work, fact: AppointmentChanged) -> None:
    """Pre-pick what the booked car needs, or give it up; on arrival the pick list says that the car is here."""
    stock = open_stock(work, ())
    appointment = fact.appointment
    reservation = known(work, appointment_id=appointment.appointment_id) or _new(work, appointment_id=appointment.appointment_id)
    if _sequence(work) <= reservation.sequence:
        return
    reservation.sequence = _sequence(work)
    reservation.plate = appointment.vehicle.plate
    reservation.tag_date = work.profile.local(appointment.starts_at).date()
    if isinstance(fact, AppointmentArrived):
        reservation.arrived_at, reservation.bay = work.now if work.cause is None else work.cause.time, fact.bay
    if reservation.state == "moved":
        return
    if isinstance(fact, AppointmentCancelled | AppointmentMissed):
        stock = open_stock(work, reservation.numbers)
        fill_shorts(work, stock, reservation.release(stock))
        return
    reservation.state = "open"
    _want(work, reservation, appointment.parts, approved=False)


def follow_work_order(work: Work, fact: WorkOrderEvent) -> None:
    """Set aside what the customer approved: the difference to what the appointment and earlier approvals brought."""
    stock = open_stock(work, ())
    reservation = known(work, work_order_id=fact.work_order_id) or _new(work, work_order_id=fact.work_order_id)
    if isinstance(fact, WorkOrderVoided):
        stock = open_stock(work, reservation.numbers)
        fill_shorts(work, stock, reservation.release(stock))
        return
    if isinstance(fact, WorkOrderOpened):
        reservation.plate = fact.vehicle.plate
    if isinstance(fact, WorkOrderOpened | WorkApproved) and fact.appointment_id is not None:
        appointment = known(work, appointment_id=fact.appointment_id)
        if appointment is None:
            raise NotYet(f"appointment {fact.appointment_id} is not known here yet")
        stock = open_stock(work, appointment.numbers | reservation.numbers)
        freed = reservation.take_over(appointment, stock)
        fill_shorts(work, stock, freed)
    if isinstance(fact, WorkApproved) and _sequence(work) > reservation.sequence and reservation.state != "released":
        reservation.sequence = _sequence(work)
        _want(work, reservation, fact.parts, approved=True)


def known(work: Work, *, appointment_id: str | None = None, work_order_id: str | None = None) -> Reservation | None:
    """The reservation of an appointment or a work order, to be changed, if there is one. The caller has opened the stock."""
    try:
        # edit also finds one that an earlier message of this batch has made and that is not written yet.
        return work.edit(Reservation, Reservation.id_for(appointment_id=appointment_id, work_order_id=work_order_id))
    except NotFound:
        return None


def delivered_unseen(work: Work, work_order_id: str) -> Reservation:
    """The reservation of an order whose delivery is the first that is heard of it."""
    return _new(work, work_order_id=work_order_id)


def fill_shorts(work: Work, stock: Stock, numbers: Collection[str]) -> None:
    """Give what became available to those who wait for it, the oldest first."""
    wanting = sorted(number for number in numbers if stock.available(number) > 0)
    if not wanting:
        return
    short = ReservationLine.wanted_units > ReservationLine.reserved_units + ReservationLine.issued_units
    waiting = work.all(
        select(Reservation)
        .where(Reservation.state == "open", Reservation.lines.any(ReservationLine.number.in_(wanting) & short))
        .order_by(Reservation.opened_at, Reservation.id)
    )
    for reservation in waiting:
        stock = open_stock(work, reservation.numbers)
        if reservation.fill(stock, wanting):
            work.change(reservation)


def _want(work: Work, reservation: Reservation, parts: Iterable[PartRequest], *, approved: bool) -> None:
    asked_for = {normalised(part.part_number) for part in parts}
    successors = successors_of(work, asked_for) if asked_for else {}
    stock = open_stock(work, asked_for | set(successors.values()) | reservation.numbers)
    fill_shorts(work, stock, reservation.want(parts, stock, successors, approved=approved))


def _new(work: Work, *, appointment_id: str | None = None, work_order_id: str | None = None) -> Reservation:
    reservation = Reservation(
        id=Reservation.id_for(appointment_id=appointment_id, work_order_id=work_order_id),
        appointment_id=appointment_id,
        work_order_id=work_order_id,
        opened_at=work.now,
        visit_id=work.cause.correlationid if work.cause else None,
    )
    work.add(reservation)
    return reservation


def _sequence(work: Work) -> int:
    assert work.cause is not None, "a reservation follows facts"
    return work.cause.sequence
