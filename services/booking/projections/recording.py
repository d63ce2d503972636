"""Keeping the newest of what other services announced, in whatever order it comes."""

from chassis import Work
from chassis.wire.phones import phone_pieces
from chassis.wire.searching import forms
from contracts.crm.events import CustomerRecorded, InvitationMade, VehicleRecorded
from contracts.parts.events import PartsPrePicked, PriceListPublished
from contracts.shared import PART_NUMBER
from contracts.workshop.events import OperationsPublished
from services.booking.projections.catalogue import KnownOperation, KnownPart
from services.booking.projections.customer import KnownCustomer
from services.booking.projections.invitation import COUNTS_FOR, KnownInvitation
from services.booking.projections.pre_picked import PrePicked
from services.booking.projections.vehicle import KnownVehicle


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


def record_pre_picked(work: Work, event: PartsPrePicked) -> None:
    """Keep what is set aside for the appointment, unless a newer event was kept already."""
    facts = {"reserved": [one.dump() for one in event.reserved], "short": [one.dump() for one in event.short]}
    work.project(PrePicked, event.appointment_id, facts=facts)


def record_operations(work: Work, event: OperationsPublished) -> None:
    """Keep which operations there are."""
    if event.operation_codes:
        work.insert_new(KnownOperation, *({"code": code} for code in sorted(set(event.operation_codes))))


def record_parts(work: Work, event: PriceListPublished) -> None:
    """Keep which parts there are."""
    keys = {PART_NUMBER.key(part.part_number) for part in event.parts}
    if keys:
        work.insert_new(KnownPart, *({"number_key": key} for key in sorted(keys)))
