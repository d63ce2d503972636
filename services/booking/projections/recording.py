"""Keeping the newest of what other services announced, in whatever order it comes."""

from chassis import Money, Work
from chassis.wire.phones import phone_pieces
from chassis.wire.searching import forms
from contracts.billing.events import DepositTaken, PaymentRefunded
from contracts.crm.events import CustomerRecorded, FollowUpCompleted, InvitationMade, VehicleRecorded
from contracts.parts.events import PartsPrePicked, PriceListPublished, SpecialOrderEvent
from contracts.shared import PART_NUMBER, PLATE
from contracts.workshop.events import OperationsPublished, WorkOrderEvent, WorkOrderOpened, WorkOrderVoided
from contracts.workshop.leg_events import LegChanged
from contracts.workshop.reception_events import ComebackFound
from services.booking.projections.catalogue import KnownOperation, KnownPart
from services.booking.projections.comeback import KnownComeback
from services.booking.projections.customer import KnownCustomer
from services.booking.projections.deposit import KnownDeposit
from services.booking.projections.follow_up import KnownFollowUp
from services.booking.projections.invitation import COUNTS_FOR, KnownInvitation
from services.booking.projections.leg import KnownLeg
from services.booking.projections.order import EndedOrder, KnownOrder
from services.booking.projections.pre_picked import PrePicked
from services.booking.projections.special_order import KnownSpecialOrder
from services.booking.projections.vehicle import KnownVehicle

DISSATISFIED = 2
"""Of five points of satisfaction."""


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep the customer, unless a newer event was kept already."""
    customer = event.customer
    work.project(
        KnownCustomer,
        customer.customer_id,
        name=customer.name,
        name_forms=forms(customer.name),
        phone=customer.phone,
        phone_key=phone_pieces(customer.phone, work.profile.country)[0],
        email=customer.email,
        preferred_channel=customer.preferred_channel,
    )


def record_vehicle(work: Work, event: VehicleRecorded) -> None:
    """Keep the vehicle, unless a newer event was kept already."""
    vehicle = event.vehicle
    work.project(
        KnownVehicle,
        vehicle.vehicle_id,
        customer_id=event.customer_id,
        vin=vehicle.vin,
        plate=vehicle.plate,
        make=vehicle.make,
        model=vehicle.model,
        warranty_end=event.warranty_end,
    )


def record_invitation(work: Work, event: InvitationMade) -> None:
    """Keep which car was invited, how and when."""
    work.project(
        KnownInvitation,
        event.invitation_id,
        vehicle_id=event.vehicle_id,
        channel=event.channel,
        invited_at=event.invited_at,
        counts_until=event.invited_at + COUNTS_FOR,
    )


def record_comeback(work: Work, event: ComebackFound) -> None:
    """Keep what was found, and for which appointment."""
    work.project(KnownComeback, event.comeback_id, appointment_id=event.appointment_id, facts=event.repair.dump())


def record_follow_up(work: Work, event: FollowUpCompleted) -> None:
    """Keep what a customer said after a delivery: a problem, or hardly a point of five, is dissatisfied."""
    few = event.satisfaction is not None and event.satisfaction <= DISSATISFIED
    work.project(
        KnownFollowUp,
        event.follow_up_id,
        customer_id=event.customer_id,
        outcome=event.outcome,
        satisfaction=event.satisfaction,
        dissatisfied=few or event.outcome == "problem",
        completed_at=work.happened_at,
    )


def record_special_order(work: Work, event: SpecialOrderEvent) -> None:
    """Keep a special order as it is now, unless a newer event was kept already."""
    facts = event.special_order
    work.project(KnownSpecialOrder, facts.special_order_id, appointment_id=facts.appointment_id, facts=facts.dump())


def record_deposit(work: Work, event: DepositTaken) -> None:
    """Keep what was put down for an appointment, each payment once."""
    _keep_deposit(work, event.payment_id, event.appointment_id, event.amount, 1)


def record_refund(work: Work, event: PaymentRefunded) -> None:
    """Keep what was given back of what was put down for an appointment, each refund once."""
    _keep_deposit(work, event.payment_id, event.appointment_id, event.amount, -1)


def follow_leg(work: Work, event: LegChanged) -> None:
    """Keep whether the appointment's car is fetched or brought back, and when."""
    leg = event.leg
    work.project(
        KnownLeg,
        leg.leg_id,
        appointment_id=leg.appointment_id,
        direction=leg.direction,
        trip=leg.trip,
        state=leg.leg_state,
        collected=leg.collected,
        facts=leg.dump(),
    )


def record_order(work: Work, event: WorkOrderOpened) -> None:
    """Keep whose order it is, and of which car."""
    whose = {"customer_id": event.customer.customer_id, "vehicle_id": event.vehicle.vehicle_id}
    work.project(KnownOrder, event.work_order_id, **whose, plate_key=PLATE.key(event.vehicle.plate))


def end_order(work: Work, event: WorkOrderEvent) -> None:
    """Keep that the order is void, or closed."""
    work.project(EndedOrder, event.work_order_id, void=isinstance(event, WorkOrderVoided))


def record_pre_picked(work: Work, event: PartsPrePicked) -> None:
    """Keep what is set aside for the appointment, unless a newer event was kept already."""
    facts = {"reserved": [one.dump() for one in event.reserved], "short": [one.dump() for one in event.short]}
    work.project(PrePicked, event.appointment_id, facts=facts)


def record_operations(work: Work, event: OperationsPublished) -> None:
    """Keep which operations there are, and what kind of work they are by the newest publication: ids grow with time."""
    assert work.cause is not None, "it is only ever called with an event"
    groups = {one.operation_code: one.operation_group for one in event.operations}
    if groups:
        rows = [{"code": code, "operation_group": groups[code], "publication": work.cause.subject} for code in sorted(groups)]
        work.keep_newest(KnownOperation, *rows, newer="publication")


def record_parts(work: Work, event: PriceListPublished) -> None:
    """Keep which parts there are, and whether they are counted, by the newest edition."""
    units = {PART_NUMBER.key(part.part_number): part.unit for part in event.parts}
    if units:
        rows = [{"number_key": key, "unit": units[key], "edition": event.edition} for key in sorted(units)]
        work.keep_newest(KnownPart, *rows, newer="edition")


def _keep_deposit(work: Work, payment_id: str, appointment_id: str | None, amount: Money, sign: int) -> None:
    if appointment_id is not None:
        row = {"id": payment_id, "appointment_id": appointment_id, "amount_minor": sign * amount.minor}
        work.insert_new(KnownDeposit, {**row, "currency": amount.currency})
