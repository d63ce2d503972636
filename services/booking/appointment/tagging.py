"""Tags that the system finds by itself (Rule B6, docs/domain.md): of what booking keeps of others' facts, whoever asks or not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from chassis import Work
from contracts.booking.appointment import BookingChannel, TagReason
from contracts.crm.events import FollowUpCompleted
from contracts.workshop.comeback import EarlierRepair
from contracts.workshop.reception_events import ComebackFound
from services.booking.appointment.appointment import Appointment
from services.booking.appointment.clocks import keep_briefing_clock
from services.booking.appointment.occupancy import hold_places
from services.booking.appointment.second import LIVE
from services.booking.appointment.tags import is_tagged_otherwise, tag
from services.booking.appointment.twelve_months import a_year_before
from services.booking.projections import recording
from services.booking.projections.catalogue import KnownOperation
from services.booking.projections.comeback import KnownComeback
from services.booking.projections.follow_up import KnownFollowUp
from services.booking.projections.vehicle import KnownVehicle

NEAR_WARRANTY_END = timedelta(days=30)
DIAGNOSIS = "diagnosis"
"""The type of service, and the group of operations, for which tools are made ready."""


@dataclass(frozen=True)
class Coming:
    """What the tags of an appointment follow from."""

    channel: BookingChannel
    service_type: str
    operations: Collection[str]
    customer_id: str
    vehicle_id: str
    starts_at: datetime
    appointment_id: str | None = None

    @classmethod
    def of(cls, one: Appointment, *, operations: Collection[str] | None = None, starts_at: datetime | None = None) -> "Coming":
        """The appointment as it is, or will be with other operations or at another time."""
        return cls(
            channel=one.channel,
            service_type=one.service_type,
            operations=one.operations if operations is None else operations,
            customer_id=one.customer_id,
            vehicle_id=one.vehicle_id,
            starts_at=starts_at or one.starts_at,
            appointment_id=one.id,
        )


def found_tags(work: Work, coming: Coming) -> list[TagReason]:
    """The tags that follow from what is known now, each with its reason."""
    found = [] if coming.channel == "walk_in" else [TagReason(tag="booked", because="booked_ahead")]
    groups = _groups(work, coming.operations)
    code = next((code for code, group in groups.items() if group.casefold() == DIAGNOSIS), None)
    if coming.service_type == DIAGNOSIS:
        found.append(TagReason(tag="diagnosis", because="service_type"))
    elif code is not None:
        found.append(TagReason(tag="diagnosis", because="operation", operation_code=code))
    found.extend(_comeback(work, coming, set(groups.values())))
    found.extend(_near_warranty_end(work, coming))
    found.extend(_complaint_customer(work, coming))
    return found


def record_comeback(work: Work, event: ComebackFound) -> None:
    """Keep the comeback; the appointment it was found for says so."""
    recording.record_comeback(work, event)
    if event.appointment_id is not None:
        _tag_again(work, Appointment.id == event.appointment_id)


def tag_car_again(work: Work, vehicle_id: str) -> None:
    """After its file was kept: its appointments say so if its warranty ends soon."""
    _tag_again(work, Appointment.vehicle_id == vehicle_id)


def record_follow_up(work: Work, event: FollowUpCompleted) -> None:
    """Keep what the customer said; their appointments say so if something was wrong."""
    recording.record_follow_up(work, event)
    if event.customer_id is not None:
        _tag_again(work, Appointment.customer_id == event.customer_id)


def _tag_again(work: Work, whose: ColumnElement[bool]) -> None:
    """Appointments whose car is to come, or is here without an order, have the tags that follow from what is known now."""
    ids = work.all(select(Appointment.id).where(whose, Appointment.status.in_(LIVE)).order_by(Appointment.id))
    if ids:
        hold_places(work)
    for one in ids:
        appointment = work.lock_root(Appointment, one)
        found = found_tags(work, Coming.of(appointment))
        if appointment.status in LIVE and is_tagged_otherwise(appointment, found):
            work.change(appointment)
            tag(appointment, found)
            keep_briefing_clock(work, appointment)


def _groups(work: Work, codes: Collection[str]) -> dict[str, str]:
    """The kinds of work that these operations are, in the order in which they are booked."""
    if not codes:
        return {}
    rows = work.execute(select(KnownOperation.code, KnownOperation.operation_group).where(KnownOperation.code.in_(codes)))
    group = {row.code: row.operation_group for row in rows}
    return {code: group[code] for code in codes if group.get(code)}


def _comeback(work: Work, coming: Coming, groups: Collection[str]) -> list[TagReason]:
    """Workshop found it for this appointment; it is one as long as that kind of work is booked, within its repair warranty."""
    if coming.appointment_id is None or not groups:
        return []
    kept = work.execute(select(KnownComeback.facts).where(KnownComeback.appointment_id == coming.appointment_id))
    repairs = sorted((EarlierRepair.load(row.facts) for row in kept), key=lambda one: (one.operation_group, one.delivered_at))
    return [
        TagReason(
            tag="comeback",
            because="repair_warranty",
            operation_group=one.operation_group,
            dealer=one.dealer,
            order_number=one.order_number,
            on=work.profile.local(one.warranted_until).date(),
        )
        for one in repairs
        if one.operation_group in groups and one.warranted_until >= coming.starts_at
    ]


def _near_warranty_end(work: Work, coming: Coming) -> list[TagReason]:
    end = work.first(select(KnownVehicle.warranty_end).where(KnownVehicle.id == coming.vehicle_id))
    day = work.profile.local(coming.starts_at).date()
    if end is None or not day <= end <= day + NEAR_WARRANTY_END:
        return []
    return [TagReason(tag="near_warranty_end", because="warranty_end", on=end)]


def _complaint_customer(work: Work, coming: Coming) -> list[TagReason]:
    since = KnownFollowUp.completed_at > a_year_before(coming.starts_at)
    said = select(KnownFollowUp.completed_at).where(
        KnownFollowUp.customer_id == coming.customer_id, KnownFollowUp.dissatisfied, since
    )
    last = work.first(said.order_by(KnownFollowUp.completed_at.desc()))
    if last is None:
        return []
    return [TagReason(tag="complaint_customer", because="dissatisfied", on=work.profile.local(last).date())]
