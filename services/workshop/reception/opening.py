"""Opening a work order, from an appointment or for a walk-in."""

from typing import cast

from sqlalchemy import select

from chassis import Invalid, NotYetKnown, Refused, Work, new_id
from contracts.booking.events import AppointmentFacts
from contracts.shared import CustomerFacts, TaxMode, VehicleFacts
from contracts.workshop.reception import OpenWorkOrder
from services.workshop.lane.escalating import LOCK, watch
from services.workshop.lane.lane_car import said_with
from services.workshop.lane.receiving import standing
from services.workshop.leg.driving import hand_to_order
from services.workshop.order import comeback
from services.workshop.order.mileage import refuse_doubtful_of
from services.workshop.order.number_series import next_number
from services.workshop.order.opened_for import HAS_ORDER
from services.workshop.order.promised import begin_waiting
from services.workshop.order.status import Status
from services.workshop.order.work_order import WorkOrder
from services.workshop.projections.appointment import BOOKED, FollowedAppointment
from services.workshop.projections.customer import KnownCustomer
from services.workshop.projections.vehicle import KnownVehicle

OPENABLE = ("confirmed", "arrived")
"""The car may stand at the desk before the event of its arrival has come from booking."""


def open_work_order(work: Work, command: OpenWorkOrder) -> WorkOrder:
    """Open a work order, for an appointment at most one that is not void (Rule B6). Its car leaves the lane (Rule W1).

    What was said at the gate is in the order, whatever the advisor types. The visit is the appointment's, or began in the lane,
    or begins.
    """
    work.advisory_lock(LOCK)
    if command.appointment_id is not None:
        if command.customer_id is not None or command.vehicle_id is not None:
            raise Invalid.field("appointment_id", "appointment_or_customer")
        taken = _take_appointment(work, command.appointment_id)
        facts = taken.appointment
        visit, complaint = taken.visit_id, command.complaint or facts.complaint
        chosen = _chosen(facts, command)
        customer = _customer(work, chosen.customer_id) or chosen
        vehicle = _vehicle(work, facts.vehicle.vehicle_id) or facts.vehicle
    else:
        customer, vehicle = _walk_in(work, command)
        visit, complaint = None, command.complaint
    in_lane = list(standing(work, vehicle))
    for car in in_lane:
        complaint = said_with(complaint, car.said_here)
    if complaint is None:
        raise Invalid.field("complaint", "needs_complaint")
    if not command.confirm_second_order:
        _refuse_second_order(work, vehicle.vehicle_id)
        if command.appointment_id is None:
            _refuse_beside_appointment(work, vehicle.vehicle_id)
    if command.mileage is not None:
        refuse_doubtful_of(work, vehicle, command.mileage, command.mileage_reason)
    profile = work.profile
    order = WorkOrder.open(
        number=next_number(work, profile.local(work.now)),
        visit_id=visit or (in_lane[0].visit_id if in_lane else None) or new_id(),
        appointment_id=command.appointment_id,
        customer=customer,
        vehicle=vehicle,
        complaint=complaint,
        advisor=work.actor,
        at=work.now,
        currency=profile.currency,
        tax_mode=cast("TaxMode", profile.tax_mode),
        mileage=command.mileage,
        mileage_reason=command.mileage_reason,
    )
    booked = [] if command.appointment_id is None else facts.operations
    comeback.look_for(work, order, {*booked, *command.operations})
    work.add(order)
    hand_to_order(work, order)
    if command.appointment_id is not None:
        begin_waiting(work, order)
    for car in in_lane:
        work.change(car)
        car.leave("taken_over", at=work.now, work_order_id=order.id)
        watch(work, car)
    return order


def _chosen(facts: AppointmentFacts, command: OpenWorkOrder) -> CustomerFacts:
    """Whose order it is: the car may be another's than who booked it (Rule B1). Raises Refused until that is said."""
    if facts.new_owner is None:
        return facts.customer
    if command.customer is None:
        raise Refused("car_of_another", field="customer", customer=facts.customer.name, owner=facts.new_owner.name)
    return facts.new_owner if command.customer == "new_owner" else facts.customer


def _take_appointment(work: Work, appointment_id: str) -> FollowedAppointment:
    # Locked: of two who open an order for it at once, the second one sees the first one's order.
    appointment = work.lock(FollowedAppointment, appointment_id)
    if appointment is None:
        raise NotYetKnown.reference("appointment_id", appointment_id)
    opened = work.first(
        select(WorkOrder.number).where(WorkOrder.appointment_id == appointment_id, WorkOrder.status != Status.VOID)
    )
    if opened is not None:
        raise Refused("appointment_has_order", work_order=opened)
    if appointment.status not in OPENABLE:
        raise Refused("appointment_not_open", status=appointment.status)
    return appointment


def _refuse_second_order(work: Work, vehicle_id: str) -> None:
    # Locked: of two who open an order for one car at once, the second one sees the first one's order.
    work.lock(KnownVehicle, vehicle_id)
    ended = (Status.DELIVERED, Status.CLOSED, Status.VOID)
    opened = work.first(
        select(WorkOrder.number).where(WorkOrder.vehicle_id == vehicle_id, WorkOrder.status.not_in(ended)).order_by(WorkOrder.id)
    )
    if opened is not None:
        raise Refused("car_has_open_order", work_order=opened)


def _refuse_beside_appointment(work: Work, vehicle_id: str) -> None:
    """Its appointment of today - or by which it is here - would be missed, and what was set aside for it twice (Rule B6).

    That of an earlier visit is over.
    """
    its = FollowedAppointment.vehicle_id == vehicle_id, FollowedAppointment.status.in_(("arrived", *BOOKED)), ~HAS_ORDER
    today = work.profile.local(work.now).date()
    for booked in work.all(select(FollowedAppointment).where(*its).order_by(FollowedAppointment.id)):
        starts_at = booked.appointment.starts_at
        if booked.status == "arrived" or work.profile.local(starts_at).date() == today:
            raise Refused("car_is_booked", starts_at=starts_at)


def _walk_in(work: Work, command: OpenWorkOrder) -> tuple[CustomerFacts, VehicleFacts]:
    missing = [field for field in ("customer_id", "vehicle_id") if getattr(command, field) is None]
    if missing:
        raise Invalid.fields({field: ["walk_in_needs_customer_and_vehicle"] for field in missing})
    assert command.customer_id is not None
    assert command.vehicle_id is not None
    customer, vehicle = _customer(work, command.customer_id), _vehicle(work, command.vehicle_id)
    if customer is None:
        raise NotYetKnown.reference("customer_id", command.customer_id)
    if vehicle is None:
        raise NotYetKnown.reference("vehicle_id", command.vehicle_id)
    return customer, vehicle


def _customer(work: Work, customer_id: str) -> CustomerFacts | None:
    known = work.find(KnownCustomer, customer_id)
    return None if known is None else known.customer


def _vehicle(work: Work, vehicle_id: str) -> VehicleFacts | None:
    known = work.find(KnownVehicle, vehicle_id)
    return None if known is None else known.vehicle
