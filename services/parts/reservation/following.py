"""Following appointments and work orders (Rules B6, P3): what they want is set aside, moved, or free again.

Their events come in any order: each reservation keeps the sequence of the newest it has followed.
"""

from collections.abc import Collection
from dataclasses import replace

from chassis import NotYet, Work
from contracts.booking.events import (
    AppointmentArrived,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMissed,
)
from contracts.parts.events import PriceListPublished
from contracts.shared import PART_NUMBER, PartRequest
from contracts.workshop.events import (
    WorkApproved,
    WorkDeclined,
    WorkOrderEvent,
    WorkOrderOpened,
    WorkOrderVoided,
    WorkWithdrawn,
)
from contracts.workshop.promise_events import PromiseRevised
from services.parts.catalogue.part import numbers_of, supersessions_of
from services.parts.purchasing.supply import tell_supply
from services.parts.reservation.finding import known_reservation, reservation_for
from services.parts.reservation.losing import hand_losses_on
from services.parts.reservation.queue import choose_again, share_out, waiting_for
from services.parts.reservation.request import rest_of
from services.parts.reservation.reservation import Reservation
from services.parts.reservation.settling import settle
from services.parts.stock.stock import open_stock
from services.parts.task.task import PartsTask


def follow_appointment(work: Work, event: AppointmentChanged) -> None:
    """Pre-pick what the booked car needs, or give it up; on arrival the pick list says that the car is here.

    Who is on the wait list has no place yet, and nothing is set aside.
    """
    open_stock(work)
    appointment = event.appointment
    reservation = reservation_for(work, appointment_id=appointment.appointment_id)
    if _sequence(work) <= reservation.sequence:
        return
    reservation.sequence = _sequence(work)
    reservation.plate, reservation.customer_id = appointment.vehicle.plate, appointment.customer.customer_id
    reservation.needed_at = appointment.starts_at
    reservation.tag_date = work.profile.local(appointment.starts_at).date()
    if isinstance(event, AppointmentArrived):
        reservation.arrived_at, reservation.bay = work.happened_at, event.bay
    elif appointment.status not in ("arrived", "fulfilled"):
        reservation.arrived_at = reservation.bay = None  # it was sent on, and comes another time
    if reservation.state == "moved" and not _is_void(work, reservation.moved_to):
        return
    if isinstance(event, AppointmentCancelled | AppointmentMissed) or appointment.status == "wait_listed":
        _release(work, reservation)
    else:
        reservation.state = "open"
        _want(work, reservation, appointment.parts, approved=False)
    settle(work, reservation)


def follow_work_order(work: Work, event: WorkOrderEvent) -> None:
    """Set aside what is approved: the difference to what the appointment and earlier approvals brought.

    What was booked and is declined is free, and nobody's special order any more.
    """
    open_stock(work)
    reservation = reservation_for(work, work_order_id=event.work_order_id)
    if isinstance(event, WorkOrderVoided):
        _void(work, reservation)
        return
    if isinstance(event, WorkOrderOpened):
        reservation.plate, reservation.order_number = event.vehicle.plate, event.number
        reservation.customer_id = event.customer.customer_id
    if isinstance(event, WorkOrderOpened | WorkApproved | WorkDeclined) and event.appointment_id is not None:
        _take_over(work, reservation, event.appointment_id)
    if (
        isinstance(event, WorkApproved | WorkDeclined | WorkWithdrawn)
        and _sequence(work) > reservation.sequence
        and reservation.state != "released"
    ):
        reservation.sequence = _sequence(work)
        if isinstance(event, WorkApproved | WorkWithdrawn):
            reservation.promise(event.promised_at, as_of=work.happened_at)
        if event.parts is not None:
            _want(work, reservation, event.parts, approved=True)
        elif isinstance(event, WorkDeclined) and event.appointment_id is not None:
            _keep_the_rest(work, reservation, event)
    settle(work, reservation)


def follow_promise(work: Work, event: PromiseRevised) -> None:
    """The customer was told another time (Rule W18): what the order waits for is needed by then."""
    open_stock(work)
    reservation = reservation_for(work, work_order_id=event.work_order_id)
    reservation.promise(event.promised_at, as_of=work.happened_at)
    settle(work, reservation)


def follow_supersession(work: Work, event: PriceListPublished) -> None:
    """Who waits for a part that was superseded now waits for its successor, or gets what is left of the old one (Rule P1).

    Who waited for a part before the catalogue had it waits for it as the catalogue spells it.
    """
    numbers = {number for part in event.parts if part.successor is not None for number in (part.part_number, part.successor)}
    numbers |= {key for part in event.parts if (key := PART_NUMBER.key(part.part_number)) != part.part_number}
    if numbers:
        open_stock(work)
        for reservation in waiting_for(work, numbers):
            choose_again(work, reservation)
        tell_supply(work, (part.part_number for part in event.parts if part.successor is not None))


def _void(work: Work, reservation: Reservation) -> None:
    """Nothing more is done to the car: what was issued must come back."""
    if reservation.state == "open":
        for line in reservation.lines:
            if line.issued_units:
                work.add(
                    PartsTask(
                        kind="return_surplus",
                        state="open",
                        work_order_id=reservation.work_order_id,
                        order_number=reservation.order_number,
                        plate=reservation.plate,
                        revision=0,
                        line_id=line.line_id,
                        part_number=line.number,
                        quantity_units=line.issued_units,
                        opened_at=work.now,
                        visit_id=reservation.visit_id,
                    )
                )
    _release(work, reservation)
    settle(work, reservation)


def _release(work: Work, reservation: Reservation) -> None:
    stock = open_stock(work, reservation.numbers)
    share_out(work, stock, reservation.release(stock))


def _take_over(work: Work, reservation: Reservation, appointment_id: str) -> None:
    appointment = known_reservation(work, appointment_id=appointment_id)
    if appointment is None:
        raise NotYet(f"appointment {appointment_id} is not known here yet", waits_for=appointment_id)
    if appointment.state == "moved" and appointment.moved_to != reservation.work_order_id:
        if reservation.state == "released":
            return  # it was void before it was heard of, and the next order has everything
        _give_back(work, appointment)
    stock = open_stock(work, appointment.numbers | reservation.numbers)
    freed = reservation.take_over(appointment, stock)
    hand_losses_on(work, appointment, reservation)
    share_out(work, stock, freed)


def _give_back(work: Work, appointment: Reservation) -> None:
    """The order it became is void, and it becomes another one: it wants what was booked, as if there had been none."""
    if not _is_void(work, appointment.moved_to):
        raise NotYet(
            f"the first order of appointment {appointment.appointment_id} is not void yet", waits_for=appointment.moved_to
        )
    appointment.state = "open"
    _want(work, appointment, appointment.requests(), approved=False)
    settle(work, appointment)


def _is_void(work: Work, work_order_id: str | None) -> bool:
    order = known_reservation(work, work_order_id=work_order_id)
    return order is not None and order.state == "released"


def _keep_the_rest(work: Work, reservation: Reservation, event: WorkDeclined) -> None:
    """Nothing is approved yet: what was booked and is not declined is still set aside."""
    booked = known_reservation(work, appointment_id=event.appointment_id)
    assert booked is not None, "the order took it over"
    requests = booked.requests()
    catalogue = numbers_of(work, (part.part_number for part in event.not_wanted))
    declined = [replace(part, part_number=catalogue.of(part.part_number)) for part in event.not_wanted]
    successors = supersessions_of(work, {part.part_number for part in requests})
    _want(work, reservation, rest_of(requests, declined, successors), approved=False)


def _want(work: Work, reservation: Reservation, parts: Collection[PartRequest], *, approved: bool) -> None:
    catalogue = numbers_of(work, (part.part_number for part in parts))
    wanted = [replace(part, part_number=catalogue.of(part.part_number)) for part in parts]
    asked_for = {part.part_number for part in wanted}
    successors = supersessions_of(work, asked_for)
    stock = open_stock(work, asked_for | successors.keys() | set(successors.values()) | reservation.numbers)
    share_out(work, stock, reservation.want(wanted, stock, successors, approved=approved))


def _sequence(work: Work) -> int:
    assert work.cause is not None, "a reservation follows events"
    return work.cause.sequence
