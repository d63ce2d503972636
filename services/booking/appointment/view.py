"""An appointment as it is told: to other services, and to who asks."""

from typing import TYPE_CHECKING

from chassis import Money
from contracts.booking import appointment as contract
from contracts.booking.events import AppointmentFacts, AppointmentFulfilled, AppointmentStatus, ServiceName
from contracts.parts.events import SpecialOrderFacts
from contracts.shared import CustomerFacts, PartRequest, VehicleFacts
from contracts.workshop.leg_events import LegFacts
from services.booking.appointment.wanted import parts_state
from services.booking.projections.special_order import is_late

if TYPE_CHECKING:
    from services.booking.appointment.appointment import Appointment

TO_COME = ("requested", "confirmed", "wait_listed", "arrived")


def facts_of(one: "Appointment") -> AppointmentFacts:
    """The appointment as other services need to know it."""
    return AppointmentFacts(
        appointment_id=one.id,
        status=one.status,
        service_type=one.service_type,
        service_name=None if one.service_name is None else ServiceName.load(one.service_name),
        starts_at=one.starts_at,
        customer=CustomerFacts.load(one.customer),
        vehicle=VehicleFacts.load(one.vehicle),
        new_owner=new_owner_of(one),
        complaint=one.complaint,
        operations=one.operations,
        parts=wanted_parts(one),
        advisor=one.advisor,
        waiting=one.waiting,
        expected_pick_up_at=one.expected_pick_up_at,
        deposit_asked=_money(one, one.deposit_asked_minor),
        tags=one.tags,
    )


def fulfilled_of(one: "Appointment", before: AppointmentStatus) -> AppointmentFulfilled:
    """That its order was opened, and what was not so before: `before` is what it was until then."""
    assert one.work_order_id is not None, "an order fulfils it"
    missing = one.loaner and one.loan_id is None
    return AppointmentFulfilled(
        appointment=facts_of(one),
        work_order_id=one.work_order_id,
        was_missed=before == "no_show",
        loaner_missing=missing,
    )


def answer_of(one: "Appointment") -> contract.Appointment:
    """The appointment as it is answered."""
    assert one.visit_id is not None, "booking begins the visit"
    wants_parts = one.parts and one.status in TO_COME and not one.void_orders  # which took over what was set aside, and freed it
    state, short = parts_state(wanted_parts(one), one.pre_picked) if wants_parts else (None, [])
    open_orders = [kept.special_order for kept in one.special_orders] if wants_parts else []
    return contract.Appointment(
        id=one.id,
        version=one.version,
        updated_at=one.updated_at,
        visit_id=one.visit_id,
        status=one.status,
        channel=one.channel,
        service_type=one.service_type,
        service_name=None if one.service_name is None else ServiceName.load(one.service_name),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        has_place=one.has_place,
        held_until=one.held_until,
        answer_by=one.answer_by,
        answered_at=one.answered_at,
        customer=CustomerFacts.load(one.customer),
        vehicle=VehicleFacts.load(one.vehicle),
        new_owner=new_owner_of(one),
        complaint=one.complaint,
        operations=one.operations,
        parts=wanted_parts(one),
        parts_state=state,
        short=short,
        special_orders=[_ordered(order) for order in open_orders if order.state == "open"],
        advisor=one.advisor,
        waiting=one.waiting,
        loaner=one.loaner,
        loan_id=one.loan_id,
        expected_pick_up_at=one.expected_pick_up_at,
        dropped_pick_up_at=one.dropped_pick_up_at,
        acceptable_price=_money(one, one.acceptable_price_minor),
        estimated_cost=_money(one, one.estimated_cost_minor),
        estimated_minutes=one.estimated_minutes,
        deposit_asked=_money(one, one.deposit_asked_minor),
        deposit_due=_due(one),
        pick_up_leg=None if one.pick_up_leg is None else LegFacts.load({**one.pick_up_leg, "plate": one.vehicle["plate"]}),
        tags=one.tags,
        tag_reasons=[contract.TagReason.load(reason) for reason in one.tag_reasons],
        reason=one.reason,
        bay=one.bay,
        arrived_at=None if one.status == "confirmed" else one.arrived_at,  # it was sent on, and is to come again
        work_order_id=one.work_order_id,
    )


def new_owner_of(one: "Appointment") -> CustomerFacts | None:
    """Whose the car is by now, while nobody has chosen what follows from that."""
    return None if one.new_owner is None or one.status not in TO_COME else CustomerFacts.load(one.new_owner)


def wanted_parts(one: "Appointment") -> list[PartRequest]:
    """The booked parts, line by line."""
    return [PartRequest.load(part) for part in one.parts]


def _ordered(order: SpecialOrderFacts) -> contract.BookedSpecialOrder:
    return contract.BookedSpecialOrder(
        special_order_id=order.special_order_id,
        asked_for=order.asked_for,
        quantity=order.quantity,
        expected_on=order.expected_on,
        late=is_late(order),
    )


def _due(one: "Appointment") -> Money | None:
    if one.deposit_asked_minor is None or one.status not in TO_COME:
        return None
    missing = one.deposit_asked_minor - one.deposit_paid_minor
    return _money(one, missing) if missing > 0 else None


def _money(one: "Appointment", minor: int | None) -> Money | None:
    return None if minor is None else Money(minor, one.currency)
