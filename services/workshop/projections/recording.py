"""Keeping what other services announced. The newest fact counts, in any order of arrival."""

from collections import Counter
from operator import itemgetter
from typing import Any

from chassis import Work, keep_staff
from chassis.wire.phones import phone_pieces
from chassis.wire.searching import forms
from contracts.billing.events import TaxRateSet
from contracts.booking.calendar_events import CalendarSet
from contracts.booking.events import AppointmentChanged
from contracts.crm.events import CustomerRecorded, VehicleRecorded
from contracts.gateway.events import AccountRecorded
from contracts.parts.events import PartsIssued, PartsReserved, PriceEntry, PriceListPublished, SlipSigned, SpecialOrderEvent
from contracts.parts.order_part_events import OrderPartEvent
from contracts.parts.supply_events import SupplyChanged
from contracts.shared import PART_NUMBER, PLATE
from services.workshop.projections.appointment import FollowedAppointment
from services.workshop.projections.awaited_part import AwaitedPart
from services.workshop.projections.customer import KnownCustomer
from services.workshop.projections.opening_hours import KnownOpening
from services.workshop.projections.order_parts import OrderParts
from services.workshop.projections.part_price import PartPrice
from services.workshop.projections.part_supply import KnownSupply
from services.workshop.projections.person import PersonAccount
from services.workshop.projections.slip import FollowedSlip
from services.workshop.projections.tax_rate import KnownTaxRate
from services.workshop.projections.vehicle import KnownVehicle


def record_staff(work: Work, event: AccountRecorded) -> None:
    """Keep who may work where, and who they are."""
    keep_staff(work, event)
    assert work.cause is not None, "an account is only ever learnt from an event"
    fact = {"id": work.cause.subject, "login": event.login, "sequence": work.cause.sequence}
    work.keep_newest(PersonAccount, {**fact, "staff_number": event.staff_number}, newer="sequence")


def record_customer(work: Work, event: CustomerRecorded) -> None:
    """Keep the customer's file."""
    customer = event.customer
    work.project(
        KnownCustomer,
        customer.customer_id,
        facts=customer.dump(),
        name_forms=forms(customer.name),
        phone_key=phone_pieces(customer.phone, work.profile.country)[0],
    )


def record_vehicle(work: Work, event: VehicleRecorded) -> None:
    """Keep the vehicle's file."""
    work.project(
        KnownVehicle,
        event.vehicle.vehicle_id,
        facts=event.vehicle.dump(),
        mileage=event.mileage,
        mileage_at=event.mileage_at,
        plate_key=PLATE.key(event.vehicle.plate),
    )


def keep_appointment(work: Work, event: AppointmentChanged) -> None:
    """Keep the appointment as it is now."""
    appointment = event.appointment
    work.project(
        FollowedAppointment,
        appointment.appointment_id,
        visit_id=work.cause.correlationid if work.cause else None,
        status=appointment.status,
        vehicle_id=appointment.vehicle.vehicle_id,
        facts=appointment.dump(),
    )


def record_tax_rate(work: Work, event: TaxRateSet) -> None:
    """Keep from which day on the rate holds."""
    work.project(KnownTaxRate, event.tax_rate_id, effective_on=event.effective_on, rate=event.rate)


def record_reservation(work: Work, event: PartsReserved) -> None:
    """Keep whether an order's parts are all there (Rule P3)."""
    short = [one.dump() for one in event.short]
    work.project(OrderParts, event.work_order_id, complete=not short, facts={"short": short})


def record_special_order(work: Work, event: SpecialOrderEvent) -> None:
    """Keep a special order as it is now."""
    facts = event.special_order
    work.project(AwaitedPart, facts.special_order_id, appointment_id=facts.appointment_id, facts=facts.dump())


def record_order_part(work: Work, event: OrderPartEvent) -> None:
    """Keep what an order waits for as it is now."""
    facts = event.order_part
    work.project(AwaitedPart, facts.order_part_id, appointment_id=facts.work_order_id, facts=facts.dump())


def record_prices(work: Work, event: PriceListPublished) -> None:
    """Keep the prices of this edition, except of parts that are known from a newer one (Rule P1)."""
    if event.parts:
        rows = sorted((_row(event.edition, part) for part in event.parts), key=itemgetter("number_key"))
        work.keep_newest(PartPrice, *rows, newer="edition")


def record_supply(work: Work, event: SupplyChanged) -> None:
    """Keep which parts have no stock and when they would come, except of those that were told of since (Rule W6)."""
    rows = {
        PART_NUMBER.key(one.part_number): {
            "edition": event.edition,
            "free": one.free,
            "expected_on": one.expected_on,
            "lead_time_days": one.lead_time_days,
        }
        for one in event.parts
    }
    if rows:
        work.keep_newest(KnownSupply, *({"number_key": key, **rows[key]} for key in sorted(rows)), newer="edition")


def follow_slip(work: Work, event: SlipSigned) -> None:
    """Keep what was handed out or taken back, and by whom."""
    issued = isinstance(event, PartsIssued)
    units: Counter[str] = Counter()
    for line in event.lines:
        units[line.line_id] += line.quantity.units if issued else -line.quantity.units
    hands = [name for name in (event.technician, event.handed_by) if name] if isinstance(event, PartsIssued) else []
    signed = None
    if event.document_hash is not None and event.signed_at is not None:
        signed = {"document_hash": event.document_hash, "signed_by": event.signed_by, "signed_at": event.signed_at.isoformat()}
        signed["means"] = event.means
    row = {"id": event.slip_id, "work_order_id": event.work_order_id, "hands": hands, "units": dict(units), "signature": signed}
    work.insert_new(FollowedSlip, row)


def _row(edition: int, part: PriceEntry) -> dict[str, Any]:
    return {
        "number_key": PART_NUMBER.key(part.part_number),
        "part_number": part.part_number,
        "edition": edition,
        "name_zh": part.name_zh,
        "name_en": part.name_en,
        "unit": part.unit,
        "list_price_minor": part.list_price.minor,
        "core_charge_minor": part.core_charge.minor if part.core_charge else 0,
        "currency": part.list_price.currency,
        "successor": part.successor,
        "source": part.source,
    }


def record_opening_hours(work: Work, event: CalendarSet) -> None:
    """Keep when the dealer is open (Rule W13)."""
    facts = {"opening": [one.dump() for one in event.opening], "closed_on": [one.isoformat() for one in event.closed_on]}
    work.project(KnownOpening, event.calendar_id, facts=facts)
