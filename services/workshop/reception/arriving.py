"""What booking says of an appointment, and what that means for the lane: a booked car that arrived is in it (Rules B6, W1)."""

from sqlalchemy import or_, select

from chassis import Prefetch, Work
from contracts.booking.events import (
    AppointmentAmended,
    AppointmentArrived,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMissed,
    AppointmentRescheduled,
)
from services.workshop.lane.escalating import LOCK, watch
from services.workshop.lane.lane_car import LaneCar
from services.workshop.lane.receiving import standing
from services.workshop.lane.settings import ReceptionSettings
from services.workshop.leg import planning as legs
from services.workshop.leg.leg import Leg
from services.workshop.order import comeback
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.recording import keep_appointment


def prefetch(batch: Prefetch[AppointmentChanged]) -> None:
    """The lanes' locks, in the order of the dealers: two batches of the same dealers do not block each other."""
    if any(isinstance(event, AppointmentArrived | AppointmentCancelled) for _, event in batch.received):
        batch.advisory_locks(LOCK)


def follow_appointment(work: Work, event: AppointmentChanged) -> None:
    """Keep the appointment as it is now, in any order, and say if its work comes back.

    Its car enters the lane once with each arrival, and leaves it if cancelled; its legs follow it (Rule B14), also to a corrected
    file.
    """
    keep_appointment(work, event)
    comeback.look_for_booked(work, event.appointment, work.cause.correlationid if work.cause else None)
    if isinstance(event, AppointmentArrived):
        _enter(work, event)
    elif isinstance(event, AppointmentCancelled):
        _leave(work, event)
    if isinstance(event, AppointmentAmended):
        _amend(work, event.appointment.appointment_id)
    if isinstance(event, AppointmentRescheduled | AppointmentCancelled | AppointmentMissed):
        legs.follow(work, event.appointment.appointment_id)


def _enter(work: Work, event: AppointmentArrived) -> None:
    assert work.cause is not None, "it is only ever called with an event"
    facts = event.appointment
    work.advisory_lock(LOCK)
    known = work.lock(FollowedAppointment, facts.appointment_id)
    here_since = or_(LaneCar.left_at.is_(None), LaneCar.left_at >= work.cause.time)
    came_before = work.first(select(LaneCar.id).where(LaneCar.appointment_id == facts.appointment_id, here_since)) is not None
    if known is None or known.status != "arrived" or came_before:
        return
    taken_on = or_(WorkOrder.status != Status.VOID, WorkOrder.opened_at >= work.cause.time)
    if work.first(select(WorkOrder.id).where(WorkOrder.appointment_id == facts.appointment_id, taken_on)) is not None:
        return  # whoever opened the order did not wait for word of the arrival
    there = standing(work, facts.vehicle)
    if there:
        work.change(there[0])
        there[0].book(facts)
        return
    car = LaneCar.enter(
        facts.vehicle.plate,
        work.settings(ReceptionSettings),
        at=work.cause.time,
        id=LaneCar.of_arrival(facts.appointment_id, work.cause.sequence),
        visit_id=work.cause.correlationid,
        vehicle_id=facts.vehicle.vehicle_id,
        appointment_id=facts.appointment_id,
        customer_name=facts.customer.name,
        complaint=facts.complaint,
    )
    work.add(car)
    watch(work, car)


def _amend(work: Work, appointment_id: str) -> None:
    # Kept just now, so nobody plans a leg of it meanwhile who would not find it so.
    facts = work.get(FollowedAppointment, appointment_id).appointment
    legs.know(work, Leg.appointment_id == appointment_id, facts.customer.dump(), facts.vehicle.plate)
    booked = LaneCar.appointment_id == appointment_id
    car = work.first(select(LaneCar).where(booked, LaneCar.left_at.is_(None)).with_for_update())
    if car is not None and not car.is_booked(facts):
        work.change(car)
        car.book(facts)


def _leave(work: Work, event: AppointmentCancelled) -> None:
    work.advisory_lock(LOCK)
    booked = LaneCar.appointment_id == event.appointment.appointment_id
    car = work.first(select(LaneCar).where(booked, LaneCar.left_at.is_(None)).with_for_update())
    if car is not None:
        work.change(car)
        car.leave("appointment_cancelled", at=work.now, reason=event.reason)
        watch(work, car)
